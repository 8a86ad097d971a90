import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** The launcher starts everything at the top of the checkout. */
export const ROOT = process.cwd();
const HOOK = resolve(ROOT, 'test/support/run-typescript.mjs');
const READY_MS = 60_000;

export interface Running {
  child: ChildProcess;
  url: string;
}

/** One of the bench's own scripts as a process; it says its port when it listens. */
export async function startScript(file: string, env: NodeJS.ProcessEnv = {}): Promise<Running> {
  const child = fork(resolve(ROOT, 'test/bench', file), {
    execArgv: ['--import', HOOK],
    env: { ...bareEnv(), ...env },
  });
  const [{ port }] = (await Promise.race([once(child, 'message'), diesEarly(child, file)])) as [{ port: number }];
  return { child, url: `http://127.0.0.1:${port}` };
}

/** Parley's api or worker, as built. */
export async function startApp(app: 'api' | 'worker', env: NodeJS.ProcessEnv): Promise<Running> {
  const port = await freePort();
  const child = spawn(process.execPath, [resolve(ROOT, `dist/apps/${app}/src/main.js`)], {
    cwd: ROOT,
    env: { ...bareEnv(), ...env, PORT: String(port), WORKER_PORT: String(port) },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const url = `http://127.0.0.1:${port}`;
  const deadline = performance.now() + READY_MS;
  while ((await fetch(`${url}/health/ready`).catch(() => undefined))?.status !== 200) {
    if (child.exitCode !== null || performance.now() > deadline) throw new Error(`The ${app} did not start.`);
    await pause(50);
  }
  return { child, url };
}

/** A Redis of our own, or undefined when there is none on this machine. */
export async function startRedis(): Promise<Running | undefined> {
  const port = await freePort();
  const args = ['--port', String(port), '--save', '', '--appendonly', 'no', '--maxmemory-policy', 'noeviction'];
  const child = spawn('redis-server', args, { stdio: 'ignore' });
  const failed = once(child, 'error').then(() => true);
  const started = pause(500).then(() => false);
  if (await Promise.race([failed, started])) return undefined;
  return { child, url: `redis://127.0.0.1:${port}` };
}

export async function stop(running: Running | undefined): Promise<void> {
  if (running === undefined || running.child.exitCode !== null || running.child.signalCode !== null) return;
  const exited = once(running.child, 'exit');
  running.child.kill('SIGKILL');
  await exited;
}

/** Resident memory of some processes together, in MiB; Linux only, else NaN. */
export function residentMiB(processes: readonly Running[]): number {
  try {
    return processes.reduce((sum, { child }) => sum + residentKiB(child.pid!) / 1024, 0);
  } catch {
    return NaN;
  }
}

function residentKiB(pid: number): number {
  return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]);
}

/** The peak of `residentMiB` while `work` runs. */
export async function peakMiB<T>(
  processes: readonly Running[],
  work: () => Promise<T>,
): Promise<{ result: T; mib: number }> {
  let peak = residentMiB(processes);
  const timer = setInterval(() => (peak = Math.max(peak, residentMiB(processes))), 250);
  try {
    return { result: await work(), mib: peak };
  } finally {
    clearInterval(timer);
  }
}

const bareEnv = (): NodeJS.ProcessEnv => ({ PATH: process.env.PATH, HOME: process.env.HOME, NODE_ENV: 'production' });

async function diesEarly(child: ChildProcess, file: string): Promise<never> {
  const [code] = (await once(child, 'exit')) as [number | null];
  throw new Error(`${file} ended with ${code} before it was ready.`);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}
