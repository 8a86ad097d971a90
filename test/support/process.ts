import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { resolve } from 'node:path';

const ROOT = resolve(__dirname, '../..');
const READY_DEADLINE_MS = 150_000;
const START_TRIES = 3;
const POLL_MS = 25;
/** What usually takes a moment; a machine that is busy with other things must not fail a test. */
const EVENTUALLY_MS = 45_000;

export async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

/** Repeats `look` until it gives something, at most `deadlineMs` long; `what` may say how it is then. */
export async function eventually<T>(
  look: () => Promise<T | undefined> | T | undefined,
  what: string | (() => string),
  deadlineMs = EVENTUALLY_MS,
): Promise<T> {
  const end = performance.now() + deadlineMs;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (performance.now() > end) {
      throw new Error(`Not within ${deadlineMs} ms: ${typeof what === 'string' ? what : what()}`);
    }
    await new Promise((next) => setTimeout(next, POLL_MS));
  }
}

/** What a process writes comes through a pipe, a moment later. */
export const untilLogged = (log: () => string, text: string): Promise<true> =>
  eventually(() => (log().includes(text) ? (true as const) : undefined), `the log to say: ${text}`);

/** One of our processes, built and run as in production. */
export class ParleyProcess {
  readonly output: string[] = [];
  private exited: Promise<unknown> | undefined;

  private constructor(
    readonly app: 'api' | 'worker',
    readonly child: ChildProcess,
    readonly url: string,
  ) {
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk: Buffer) => this.output.push(chunk.toString()));
    }
    this.exited = once(child, 'exit');
  }

  static async start(app: 'api' | 'worker', env: NodeJS.ProcessEnv): Promise<ParleyProcess> {
    for (let left = START_TRIES - 1; ; left -= 1) {
      try {
        return await ParleyProcess.launch(app, env);
      } catch (error) {
        // The free port was given to a connection or a server of another process before this one listened.
        if (left === 0 || !String(error).includes('EADDRINUSE')) throw error;
      }
    }
  }

  private static async launch(app: 'api' | 'worker', env: NodeJS.ProcessEnv): Promise<ParleyProcess> {
    const port = await freePort();
    const child = spawn(process.execPath, [resolve(ROOT, `dist/apps/${app}/src/main.js`)], {
      cwd: ROOT,
      env: {
        PATH: process.env.PATH,
        HOME: process.env.HOME,
        LOG_LEVEL: 'info',
        ...env,
        PORT: String(port),
        WORKER_PORT: String(port),
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const started = new ParleyProcess(app, child, `http://127.0.0.1:${port}`);
    await started.ready();
    return started;
  }

  get log(): string {
    return this.output.join('');
  }

  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      this.child.kill(signal);
      await this.exited;
    }
  }

  private async ready(): Promise<void> {
    await eventually(
      async () => {
        if (this.child.exitCode !== null) throw new Error(`The process ended:\n${this.log}`);
        const response = await fetch(`${this.url}/health/ready`).catch(() => undefined);
        return response?.status === 200 ? true : undefined;
      },
      `${this.url} to be ready`,
      READY_DEADLINE_MS,
    ).catch((error: unknown) => {
      this.child.kill('SIGKILL');
      throw new Error(`${String(error)}\n${this.log}`);
    });
  }
}
