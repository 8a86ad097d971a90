import { existsSync, statSync, type Stats } from 'node:fs';
import { dirname, resolve } from 'node:path';

/** Ids that PostgreSQL's processes get when the application runs as root, which PostgreSQL refuses. */
export interface RunAs {
  uid: number;
  gid: number;
}

/** `nobody` on Linux and macOS (as an unsigned number there). */
const NOBODY: RunAs =
  process.platform === 'darwin' ? { uid: 4_294_967_294, gid: 4_294_967_294 } : { uid: 65_534, gid: 65_534 };

/**
 * Who runs PostgreSQL: nobody special for an ordinary user (undefined). For root: whoever owns an existing cluster, else the owner of
 * the data directory, else `nobody`.
 */
export function chooseRunAs(clusterParent: string, dataDir: string): RunAs | undefined {
  if (process.getuid?.() !== 0) return undefined;
  for (const path of [clusterParent, dataDir]) {
    if (!existsSync(path)) continue;
    const { uid, gid } = statSync(path);
    if (uid !== 0) return { uid, gid };
  }
  return NOBODY;
}

/** Whether these ids may read the path: the permission bits of the path and of every folder above it. */
export function canRead(who: RunAs, path: string): boolean {
  const absolute = resolve(path);
  if (!existsSync(absolute) || !grants(who, statSync(absolute), 4)) return false;
  return canReach(who, dirname(absolute));
}

/** Whether these ids may pass through the folder, so that they can open what lies in it. */
export function canReach(who: RunAs, folder: string): boolean {
  for (let current = resolve(folder); ; current = dirname(current)) {
    if (existsSync(current) && !grants(who, statSync(current), 1)) return false;
    if (current === dirname(current)) return true;
  }
}

function grants(who: RunAs, stats: Stats, bit: 1 | 4): boolean {
  const shift = stats.uid === who.uid ? 6 : stats.gid === who.gid ? 3 : 0;
  return ((stats.mode >> shift) & bit) === bit;
}
