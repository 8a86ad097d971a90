import { copyFileSync, fchownSync, existsSync, openSync, readFileSync, statSync, truncateSync } from 'node:fs';
import type { RunAs } from './run-as';

const MAX_BYTES = 10_000_000;
const CHECK_EVERY_MS = 60_000;

/** The server's log file: appended to by the server itself, kept below 2 × 10 MB by moving it to `<file>.1`. */
export class ServerLog {
  private timer: NodeJS.Timeout | undefined;
  private startedAt = 0;

  constructor(
    readonly file: string,
    private readonly runAs: RunAs | undefined,
  ) {}

  /** A descriptor to start the server with. The caller closes it once the server has its copy. */
  open(): number {
    this.rotate();
    const descriptor = openSync(this.file, 'a', 0o600);
    if (this.runAs !== undefined) fchownSync(descriptor, this.runAs.uid, this.runAs.gid);
    this.startedAt = this.size();
    this.timer ??= setInterval(() => this.rotate(), CHECK_EVERY_MS).unref();
    return descriptor;
  }

  close(): void {
    clearInterval(this.timer);
    this.timer = undefined;
  }

  /** What the server wrote since {@link open}. */
  sinceStart(): string {
    if (!existsSync(this.file)) return '';
    return readFileSync(this.file).subarray(this.startedAt).toString('utf8');
  }

  tail(lines = 15): string {
    return this.sinceStart().trim().split('\n').slice(-lines).join('\n');
  }

  private rotate(): void {
    if (this.size() < MAX_BYTES) return;
    try {
      // Copied and cut, not renamed: the server keeps its descriptor, and in append mode it goes on at the new end.
      copyFileSync(this.file, `${this.file}.1`);
      truncateSync(this.file, 0);
      this.startedAt = 0;
    } catch {
      // A full disk must not end the application because of a log.
    }
  }

  private size(): number {
    return statSync(this.file, { throwIfNoEntry: false })?.size ?? 0;
  }
}
