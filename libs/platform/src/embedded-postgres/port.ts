import { randomInt } from 'node:crypto';
import { chownSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { EmbeddedPostgresError } from './errors';
import type { Places } from './places';

/** Below the ports that systems hand out to outgoing connections (from 32768 on Linux), which could take it between two starts. */
const LOWEST = 20_000;
const HIGHEST = 29_999;
const TRIES = 50;

/** The port of the last start if it is free, else a free one. */
export async function choosePort({ parent, runAs }: Places): Promise<number> {
  const file = join(parent, 'port');
  const last = readPort(file);
  if (last !== undefined && (await isFree(last))) return last;
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const port = randomInt(LOWEST, HIGHEST + 1);
    if (!(await isFree(port))) continue;
    writeFileSync(file, `${port}\n`, { mode: 0o600 });
    if (runAs !== undefined) chownSync(file, runAs.uid, runAs.gid);
    return port;
  }
  throw new EmbeddedPostgresError(
    `No free port between ${LOWEST} and ${HIGHEST} on 127.0.0.1 for PostgreSQL. Set DATABASE_URL to one of your own.`,
  );
}

function readPort(file: string): number | undefined {
  try {
    const port = Number(readFileSync(file, 'utf8'));
    return Number.isInteger(port) && port > 0 && port < 65_536 ? port : undefined;
  } catch {
    return undefined;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  });
}
