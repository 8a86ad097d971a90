import { spawnSync } from 'node:child_process';
import { readFileSync, readlinkSync, realpathSync } from 'node:fs';

/** True when a process with this id runs, also when it belongs to somebody else. A dead one that nobody collected does not run. */
export function isAlive(pid: number): boolean {
  return exists(pid) && !['Z', 'X'].includes(statFields(pid)[0] ?? '');
}

/** True when the id is taken, be it by a zombie: in containers without an init, orphans are never collected. */
export function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/**
 * `<pid>@<start time>`: names one process and not a later one that got the same id (ids start over in every container and after a
 * reboot). Where the start time cannot be read, it is only the id.
 */
export function processIdentity(pid: number): string {
  return `${pid}@${startTime(pid)}`;
}

/** True when the process that {@link processIdentity} named still runs. */
export function isSameProcessAlive(identity: string): boolean {
  const [rawPid = '', recorded = ''] = identity.split('@');
  const pid = Number(rawPid);
  if (!Number.isInteger(pid) || pid <= 0 || !isAlive(pid)) return false;
  return recorded === '' || recorded === startTime(pid);
}

/**
 * Whether the process works in this directory (PostgreSQL changes into its data directory) or, on macOS, was started with it as an
 * argument. Undefined where the system does not tell.
 */
export function worksIn(pid: number, directory: string): boolean | undefined {
  if (process.platform === 'darwin') {
    const { stdout, status } = spawnSync('ps', ['-ww', '-o', 'command=', '-p', String(pid)], {
      encoding: 'utf8',
      timeout: 2000,
    });
    return status === 0 ? stdout.includes(directory) : undefined;
  }
  if (process.platform !== 'linux') return undefined;
  try {
    return readlinkSync(`/proc/${pid}/cwd`) === realpathSync(directory);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? false : undefined;
  }
}

function startTime(pid: number): string {
  // Field 22 of the file, which makes it the 20th after the command name.
  if (process.platform === 'linux') return statFields(pid)[19] ?? '';
  if (process.platform === 'darwin') {
    const { stdout } = spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8', timeout: 2000 });
    return (stdout ?? '').trim().replace(/[^A-Za-z0-9]+/g, '-');
  }
  return '';
}

/** `/proc/<pid>/stat` from the state on; the command name before it may contain spaces and parentheses. */
function statFields(pid: number): string[] {
  if (process.platform !== 'linux') return [];
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return [];
  }
}
