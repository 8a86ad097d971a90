import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
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

  /** The application's database, as the rest of the suite wants it. */
  get database(): EmptyDatabase {
    return { url: this.url, drop: () => Promise.resolve() };
  }

  async remove(): Promise<void> {
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
