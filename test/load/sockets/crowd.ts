import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import type { Command, Outcome } from './protocol';

const ROOT = resolve(__dirname, '../../..');
/** One process of clients would be busier than the server. */
const SOCKETS_PER_PROCESS = 1_250;
/** Files that a process needs beside its sockets. */
const OTHER_FILES = 100;

/** How many files a process of ours may open: Node raises its own limit to the hard one. */
function fileLimit(): number {
  if (process.platform === 'win32') return Infinity;
  const limit = execFileSync('sh', ['-c', 'ulimit -Hn'], { encoding: 'utf8' }).trim();
  return limit === 'unlimited' ? Infinity : Number(limit);
}

/** @throws Error that says what to do, when a server here cannot have so many sockets */
export function assertRoomFor(sockets: number): void {
  const needed = sockets + OTHER_FILES * 2;
  if (fileLimit() < needed) {
    throw new Error(
      `A process may open ${fileLimit()} files here, and ${needed} are needed: raise ulimit -n, or set LOAD_SOCKETS lower.`,
    );
  }
}

/** Many clients in several processes. */
export class Crowd {
  private constructor(private readonly processes: ChildProcess[]) {}

  static start(sockets: number): Crowd {
    const perProcess = Math.min(SOCKETS_PER_PROCESS, fileLimit() - OTHER_FILES);
    const script = join(__dirname, 'clients.ts');
    const processes = Array.from({ length: Math.max(2, Math.ceil(sockets / perProcess)) }, () =>
      spawn(process.execPath, ['--import', join(ROOT, 'test/support/run-typescript.mjs'), script], {
        stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      }),
    );
    return new Crowd(processes);
  }

  connect(url: string, sessionIds: string[], inFlight: number): Promise<Outcome> {
    const share = Math.ceil(sessionIds.length / this.processes.length);
    return this.all((index) => ({
      type: 'connect',
      url,
      sessionIds: sessionIds.slice(index * share, (index + 1) * share),
      inFlight: this.part(inFlight),
    }));
  }

  join(inFlight: number): Promise<Outcome> {
    return this.all(() => ({ type: 'join', inFlight: this.part(inFlight) }));
  }

  storm(count: number): Promise<Outcome> {
    return this.all(() => ({ type: 'storm', count: this.part(count) }));
  }

  close(): Promise<Outcome> {
    return this.all(() => ({ type: 'close' }));
  }

  async stop(): Promise<void> {
    await Promise.all(
      this.processes.map(async (process) => {
        if (process.exitCode !== null) return;
        process.kill('SIGKILL');
        await once(process, 'exit');
      }),
    );
  }

  private part(count: number): number {
    return Math.ceil(count / this.processes.length);
  }

  private async all(command: (index: number) => Command): Promise<Outcome> {
    const outcomes = await Promise.all(
      this.processes.map(async (process, index) => {
        const settled = new AbortController();
        const { signal } = settled;
        const ended = once(process, 'exit', { signal }).then(() =>
          Promise.reject(new Error('A process of clients has ended.')),
        );
        process.send(command(index));
        const [outcome] = (await Promise.race([once(process, 'message', { signal }), ended])) as [Outcome];
        ended.catch(() => undefined);
        settled.abort();
        return outcome;
      }),
    );
    return {
      connectMs: outcomes.flatMap(({ connectMs }) => connectMs),
      joinMs: outcomes.flatMap(({ joinMs }) => joinMs),
      syncMs: outcomes.flatMap(({ syncMs }) => syncMs),
      backMs: outcomes.flatMap(({ backMs }) => backMs),
      synced: Object.assign({}, ...outcomes.map(({ synced }) => synced)) as Outcome['synced'],
      failures: outcomes.flatMap(({ failures }) => failures),
    };
  }
}

/** @param part such as 0.99 */
export function percentile(values: number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * part) - 1)] ?? NaN;
}
