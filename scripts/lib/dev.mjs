import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, watch } from 'node:fs';
import { join } from 'node:path';
import { build } from './build.mjs';
import { exclusively } from './lock.mjs';
import { ROOT } from './project.mjs';

/** An editor saves several files; one restart is enough. */
const SETTLE_MS = 200;

/** Runs the application and starts it again whenever a source changes. A build that fails leaves the running one alone. */
export async function dev(node, args) {
  let child;
  let isEnding = false;
  const start = () => {
    child = spawn(node, args, { cwd: ROOT, stdio: ['inherit', 'inherit', 'inherit', 'ipc'], env: process.env });
  };
  const stop = async () => {
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGTERM');
    await once(child, 'exit');
  };
  const restart = async () => {
    try {
      await exclusively(() => build(node));
    } catch (error) {
      process.stderr.write(`${error.message}\n`);
      return;
    }
    await stop();
    if (!isEnding) start();
  };

  start();
  let timer;
  let running = Promise.resolve();
  const changed = () => {
    clearTimeout(timer);
    timer = setTimeout(() => (running = running.then(restart)), SETTLE_MS);
  };
  for (const directory of ['apps', 'libs', 'migrations']) watch(join(ROOT, directory), { recursive: true }, changed);
  if (existsSync(join(ROOT, '.env'))) watch(join(ROOT, '.env'), changed);
  process.stderr.write('Watching apps/, libs/, migrations/ and .env.\n');

  const { promise, resolve } = (() => {
    let done;
    return { promise: new Promise((next) => (done = next)), resolve: done };
  })();
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, resolve);
  await promise;
  isEnding = true;
  await stop();
  return 0;
}
