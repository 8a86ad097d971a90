import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { eventually } from '../../support/process';
import { Inspector } from '../inspector';

const ROOT = resolve(__dirname, '../../..');
export const INSPECTED = { NODE_OPTIONS: '--inspect=127.0.0.1:0' };

/** Resident memory in KiB after a forced collection: what was freed is given back before it is read. */
export async function residentKiB(inspector: Inspector): Promise<number> {
  for (let round = 0; round < 3; round += 1) await inspector.command('HeapProfiler.collectGarbage');
  return (await inspector.evaluate<number>('process.memoryUsage.rss()')) / 1024;
}

/** A Socket.IO server with nothing behind it. */
export class BareSocketServer {
  private constructor(
    private readonly child: ChildProcess,
    readonly url: string,
    readonly inspector: Inspector,
  ) {}

  static async start(): Promise<BareSocketServer> {
    const script = join(__dirname, 'bare-server.ts');
    const child = spawn(process.execPath, ['--import', join(ROOT, 'test/support/run-typescript.mjs'), script], {
      env: { ...process.env, ...INSPECTED },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let log = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (log += chunk.toString()));
    const port = await eventually(() => /listening (\d+)/.exec(log)?.[1], 'the bare server');
    return new BareSocketServer(child, `http://127.0.0.1:${port}`, await Inspector.attach(log));
  }

  async stop(): Promise<void> {
    this.inspector.close();
    this.child.kill('SIGKILL');
    await once(this.child, 'exit');
  }
}
