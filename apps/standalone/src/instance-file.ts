import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { isSameProcessAlive, type AlreadyRunningError } from '@app/platform';

/** A first start on a slow machine takes this long after its PostgreSQL answers. */
const STARTING_DEADLINE_MS = 20_000;
const POLL_MS = 100;

const fileOf = (dataDir: string): string => join(dataDir, 'instance.json');

/** Lets a second start say where the first one listens. The lock that tells them apart is in PostgreSQL, not here. */
export function rememberInstance(dataDir: string, url: string): void {
  writeFileSync(fileOf(dataDir), JSON.stringify({ pid: process.pid, url }), { mode: 0o600 });
}

/** Removes what this process remembered; the note of another instance stays. */
export function forgetInstance(dataDir: string): void {
  if (read(dataDir)?.pid === process.pid) rmSync(fileOf(dataDir), { force: true });
}

function read(dataDir: string): { pid?: number; url?: string } | undefined {
  try {
    return JSON.parse(readFileSync(fileOf(dataDir), 'utf8')) as { pid?: number; url?: string };
  } catch {
    return undefined;
  }
}

/** Waits until the instance that is ahead of us has written down where it listens; it may still be starting. */
export async function waitForInstance(dataDir: string, { pid }: AlreadyRunningError): Promise<void> {
  for (const end = Date.now() + STARTING_DEADLINE_MS; Date.now() < end; await delay(POLL_MS)) {
    if (read(dataDir)?.pid === pid || pid === undefined || !isSameProcessAlive(String(pid))) return;
  }
}

export function alreadyRunningText(dataDir: string, error: AlreadyRunningError): string {
  const note = read(dataDir);
  // A note that a killed instance left behind says nothing about the one that runs now.
  const url = note?.pid === error.pid ? note?.url : undefined;
  return [
    `Parley is already running with the data in ${dataDir} (pid ${error.pid})${url === undefined ? ', and is still starting' : ''}.`,
    ...(url === undefined ? [] : [`Use it at ${url}.`]),
    `Stop it with Ctrl-C in its terminal, or: kill ${error.pid}`,
    'For a second, separate one: DATA_DIR=.data-2 npm start',
  ].join('\n');
}
