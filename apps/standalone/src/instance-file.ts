import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AlreadyRunningError } from '@app/platform';

const fileOf = (dataDir: string): string => join(dataDir, 'instance.json');

/** Lets a second start say where the first one listens. The lock that tells them apart is in PostgreSQL, not here. */
export function rememberInstance(dataDir: string, url: string): void {
  writeFileSync(fileOf(dataDir), JSON.stringify({ pid: process.pid, url }), { mode: 0o600 });
}

export function forgetInstance(dataDir: string): void {
  rmSync(fileOf(dataDir), { force: true });
}

function urlOf(dataDir: string): string | undefined {
  try {
    return (JSON.parse(readFileSync(fileOf(dataDir), 'utf8')) as { url?: string }).url;
  } catch {
    return undefined;
  }
}

export function alreadyRunningText(dataDir: string, error: AlreadyRunningError): string {
  const url = urlOf(dataDir);
  return [
    `Parley is already running with the data in ${dataDir} (pid ${error.pid})${url === undefined ? ', and is still starting' : ''}.`,
    ...(url === undefined ? [] : [`Use it at ${url}.`]),
    `Stop it with Ctrl-C in its terminal, or: kill ${error.pid}`,
    'For a second, separate one: DATA_DIR=.data-2 npm start',
  ].join('\n');
}
