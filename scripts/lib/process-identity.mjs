// libs/platform/src/embedded-postgres/process-identity.ts says the same in TypeScript; this runs before anything is built.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';

/** `/proc/<pid>/stat` from the state on; the command name before it may contain spaces and parentheses. */
function statFields(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return [];
  }
}

/** When the process started, in whatever way the system tells it; '' where it does not. */
function startTime(pid) {
  if (process.platform === 'linux') return statFields(pid)[19] ?? '';
  if (process.platform !== 'darwin') return '';
  const { stdout } = spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8', timeout: 2000 });
  return (stdout ?? '').trim();
}

/** Runs, and is not a dead one that nobody collected. */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (error.code !== 'EPERM') return false;
  }
  return process.platform !== 'linux' || !['Z', 'X'].includes(statFields(pid)[0]);
}

/** Names one process, and not a later one that got the same id; ids start over after a reboot and in every container. */
export const identityOf = (pid) => ({ host: hostname(), pid, startedAt: startTime(pid) });

/** Whether the process that {@link identityOf} named still runs; undefined when it is one of another machine or container. */
export function isRunning({ host, pid, startedAt }) {
  if (host !== hostname()) return undefined;
  return isAlive(pid) && (startedAt === '' || startedAt === startTime(pid));
}
