import { statfsSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** PostgreSQL cannot start without room for one segment of its write-ahead log (16 MB); the rest is for the first writes after it. */
export const ROOM_TO_RUN_BYTES = 48 * 1024 * 1024;
const POLL_MS = 500;

/** Whether the disk of this folder has so little room that PostgreSQL cannot run on it. */
export function isDiskFull(folder: string): boolean {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize < ROOM_TO_RUN_BYTES;
}

/** Resolves when there is room again, or when nobody waits for it any more. */
export async function untilRoom(folder: string, isStopping: () => boolean): Promise<void> {
  while (!isStopping() && isDiskFull(folder)) await delay(POLL_MS, undefined, { ref: false });
}
