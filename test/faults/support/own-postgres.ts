import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EmbeddedPostgres } from '@app/platform';
import { Client as Postgres } from 'pg';
import type { EmptyDatabase } from '../../support/own-database';

/** A PostgreSQL of one test's own, which it may stop, kill and starve without harm to others. Listens on the same port after a restart. */
export class OwnPostgres {
  private server: EmbeddedPostgres | undefined;
  private pid = 0;
  private frozen: number[] = [];
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
  async freeze(): Promise<void> {
    const sql = new Postgres({ connectionString: this.url });
    await sql.connect();
    const { rows } = await sql.query<{ pid: number }>('SELECT pid FROM pg_stat_activity WHERE pid <> pg_backend_pid()');
    await sql.end();
    // The one that would start new ones goes first.
    this.frozen = [this.pid, ...rows.map(({ pid }) => pid)];
    this.signalFrozen('SIGSTOP');
  }

  thaw(): void {
    this.signalFrozen('SIGCONT');
    this.frozen = [];
  }

  private signalFrozen(signal: NodeJS.Signals): void {
    for (const pid of this.frozen) {
      try {
        process.kill(pid, signal);
      } catch (error) {
        // A server process may have ended with its connection.
        if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
      }
    }
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
