import { randomBytes } from 'node:crypto';
import {
  accessSync,
  constants,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { identityOf, isRunning } from './process-identity.mjs';
import { Explained, ROOT } from './project.mjs';

/** In dist/, which git ignores and no build empties as a whole. */
const LOCKS = join(ROOT, 'dist/.prepare-locks');
const DEADLINE_MS = 600_000;
const TELL_AFTER_MS = 2000;
const BEAT_MS = 1000;
/** Of a holder in another container only this shows that it lives. */
const SILENT_MS = 30_000;

/*
 * A lock is a folder with a number; the highest number counts. It is free when its holder has left or died, and then taken by making the
 * next one, complete with its holder's name, in one step (a rename, which fails where that folder is already). The highest folder is never removed, so
 * whoever was too slow and made a lower one finds out. Nobody ever takes a lock away from under its holder.
 */

const numbersIn = (locks) =>
  readdirSync(locks)
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
const highest = (numbers) => numbers.reduce((most, number) => Math.max(most, number), 0);

/** Who holds this lock: undefined when nobody does any more. */
function holderOf(lock) {
  const file = join(lock, 'holder');
  try {
    const holder = JSON.parse(readFileSync(file, 'utf8'));
    const runs = isRunning(holder) ?? Date.now() - statSync(file).mtimeMs < SILENT_MS;
    return runs ? holder : undefined;
  } catch {
    return undefined;
  }
}

/** Takes lock number `number`. False when somebody else has it, or a higher one. */
function take(locks, number) {
  const draft = join(locks, `draft-${randomBytes(6).toString('hex')}`);
  const lock = join(locks, String(number));
  mkdirSync(draft);
  writeFileSync(join(draft, 'holder'), JSON.stringify(identityOf(process.pid)));
  try {
    renameSync(draft, lock);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    if (['EEXIST', 'ENOTEMPTY', 'EPERM', 'EACCES'].includes(error.code)) return false;
    throw error;
  }
  const isHighest = highest(numbersIn(locks)) === number;
  if (!isHighest) rmSync(lock, { recursive: true, force: true });
  return isHighest;
}

/** Leaves: the folder stays and stays full, so that its number is not used again (a rename replaces an empty folder). */
function leave(lock) {
  try {
    renameSync(join(lock, 'holder'), join(lock, 'left'));
  } catch {
    // Somebody removed the folder by hand.
  }
}

/** The last one before stays too: who lists the folder at this moment sees at least that. */
function removeOlder(locks, number) {
  for (const older of numbersIn(locks).filter((other) => other < number - 1)) {
    rmSync(join(locks, String(older)), { recursive: true, force: true });
  }
}

function makeFolder(locks) {
  try {
    mkdirSync(locks, { recursive: true });
    accessSync(locks, constants.W_OK);
  } catch (error) {
    throw new Explained(
      `The folder ${locks} cannot be written (${error.code}). Start as the owner of ${ROOT}, or make it writable.`,
    );
  }
}

/** Waits for the lock and takes it; returns its folder. */
async function acquire(locks) {
  const since = Date.now();
  let hasTold = false;
  makeFolder(locks);
  for (;;) {
    const number = highest(numbersIn(locks));
    const holder = number === 0 ? undefined : holderOf(join(locks, String(number)));
    if (holder === undefined && take(locks, number + 1)) {
      removeOlder(locks, number + 1);
      return join(locks, String(number + 1));
    }
    if (!hasTold && Date.now() - since > TELL_AFTER_MS) {
      hasTold = true;
      process.stderr.write(
        `Waiting for another start that installs or builds${holder ? ` (pid ${holder.pid})` : ''} …\n`,
      );
    }
    if (Date.now() - since > DEADLINE_MS) {
      throw new Explained(
        `Another start (pid ${holder?.pid}) has been preparing for ten minutes. End it, or remove ${locks}.`,
      );
    }
    await delay(100);
  }
}

/** Runs `work` while no other start installs or builds in this checkout. */
export async function exclusively(work, locks = LOCKS) {
  const lock = await acquire(locks);
  const beat = setInterval(() => {
    try {
      utimesSync(join(lock, 'holder'), new Date(), new Date());
    } catch {
      // Somebody removed the folder by hand.
    }
  }, BEAT_MS);
  try {
    return await work();
  } finally {
    clearInterval(beat);
    leave(lock);
  }
}
