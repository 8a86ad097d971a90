import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { connect } from 'node:net';
import { eventually, freePort } from './process';

/** Whether this machine has a Redis to start. */
export const hasRedis = (): boolean => spawnSync('redis-server', ['--version']).status === 0;

/** An empty Redis of one's own that keeps nothing. */
export class RedisServer {
  private child: ChildProcess | undefined;
  url = '';

  /** @param port a free one unless it is to come back where it was */
  async start(port?: number): Promise<string> {
    port ??= await freePort();
    this.child = spawn(
      'redis-server',
      ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'],
      {
        stdio: 'ignore',
      },
    );
    await eventually(() => answers(port), 'Redis to answer');
    this.url = `redis://127.0.0.1:${port}`;
    return this.url;
  }

  stop(): void {
    this.child?.kill('SIGKILL');
  }
}

function answers(port: number): Promise<true | undefined> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(undefined));
  });
}
