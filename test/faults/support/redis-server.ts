import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { eventually, freePort } from '../../support/process';

const BINARIES = ['redis-server', 'valkey-server'];

/** The name of the installed server, or undefined. */
export const redisBinary = (): string | undefined =>
  BINARIES.find((binary) => spawnSync(binary, ['--version']).status === 0);

/** A Redis of our own on a free port of 127.0.0.1. It keeps nothing on disk: a restart loses all it had. */
export class RedisServer {
  private child: ChildProcess | undefined;

  private constructor(
    private readonly binary: string,
    readonly port: number,
  ) {}

  static async start(binary: string): Promise<RedisServer> {
    const server = new RedisServer(binary, await freePort());
    await server.up();
    return server;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  async up(): Promise<void> {
    const options = {
      port: this.port,
      bind: '127.0.0.1',
      save: '',
      appendonly: 'no',
      'maxmemory-policy': 'noeviction',
    };
    const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
    this.child = spawn(this.binary, args, { cwd: tmpdir(), stdio: 'ignore' });
    await eventually(
      () =>
        this.command('PING').then(
          () => true,
          () => undefined,
        ),
      'Redis to answer',
    );
  }

  async down(): Promise<void> {
    const child = this.child;
    this.child = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }

  freeze(): void {
    this.child?.kill('SIGSTOP');
  }

  thaw(): void {
    this.child?.kill('SIGCONT');
  }

  /** Sends one command without arguments, such as `FLUSHALL`. */
  async command(name: string): Promise<string> {
    const socket = connect(this.port, '127.0.0.1');
    try {
      await once(socket, 'connect');
      socket.write(`${name}\r\n`);
      const [answer] = (await once(socket, 'data')) as [Buffer];
      const text = answer.toString();
      if (!text.startsWith('+')) throw new Error(`Redis answered ${text}`);
      return text.slice(1).trim();
    } finally {
      socket.destroy();
    }
  }
}
