import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Explained, ROOT } from './project.mjs';

/** In dist/, which git ignores and no build empties as a whole. */
const DIST = join(ROOT, 'dist');
const LOCK = join(DIST, '.prepare-lock');
const DEADLINE_MS = 600_000;
/** A holder writes its id at once; a lock without one for this long was made by a process that died in between. */
const NAMELESS_MS = 2000;
const TELL_AFTER_MS = 2000;

const isAlive = (pid) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
};

function holderOf(lock) {
  try {
    return Number(readFileSync(join(lock, 'pid'), 'utf8')) || undefined;
  } catch {
    return undefined;
  }
}

/** Takes a dead process's lock away. It is renamed first: of several that try, one succeeds, and nobody removes a lock made since. */
function removeAbandoned(deadPid) {
  const aside = `${LOCK}.${randomBytes(4).toString('hex')}`;
  try {
    renameSync(LOCK, aside);
    if (holderOf(aside) === deadPid) rmSync(aside, { recursive: true, force: true });
    else renameSync(aside, LOCK);
  } catch {
    // Somebody else took it away.
  }
}

function tryLock() {
  try {
    mkdirSync(DIST, { recursive: true });
    mkdirSync(LOCK);
    writeFileSync(join(LOCK, 'pid'), String(process.pid));
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw new Explained(
      `The folder ${DIST} cannot be written (${error.code}). Start as the owner of ${ROOT}, or make it writable.`,
    );
  }
}

/** Runs `work` while no other start installs or builds in this checkout. */
export async function exclusively(work) {
  const since = Date.now();
  let hasTold = false;
  let namelessSince;
  while (!tryLock()) {
    const pid = holderOf(LOCK);
    namelessSince = pid === undefined ? (namelessSince ?? Date.now()) : undefined;
    if (pid === undefined ? Date.now() - namelessSince > NAMELESS_MS : !isAlive(pid)) removeAbandoned(pid);
    if (!hasTold && Date.now() - since > TELL_AFTER_MS) {
      hasTold = true;
      process.stderr.write(`Waiting for another start that installs or builds${pid ? ` (pid ${pid})` : ''} …\n`);
    }
    if (Date.now() - since > DEADLINE_MS) {
      throw new Explained(`Another start (pid ${pid}) has been preparing for ten minutes. End it, or remove ${LOCK}.`);
    }
    await delay(100);
  }
  try {
    return await work();
  } finally {
    rmSync(LOCK, { recursive: true, force: true });
  }
}
