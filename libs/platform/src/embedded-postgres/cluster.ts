import { spawn } from 'node:child_process';
import { createHmac, randomBytes } from 'node:crypto';
import {
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { EmbeddedPostgresError } from './errors';
import type { Places } from './places';
import { isAlive } from './process-identity';
import { postgresEnv } from './settings';

/** Administrator of the cluster. The application gets a role without its powers. */
export const SUPERUSER = 'postgres';
const INITDB_DEADLINE_MS = 120_000;
const DRAFT = /^postgres\.init-(\d+)-/;

export const clusterDir = (places: Places): string => join(places.parent, 'cluster');
export const logFile = (places: Places): string => join(places.parent, 'log', 'postgres.log');

/**
 * Makes the cluster unless there is one. It grows in a folder of its own and gets its name by one rename, so a `kill -9` half-way
 * leaves no half cluster, and of two first starts at the same moment one wins.
 */
export async function ensureCluster(places: Places): Promise<void> {
  removeAbandonedDrafts(dirname(places.parent));
  if (existsSync(places.parent)) return checkCluster(places);
  const draft = join(dirname(places.parent), `postgres.init-${process.pid}-${randomBytes(4).toString('hex')}`);
  try {
    makeOwned(draft, places);
    makeOwned(join(draft, 'log'), places);
    const password = join(draft, 'password');
    writeFileSync(password, `${randomBytes(32).toString('hex')}\n`, { mode: 0o600, flush: true });
    own(password, places);
    await runInitdb(places, draft, password);
    try {
      renameSync(draft, places.parent);
    } catch (error) {
      if (!existsSync(places.parent)) throw error;
    }
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
  checkCluster(places);
}

/** Secret of the superuser; the application's role has one derived from it, so that it cannot become the other. */
export function readPasswords(places: Places): { superuser: string; application: string } {
  const superuser = readFileSync(join(places.parent, 'password'), 'utf8').trim();
  return { superuser, application: createHmac('sha256', superuser).update('application role').digest('hex') };
}

function checkCluster(places: Places): void {
  const versionFile = join(clusterDir(places), 'PG_VERSION');
  let found: string;
  try {
    found = readFileSync(versionFile, 'utf8').trim();
    readPasswords(places);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const owner = statSync(places.parent).uid;
    const reason =
      code === 'EACCES' || code === 'EPERM'
        ? `belongs to the user with id ${owner}. Start as that user (or as root), or set DATA_DIR to a folder of your own`
        : `is not complete (${code} on ${versionFile}). Restore it from a backup, or move it away to start empty`;
    throw new EmbeddedPostgresError(`The database folder ${places.parent} ${reason}.`, { cause: error });
  }
  const shipped = places.binaries.version.split('.')[0] ?? '';
  if (found !== shipped) {
    throw new EmbeddedPostgresError(
      `The database in ${places.parent} was made by PostgreSQL ${found}; this version brings PostgreSQL ${shipped}. ` +
        `Dump it with PostgreSQL ${found} (pg_dump) and load it here, or go back to the version of the project that made it.`,
    );
  }
}

/** A first start that was killed leaves its draft; only drafts of dead processes and old ones go. */
function removeAbandonedDrafts(folder: string): void {
  const tenMinutesAgo = Date.now() - 600_000;
  for (const name of existsSync(folder) ? readdirSync(folder) : []) {
    const pid = DRAFT.exec(name)?.[1];
    if (pid === undefined) continue;
    const path = join(folder, name);
    const isOld = (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0) < tenMinutesAgo;
    if (isOld || !isAlive(Number(pid))) rmSync(path, { recursive: true, force: true });
  }
}

function makeOwned(folder: string, places: Places): void {
  try {
    mkdirSync(folder, { mode: 0o700 });
    own(folder, places);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new EmbeddedPostgresError(
      `The folder ${dirname(folder)} cannot hold a database (${code} while making ${basename(folder)}). ` +
        'Set DATA_DIR to a folder on a local disk that you may write.',
      { cause: error },
    );
  }
}

function own(path: string, { runAs }: Places): void {
  if (runAs !== undefined) chownSync(path, runAs.uid, runAs.gid);
}

async function runInitdb(places: Places, draft: string, passwordFile: string): Promise<void> {
  const args = [
    ...['-D', join(draft, 'cluster'), '-U', SUPERUSER, `--pwfile=${passwordFile}`, '--auth=scram-sha-256'],
    // The builtin provider sorts the same on every machine, whatever C library it has.
    ...['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'],
    ...['--data-checksums', '--no-instructions'],
    // Kept in postgresql.conf, where an operator can change them; the rest is given on the command line at each start.
    ...['--set', 'max_connections=100', '--set', 'shared_buffers=128MB', '--set', 'max_wal_size=512MB'],
  ];
  const { code, output } = await run(places, args, draft);
  if (code === 0) return;
  throw new EmbeddedPostgresError(
    `PostgreSQL could not make its database in ${places.parent}:\n${indent(output)}\n${adviceOnInitdb(output)}`,
  );
}

function run(places: Places, args: string[], cwd: string): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(places.binaries.initdb, args, {
      ...places.runAs,
      cwd,
      env: postgresEnv(),
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: INITDB_DEADLINE_MS,
      killSignal: 'SIGKILL',
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => (output = (output + chunk.toString('utf8')).slice(-4000)));
    }
    child.on('error', (error) => reject(cannotRun(places.binaries.initdb, error)));
    child.on('close', (code, signal) =>
      resolve({ code, output: signal === null ? output : `${output}\nended by ${signal}` }),
    );
  });
}

/** Names the usual reasons why a shipped program does not start. */
export function cannotRun(program: string, error: NodeJS.ErrnoException): EmbeddedPostgresError {
  const reason =
    error.code === 'ENOENT'
      ? 'it is missing, or this system has another C library than glibc (Alpine Linux)'
      : error.code === 'EPERM'
        ? 'this container does not allow to change to another user'
        : `${error.code ?? error.message}`;
  return new EmbeddedPostgresError(
    `${program} cannot be run: ${reason}. Run \`npm run doctor\`; as a way out, set DATABASE_URL to a PostgreSQL of your own.`,
    { cause: error },
  );
}

function adviceOnInitdb(output: string): string {
  if (output.includes('could not look up effective user ID')) {
    return 'This user id has no entry in /etc/passwd, which PostgreSQL needs. Add one, start as another user, or set DATABASE_URL.';
  }
  if (/No space left|Disk quota/i.test(output)) {
    return 'Free some disk space (1 GiB is enough to begin with), or set DATA_DIR to another disk.';
  }
  if (/shared memory|No space left on device.*shm/i.test(output)) {
    return 'Give the container more shared memory (docker run --shm-size=256m).';
  }
  return 'Run `npm run doctor`, or set DATA_DIR to a folder on a local disk that you may write.';
}

export const indent = (text: string): string =>
  text
    .trim()
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n');
