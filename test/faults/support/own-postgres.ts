import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EmbeddedPostgres } from '@app/platform';
import type { EmptyDatabase } from '../../support/database';

/** A PostgreSQL of one test's own, which it may stop, kill and starve without harm to others. Listens on the same port after a restart. */
export class OwnPostgres {
  private server: EmbeddedPostgres | undefined;
  private pid = 0;
  url = '';
  /** What the supervisor has to say, and why it gave up if it did. */
  readonly notices: string[] = [];

  private constructor(
    readonly dataDir: string,
    private readonly settings: Record<string, string>,
  ) {}

  /** @param dataDir an existing folder that an unprivileged PostgreSQL can reach; default: a new one */
  static async start(settings: Record<string, string> = {}, dataDir = freshDataDir()): Promise<OwnPostgres> {
    const postgres = new OwnPostgres(dataDir, settings);
    await postgres.up();
    return postgres;
  }

  async up(): Promise<void> {
    this.server = new EmbeddedPostgres({
      dataDir: this.dataDir,
      settings: this.settings,
      onServer: (pid) => (this.pid = pid),
      onNotice: (line) => this.notices.push(line),
      onFatal: (error) => this.notices.push(`fatal: ${error.message}`),
    });
    const { url } = await this.server.start();
    if (this.url !== '' && url !== this.url) {
      throw new Error('PostgreSQL came back on another port: somebody took the old one.');
    }
    this.url = url;
  }

  /** An orderly stop: open transactions are rolled back, connections are told so. */
  async down(): Promise<void> {
    await this.server?.stop();
    this.server = undefined;
  }

  /** All server processes at once, without goodbye; the supervisor starts a new server. */
  crash(): void {
    process.kill(this.pid, 'SIGQUIT');
  }

  /** Stops all its processes where they are. */
  freeze(): void {
    this.signalAll('SIGSTOP');
  }

  thaw(): void {
    this.signalAll('SIGCONT');
  }

  private signalAll(signal: NodeJS.Signals): void {
    const children = readFileSync(`/proc/${this.pid}/task/${this.pid}/children`, 'utf8').trim().split(' ');
    for (const pid of [this.pid, ...children.filter((child) => child !== '').map(Number)]) process.kill(pid, signal);
  }

  /** The application's database, as the rest of the suite wants it. */
  get database(): EmptyDatabase {
    return { url: this.url, drop: () => Promise.resolve() };
  }

  async remove(): Promise<void> {
    // A test that failed may have left it frozen, and then it could not end.
    this.thaw();
    await this.down();
    rmSync(this.dataDir, { recursive: true, force: true });
  }
}

export function freshDataDir(): string {
  const directory = mkdtempSync(join(tmpdir(), 'parley-faults-pg-'));
  // Started as root, PostgreSQL runs as another user, who must get to its files.
  chmodSync(directory, 0o711);
  return directory;
}
