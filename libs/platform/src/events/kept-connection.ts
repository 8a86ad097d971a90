import { within } from '../within';

/** An open connection, as `KeptConnection` sees it. */
export interface OpenConnection {
  /** Settles when the other side answers; tells a dead connection from a quiet one. */
  ping(): Promise<unknown>;
  /** Ends it. Must not wait for the other side. */
  close(): void;
}

const FIRST_RETRY_MS = 500;
const MAX_RETRY_MS = 5000;
const PING_EVERY_MS = 10_000;
const PING_DEADLINE_MS = 5000;

interface Hooks {
  /** Opens one connection. It calls `ended` when that connection ends, once or often; a connection that did not open is reported by rejecting. */
  open(ended: () => void): Promise<OpenConnection>;
  /** A connection is there again after a break. */
  reopened(): void;
  /** The connection is lost or could not be opened; the next attempt follows. */
  trouble(error: unknown): void;
}

/**
 * Keeps exactly one connection open: when it ends, or no longer answers, the next is opened, with growing pauses. At no time are there
 * two attempts.
 */
export class KeptConnection {
  private current: OpenConnection | undefined;
  private retryTimer: NodeJS.Timeout | undefined;
  private pingTimer: NodeJS.Timeout | undefined;
  private isClosed = false;

  constructor(private readonly hooks: Hooks) {}

  get isOpen(): boolean {
    return this.current !== undefined;
  }

  /** The first attempt. With `isRequired` its failure is the caller's; else it is retried like any other. */
  async start(isRequired: boolean): Promise<void> {
    try {
      await this.attempt();
    } catch (error) {
      if (isRequired) throw error;
      this.retry(FIRST_RETRY_MS, error);
    }
  }

  close(): void {
    this.isClosed = true;
    clearTimeout(this.retryTimer);
    this.drop();
  }

  private async attempt(): Promise<void> {
    let hasEnded = false;
    let isOurs = (): boolean => false;
    const opened = await this.hooks.open(() => {
      hasEnded = true;
      if (isOurs()) this.lost(new Error('the connection was closed'));
    });
    isOurs = () => this.current === opened;
    if (this.isClosed) {
      opened.close();
    } else if (hasEnded) {
      opened.close();
      throw new Error('the connection was closed at once');
    } else {
      this.current = opened;
      this.watch(opened);
    }
  }

  private lost(error: unknown): void {
    this.drop();
    this.retry(FIRST_RETRY_MS, error);
  }

  private drop(): void {
    clearInterval(this.pingTimer);
    const dropped = this.current;
    this.current = undefined;
    dropped?.close();
  }

  private retry(delayMs: number, error: unknown): void {
    if (this.isClosed) return;
    this.hooks.trouble(error);
    this.retryTimer = setTimeout(() => {
      this.attempt().then(
        () => {
          if (!this.isClosed) this.hooks.reopened();
        },
        (failure: unknown) => this.retry(Math.min(delayMs * 2, MAX_RETRY_MS), failure),
      );
    }, delayMs);
    this.retryTimer.unref();
  }

  /** A host that vanished closes nothing: without this the connection would look open for many minutes. */
  private watch(connection: OpenConnection): void {
    const check = async (): Promise<void> => {
      try {
        await within(connection.ping(), PING_DEADLINE_MS);
      } catch (error) {
        if (this.current === connection) this.lost(error);
      }
    };
    this.pingTimer = setInterval(() => void check(), PING_EVERY_MS);
    this.pingTimer.unref();
  }
}
