import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { delimiter, dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ROOT } from './project.mjs';

const STOP_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];
const PARENT_POLL_MS = 1000;
const POSTGRES_DEADLINE_MS = 10_000;
const SHELLS = /^(sh|dash|bash|ash|zsh|busybox)$/;

/** Runs a command to its end and keeps what it prints; shows that only when it fails. */
export async function quietly(command, args, options) {
  const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  const output = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => output.push(chunk));
  const [code] = await Promise.race([
    once(child, 'close'),
    once(child, 'error').then(([error]) => Promise.reject(error)),
  ]);
  return { code, output: Buffer.concat(output).toString() };
}

/**
 * Starts one of our processes: in our terminal and process group, with a channel that closes when this process dies. It may tell the
 * id of its PostgreSQL (`{ postgres: pid }`), which is ended should the process itself be killed.
 */
export function startChild(node, args, env = {}) {
  const child = spawn(node, args, {
    cwd: ROOT,
    env: { ...process.env, PATH: [dirname(node), process.env.PATH].filter(Boolean).join(delimiter), ...env },
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  });
  let postgres;
  child.on('message', (message) => (postgres = message?.postgres));
  const ended = Promise.race([once(child, 'exit'), once(child, 'error').then(([error]) => Promise.reject(error))]).then(
    async ([code, signal]) => {
      if (Number.isInteger(postgres) && (signal !== null || code !== 0)) await endPostgres(postgres);
      return { code, signal };
    },
  );
  // Whoever cares awaits it; a failure must not count as unhandled until then.
  ended.catch(() => undefined);
  return { child, ended };
}

/** Runs a command in our place: its exit code is ours, and what ends us ends it. */
export async function inOurPlace(node, args, env) {
  const { child, ended } = startChild(node, args, env);
  let isStopping = false;
  onStop((signal) => {
    isStopping = true;
    child.kill(signal);
  });
  const { code, signal } = await ended;
  // Ended by the signal that we passed on: that is what was asked for.
  if (isStopping && STOP_SIGNALS.includes(signal)) return 0;
  return code ?? (signal === 'SIGINT' ? 130 : 1);
}

/** Calls back for every signal that should end us, and once when npm, which started us, is gone. */
export function onStop(callback) {
  for (const signal of STOP_SIGNALS) process.on(signal, callback);
  const parents = npmAbove();
  if (parents === undefined) return;
  const timer = setInterval(() => {
    if (npmAbove() === parents) return;
    clearInterval(timer);
    callback('SIGTERM');
  }, PARENT_POLL_MS);
  timer.unref();
}

/**
 * Names the processes up to npm, undefined without npm. npm killed by -9, or a shell between us that swallows its signal, would leave
 * us running unseen.
 */
function npmAbove() {
  if (process.env.npm_lifecycle_event === undefined || process.platform === 'win32') return undefined;
  const parent = process.ppid;
  if (process.platform !== 'linux') return String(parent);
  try {
    const stat = readFileSync(`/proc/${parent}/stat`, 'utf8');
    const name = stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')'));
    return SHELLS.test(name) ? `${parent} ${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]}` : String(parent);
  } catch {
    return String(parent);
  }
}

/** The process was killed and its PostgreSQL lives on: a fast shutdown, committed data is safe. */
async function endPostgres(pid) {
  try {
    process.kill(pid, 'SIGINT');
    for (const end = Date.now() + POSTGRES_DEADLINE_MS; Date.now() < end; await delay(50)) process.kill(pid, 0);
  } catch {
    // It is gone.
  }
}
