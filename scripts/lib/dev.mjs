import { watch } from 'node:fs';
import { join } from 'node:path';
import { build } from './build.mjs';
import { exclusively } from './lock.mjs';
import { ROOT } from './project.mjs';
import { onStop, startChild } from './run.mjs';

const FOLDERS = ['apps', 'libs', 'migrations'];
/** An editor saves several files; one restart is enough. */
const SETTLE_MS = 200;

/** Runs the application and starts it again whenever a source changes. A build that fails leaves the running one alone. */
export async function dev(node, args) {
  let running;
  let isEnding = false;

  const start = () => {
    const mine = startChild(node, args);
    running = mine;
    mine.ended.then(
      () => {
        if (running === mine && !isEnding) process.stderr.write('It has ended. Waiting for a change …\n');
      },
      (error) => process.stderr.write(`It could not be started: ${error.message}\n`),
    );
  };
  const stop = async () => {
    const last = running;
    running = undefined;
    last?.child.kill('SIGTERM');
    await last?.ended.catch(() => undefined);
  };
  const restart = async (isSource) => {
    try {
      if (isSource && !(await exclusively(() => build(node)))) return;
    } catch (error) {
      process.stderr.write(`${error.message}\n`);
      return;
    }
    await stop();
    if (!isEnding) start();
  };

  start();
  let work = Promise.resolve();
  await watchForChanges((isSource) => (work = work.then(() => restart(isSource))));
  isEnding = true;
  await stop();
  return 0;
}

/** Calls back after each burst of changes, until this process is asked to end. */
async function watchForChanges(callback) {
  let timer;
  let isSource = false;
  const changed = (source) => {
    isSource ||= source;
    clearTimeout(timer);
    timer = setTimeout(() => {
      callback(isSource);
      isSource = false;
    }, SETTLE_MS);
  };
  const watchers = [
    ...FOLDERS.map((folder) => watch(join(ROOT, folder), { recursive: true }, () => changed(true))),
    // The folder, not the file: .env may appear later, and editors replace files.
    watch(ROOT, (_event, name) => name === '.env' && changed(false)),
  ];
  for (const watcher of watchers) {
    watcher.on('error', (error) => process.stderr.write(`Changes may go unnoticed (${error.code}). Start again.\n`));
  }
  process.stderr.write('Watching apps/, libs/, migrations/ and .env.\n');
  await new Promise((resolve) => onStop(resolve));
  clearTimeout(timer);
  for (const watcher of watchers) watcher.close();
}
