import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Explained, ROOT } from './project.mjs';

const LOCK = join(ROOT, '.parley-prepare.lock');
const DEADLINE_MS = 600_000;

const isAlive = (pid) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
};

function holder() {
  try {
    return Number(readFileSync(join(LOCK, 'pid'), 'utf8'));
  } catch {
    return undefined;
  }
}

/** Runs `work` while no other start installs or builds in this checkout. */
export async function exclusively(work) {
  const end = Date.now() + DEADLINE_MS;
  let emptySince;
  for (;;) {
    try {
      mkdirSync(LOCK);
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') {
        throw new Explained(
          `The folder ${ROOT} cannot be written (${error.code}). Start as its owner, or make it writable.`,
        );
      }
    }
    const pid = holder();
    if (pid === undefined) emptySince ??= Date.now();
    // A start that was killed leaves its lock behind.
    if (pid === undefined ? Date.now() - emptySince > 2000 : !isAlive(pid))
      rmSync(LOCK, { recursive: true, force: true });
    if (Date.now() > end)
      throw new Explained(`Another start (pid ${pid}) has been preparing for ten minutes. End it, or remove ${LOCK}.`);
    await delay(100);
  }
  writeFileSync(join(LOCK, 'pid'), String(process.pid));
  try {
    return await work();
  } finally {
    rmSync(LOCK, { recursive: true, force: true });
  }
}
