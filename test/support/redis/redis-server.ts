import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { eventually, freePort } from '../process';

/**
 * Runs the server and kills it when its own input ends, which happens however this process dies. The first line it prints is the id of
 * the server's process.
 */
const GUARD = 'exec 3<&0; "$@" </dev/null & echo $!; cat <&3 >/dev/null; kill -9 $! 2>/dev/null';

export interface ServerOptions {
  /** Further arguments of redis-server. */
  args?: string[];
  /** Writes a configuration file into the server's folder and returns the arguments that come first. */
  configure?: (folder: string) => string[];
  password?: string;
  port?: number;
}

/** A real Redis or Valkey on a port of its own, without persistence: what restarts has forgotten everything. */
export class RedisServer {
  readonly folder = mkdtempSync(join(tmpdir(), 'parley-redis-'));
  private guard: ChildProcess | undefined;
  private pid: number | undefined;

  private constructor(
    readonly port: number,
    private readonly options: ServerOptions,
  ) {}

  /** @throws Error when no server is on this machine: in CI that must not pass unnoticed */
  static async start(options: ServerOptions = {}): Promise<RedisServer> {
    const server = new RedisServer(options.port ?? (await freePort()), options);
    await server.start();
    return server;
  }

  /** For QUEUE_URL. */
  get url(): string {
    return `redis://${this.options.password === undefined ? '' : `:${this.options.password}@`}127.0.0.1:${this.port}`;
  }

  /** Starts it (again) on its port and waits until it answers. */
  async start(): Promise<void> {
    const binary = process.env.TEST_REDIS_SERVER;
    if (binary === undefined || binary === '') {
      throw new Error('There is no redis-server or valkey-server here. Install one, or name it in TEST_REDIS_SERVER.');
    }
    const { args = [], configure, password } = this.options;
    const own = ['--port', String(this.port), '--bind', '127.0.0.1', '--dir', this.folder];
    const login = password === undefined ? [] : ['--requirepass', password];
    const data = configure === undefined ? ['--save', '', ...login] : [];
    const first = configure?.(this.folder) ?? [];
    const guard = spawn('sh', ['-c', GUARD, 'guard', binary, ...first, ...own, ...data, ...args], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.guard = guard;
    let output = '';
    guard.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    this.pid = await eventually(() => Number(/^(\d+)\n/.exec(output)?.[1]) || undefined, 'the id of the Redis process');
    await eventually(async () => {
      if (!this.isAlive()) throw new Error(`Redis did not start:\n${output}`);
      return (await this.call('PING').catch(() => undefined)) === 'PONG' ? true : undefined;
    }, `Redis on port ${this.port}`);
  }

  /** One command on a connection of its own. */
  async call(command: string, ...args: (string | number)[]): Promise<unknown> {
    const client = new Redis({
      port: this.port,
      host: '127.0.0.1',
      password: this.options.password,
      lazyConnect: true,
      enableReadyCheck: false,
      retryStrategy: () => null,
    });
    client.on('error', () => undefined);
    try {
      await client.connect();
      return await client.call(command, ...args);
    } finally {
      client.disconnect();
    }
  }

  /** Keys that match a pattern. */
  async keys(pattern = '*'): Promise<string[]> {
    return (await this.call('KEYS', pattern)) as string[];
  }

  /** Throws all data away, under the feet of whoever uses it. */
  async flush(): Promise<void> {
    await this.call('FLUSHALL');
  }

  /** SIGTERM ends it in order, SIGKILL at once. Its port stays its own for the next `start`. */
  async stop(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
    if (this.isAlive()) {
      // A paused process does not see other signals.
      process.kill(this.pid!, 'SIGCONT');
      process.kill(this.pid!, signal);
      await eventually(() => (this.isAlive() ? undefined : true), 'Redis to end');
    }
    if (this.guard === undefined) return;
    const ended = once(this.guard, 'exit');
    this.guard.stdin?.end();
    this.guard = undefined;
    await ended;
  }

  async restart(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
    await this.stop(signal);
    await this.start();
  }

  /** It keeps its connections and answers nothing. */
  pause(): void {
    process.kill(this.pid!, 'SIGSTOP');
  }

  resume(): void {
    process.kill(this.pid!, 'SIGCONT');
  }

  /** Ends it and removes its files. */
  async remove(): Promise<void> {
    await this.stop('SIGKILL');
    rmSync(this.folder, { recursive: true, force: true });
  }

  private isAlive(): boolean {
    try {
      process.kill(this.pid!, 0);
      return true;
    } catch {
      return false;
    }
  }
}
