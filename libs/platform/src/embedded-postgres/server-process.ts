import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { cannotRun, clusterDir } from './cluster';
import type { Places } from './places';
import { isAlive } from './process-identity';
import type { ServerLog } from './server-log';
import { postgresEnv, serverArguments } from './settings';

const FAST_DEADLINE_MS = 10_000;
const IMMEDIATE_DEADLINE_MS = 5000;

/** A server that this process started. It stays in our process group, so that whatever ends the group ends it too. */
export class ServerProcess {
  /** Settles when the server has ended, with what to show as the reason. */
  readonly ended: Promise<string>;

  private constructor(
    private readonly child: ChildProcess,
    private readonly cluster: string,
  ) {
    this.ended = new Promise((resolve) => {
      child.once('exit', (code, signal) => resolve(signal === null ? `exit code ${code}` : `signal ${signal}`));
    });
    process.once('exit', this.interrupt);
    void this.ended.then(() => process.removeListener('exit', this.interrupt));
  }

  static async start(
    places: Places,
    log: ServerLog,
    options: { port: number; owner: string; settings: Record<string, string> },
  ): Promise<ServerProcess> {
    const cluster = clusterDir(places);
    const output = log.open();
    try {
      // Not pg_ctl: it would put the server into a session of its own.
      const child = spawn(
        places.binaries.postgres,
        serverArguments(cluster, options.port, options.owner, options.settings),
        {
          ...places.runAs,
          cwd: places.parent,
          env: postgresEnv(),
          stdio: ['ignore', output, output],
          windowsHide: true,
        },
      );
      await once(child, 'spawn').catch((error: NodeJS.ErrnoException) => {
        throw cannotRun(places.binaries.postgres, error);
      });
      return new ServerProcess(child, cluster);
    } finally {
      closeSync(output);
    }
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  get isRunning(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  async stop(binaries: Places['binaries']): Promise<void> {
    if (!this.isRunning) return;
    await stopServer(this.pid, this.cluster, binaries, () => this.isRunning);
  }

  /** Last resort when the process ends without having called `stop`: a fast shutdown that goes on after us. */
  private readonly interrupt = (): void => {
    if (this.isRunning) this.child.kill('SIGINT');
  };
}

/** Fast shutdown (open transactions are rolled back), then an immediate one, then SIGKILL; each with a deadline. */
export async function stopServer(
  pid: number,
  cluster: string,
  binaries: Places['binaries'],
  isRunning = (): boolean => isAlive(pid),
): Promise<void> {
  const steps: [NodeJS.Signals, number][] = [
    ['SIGINT', FAST_DEADLINE_MS],
    ['SIGQUIT', IMMEDIATE_DEADLINE_MS],
    ['SIGKILL', IMMEDIATE_DEADLINE_MS],
  ];
  for (const [signal, deadlineMs] of steps) {
    if (!isRunning()) return;
    send(pid, signal, cluster, binaries);
    const until = Date.now() + deadlineMs;
    while (isRunning() && Date.now() < until) await delay(20);
  }
}

function send(pid: number, signal: NodeJS.Signals, cluster: string, binaries: Places['binaries']): void {
  if (process.platform === 'win32' && signal === 'SIGINT') {
    // Node's signals end a process at once on Windows; pg_ctl knows how to ask.
    spawnSync(binaries.pgCtl, ['stop', '-D', cluster, '-m', 'fast', '-t', '10'], {
      env: postgresEnv(),
      timeout: 12_000,
    });
    return;
  }
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
