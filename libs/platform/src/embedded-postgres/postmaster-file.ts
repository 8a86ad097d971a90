import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { exists, isAlive, worksIn } from './process-identity';

/** What a running (or killed) server wrote into `postmaster.pid`. */
export interface PostmasterFile {
  pid: number;
  /** Undefined while the server has only begun to start. */
  port: number | undefined;
}

export function readPostmasterFile(cluster: string): PostmasterFile | undefined {
  let lines: string[];
  try {
    lines = readFileSync(join(cluster, 'postmaster.pid'), 'utf8').split('\n');
  } catch {
    return undefined;
  }
  const pid = Number(lines[0]);
  const port = Number(lines[3]);
  if (!Number.isInteger(pid) || pid <= 0) return undefined;
  return { pid, port: Number.isInteger(port) && port > 0 ? port : undefined };
}

/** The server that this file names may still run: its process exists and, where the system tells, works in the cluster. */
export function mayBeRunning(file: PostmasterFile, cluster: string): boolean {
  return isAlive(file.pid) && worksIn(file.pid, cluster) !== false;
}

/**
 * Removes a file whose process id is taken by something that is not the server (ids start over after a reboot and in every container,
 * and a container without an init keeps the dead). PostgreSQL itself would refuse to start.
 */
export function removeIfForeign(file: PostmasterFile, cluster: string): boolean {
  if (!exists(file.pid) || mayBeRunning(file, cluster)) return false;
  rmSync(join(cluster, 'postmaster.pid'), { force: true });
  return true;
}
