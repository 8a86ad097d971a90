import { randomBytes } from 'node:crypto';
import { chmodSync, cpSync, existsSync, linkSync, lstatSync, mkdirSync, readdirSync } from 'node:fs';
import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { binariesIn, type PostgresBinaries } from './binaries';
import { EmbeddedPostgresError } from './errors';
import { canReach, canRead, chooseRunAs, type RunAs } from './run-as';

/** Where PostgreSQL lives and who runs it. */
export interface Places {
  /** Holds `cluster/`, `password`, `port` and `log/`; made in one step, so it is complete or absent. */
  parent: string;
  runAs: RunAs | undefined;
  binaries: PostgresBinaries;
}

const SYSTEM_STATE = '/var/lib/parley';
const POINTER = 'postgres.location';
/** In each place below `SYSTEM_STATE`: the data directory that it belongs to, so that `npm run doctor` finds abandoned ones. */
const MADE_FOR = 'made-for';

/**
 * Decides where the cluster lies. Usually `<data dir>/postgres`. When root starts PostgreSQL as another user who cannot pass through
 * to the data directory or read the binaries (a clone under `/root`, a umask of 077), the unreachable part goes below `/var/lib/parley`.
 */
export function choosePlaces(dataDir: string, installed: PostgresBinaries): Places {
  makeDataDir(dataDir);
  const moved = readPointer(dataDir);
  let parent = join(moved ?? dataDir, 'postgres');
  const runAs = chooseRunAs(parent, dataDir);
  if (runAs === undefined) return { parent, runAs, binaries: installed };
  if (moved === undefined && !canReach(runAs, dataDir)) {
    if (existsSync(parent)) throw unreachable(parent, runAs);
    parent = join(writePointer(dataDir), 'postgres');
  }
  return { parent, runAs, binaries: isUsable(runAs, installed) ? installed : copyBinaries(installed) };
}

/** Starting with an empty database elsewhere would look like lost data. */
function unreachable(parent: string, runAs: RunAs): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    `There is a database in ${parent}, but PostgreSQL (which does not run as root; it runs as uid ${runAs.uid}) cannot pass through to it. ` +
      'Make the folders above it passable (chmod o+x <folder>), or move DATA_DIR out of your home directory.',
  );
}

function makeDataDir(dataDir: string): void {
  const isRoot = process.getuid?.() === 0;
  try {
    if (!existsSync(dataDir)) {
      mkdirSync(dataDir, { recursive: true });
      // Root's PostgreSQL runs as another user and must pass through; the secrets in here are 0600 files.
      chmodSync(dataDir, isRoot ? 0o711 : 0o700);
      return;
    }
    const { uid, mode } = statSync(dataDir);
    // An empty one was made for us (`mktemp -d` makes it 0700); one with contents keeps the rights that somebody gave it.
    if (isRoot && uid === 0 && readdirSync(dataDir).length === 0) chmodSync(dataDir, mode | 0o011);
  } catch (error) {
    throw new EmbeddedPostgresError(
      `The data directory ${dataDir} cannot be made (${(error as NodeJS.ErrnoException).code}). Set DATA_DIR to a folder that you may write.`,
      { cause: error },
    );
  }
}

function readPointer(dataDir: string): string | undefined {
  const file = join(dataDir, POINTER);
  if (!existsSync(file)) return undefined;
  const [place = '', madeFor = ''] = readFileSync(file, 'utf8').split('\n');
  // A copied data directory must not share the original's cluster; a moved one keeps it.
  return existsSync(place) && (madeFor === dataDir || !existsSync(madeFor)) ? place : undefined;
}

function writePointer(dataDir: string): string {
  const place = join(SYSTEM_STATE, randomBytes(8).toString('hex'));
  const file = join(dataDir, POINTER);
  const draft = `${file}.${process.pid}`;
  try {
    openFolder(SYSTEM_STATE);
    openFolder(place);
    writeFileSync(join(place, MADE_FOR), `${dataDir}\n`, { mode: 0o600 });
    rmSync(draft, { force: true });
    writeFileSync(draft, `${place}\n${dataDir}\n`, { mode: 0o600, flush: true });
    if (readPointer(dataDir) === undefined) rmSync(file, { force: true });
    linkSync(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') {
      throw new EmbeddedPostgresError(
        `PostgreSQL does not run as root, and the user it would run as cannot reach ${dataDir} or use ${SYSTEM_STATE}. ` +
          'Set DATA_DIR to a folder outside of your home directory, or start as an ordinary user.',
        { cause: error },
      );
    }
  } finally {
    rmSync(draft, { force: true });
  }
  return readPointer(dataDir) ?? place;
}

function isUsable(runAs: RunAs, { home, postgres, initdb }: PostgresBinaries): boolean {
  return [postgres, initdb, join(home, 'share', 'postgresql', 'postgres.bki')].every((file) => canRead(runAs, file));
}

function copyBinaries(installed: PostgresBinaries): PostgresBinaries {
  const target = join(SYSTEM_STATE, `postgresql-${installed.version}`);
  if (!existsSync(target)) {
    const draft = `${target}.${process.pid}-${randomBytes(4).toString('hex')}`;
    try {
      openFolder(SYSTEM_STATE);
      cpSync(installed.home, draft, { recursive: true, verbatimSymlinks: true });
      openForReading(draft);
      renameSync(draft, target);
    } catch (error) {
      rmSync(draft, { recursive: true, force: true });
      // Another start finished its copy first.
      if (!existsSync(target)) {
        throw new EmbeddedPostgresError(
          `PostgreSQL does not run as root, and the user it would run as cannot read ${installed.home}; copying it to ${target} failed ` +
            `(${(error as NodeJS.ErrnoException).code}). Start as an ordinary user, or move the project out of your home directory.`,
          { cause: error },
        );
      }
    }
  }
  return binariesIn(target, installed.version);
}

function openFolder(folder: string): void {
  mkdirSync(folder, { recursive: true });
  chmodSync(folder, 0o711);
}

/** Gives everybody what the owner has, except writing: a umask of 077 would make the copy as unreadable as the original. */
function openForReading(path: string): void {
  const stats = lstatSync(path);
  if (stats.isSymbolicLink()) return;
  const isRunnable = stats.isDirectory() || (stats.mode & 0o100) !== 0;
  chmodSync(path, isRunnable ? 0o755 : 0o644);
  if (stats.isDirectory()) for (const name of readdirSync(path)) openForReading(join(path, name));
}
