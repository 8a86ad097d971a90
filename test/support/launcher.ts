import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { eventually } from './process';

const ROOT = resolve(__dirname, '../..');
const READY_DEADLINE_MS = 150_000;

/** A data directory that the unprivileged PostgreSQL of a start as root can reach too. */
export function temporaryDataDir(): string {
  const directory = mkdtempSync(join(tmpdir(), 'parley-start-'));
  chmodSync(directory, 0o711);
  return join(directory, 'data');
}

/** `npm start` in a process group of its own, as a terminal would run it. */
export class Launcher {
  output = '';
  private readonly exited: Promise<unknown[]>;

  constructor(env: NodeJS.ProcessEnv) {
    this.child = spawn(process.execPath, [join(ROOT, 'scripts/launch.mjs'), 'start'], {
      cwd: ROOT,
      detached: true,
      env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
    }
    this.exited = once(this.child, 'exit');
  }

  private readonly child: ChildProcess;

  /** The API's URL, once the banner is there. */
  async ready(): Promise<string> {
    return eventually(
      () => {
        if (this.child.exitCode !== null) throw new Error(`It ended:\n${this.output}`);
        return this.output.includes('Parley is ready.') ? /API +(\S+)/.exec(this.output)?.[1] : undefined;
      },
      'the banner',
      READY_DEADLINE_MS,
    );
  }

  /** To every process of the group, as Ctrl-C in a terminal does. */
  signalGroup(signal: NodeJS.Signals): void {
    process.kill(-this.child.pid!, signal);
  }

  /** To the launcher alone. */
  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** Its exit code, or null after a signal. */
  async ended(): Promise<number | null> {
    return (await this.exited)[0] as number | null;
  }

  /** Whether any process of its group is left. */
  isGroupAlive(): boolean {
    try {
      process.kill(-this.child.pid!, 0);
      return true;
    } catch {
      return false;
    }
  }

  async kill(): Promise<void> {
    if (this.isGroupAlive()) this.signalGroup('SIGKILL');
    await eventually(() => (this.isGroupAlive() ? undefined : true), 'the process group to be gone');
  }
}
