import { readdirSync } from 'node:fs';
import { isAlive, worksIn } from './process-identity';

/** Processes of a server whose postmaster was killed; they hold the shared memory until they notice. Linux only, else none. */
export function leftoverProcesses(cluster: string): number[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => pid !== process.pid && worksIn(pid, cluster) === true && isAlive(pid));
}

/** Ends them without ceremony: their server is gone, so what they do can no longer be committed. */
export function endLeftovers(cluster: string): number[] {
  const pids = leftoverProcesses(cluster);
  for (const pid of pids) {
    try {
      process.kill(pid, 'SIGQUIT');
    } catch {
      // It ended by itself, or it is somebody else's; then the deadline of the start explains.
    }
  }
  return pids;
}
