import { Readable } from 'node:stream';
import type { OpenFeed } from './turn-feeds';
import { type ServerSentEvent, type ShowEvent, toServerSentEvent } from './turn-events';

/** Proxies close connections that are silent for a minute; a comment says that this one is alive. */
const KEEP_ALIVE_MS = 15_000;
/** How soon a client comes back after a broken connection. */
const RETRY_MS = 1_000;
/** What a reader may be behind before it gets nothing more until it has read on. */
const BUFFER_BYTES = 16 * 1024;

/**
 * A turn as server-sent events (WHATWG HTML, section 9.2). The reader pulls: while it does not read, nothing is put aside for it, and what
 * it missed comes in one piece later.
 */
export class TurnEventStream extends Readable {
  private isWanted = false;
  private isOver = false;
  private readonly keepAlive: NodeJS.Timeout;

  /**
   * @param after number of the last event that the reader knows; 0 for none
   * @param show what the reader is sent for an event; undefined: nothing
   */
  constructor(
    private readonly open: OpenFeed,
    private after: number,
    private readonly show: ShowEvent = toServerSentEvent,
  ) {
    super({ highWaterMark: BUFFER_BYTES });
    open.onChange(() => this.deliver());
    this.keepAlive = setInterval(() => {
      if (this.isWanted) this.push(': keep-alive\n\n');
    }, KEEP_ALIVE_MS);
    this.push(`retry: ${RETRY_MS}\n\n`);
  }

  /** This process is ending; the reader finds the rest of the reply at another one. */
  endEarly(): void {
    if (this.isOver || this.destroyed) return;
    this.push(': this server is restarting; connect again with Last-Event-ID\n\n');
    this.finish();
  }

  override _read(): void {
    this.isWanted = true;
    this.deliver();
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    clearInterval(this.keepAlive);
    this.open.close();
    callback(error);
  }

  private deliver(): void {
    while (this.isWanted && !this.destroyed) {
      const event = this.open.feed.next(this.after);
      if (event === undefined) {
        // Nothing follows an end, and a reader that knew of it gets an empty answer.
        if (this.open.feed.isEnded) this.finish();
        return;
      }
      this.after = event.n;
      const shown = this.show(event, this.open.view);
      if (shown !== undefined) this.isWanted = this.push(written(shown));
      if (event.type === 'end') return this.finish();
    }
  }

  private finish(): void {
    if (this.isOver) return;
    this.isOver = true;
    this.isWanted = false;
    clearInterval(this.keepAlive);
    this.push(null);
  }
}

const written = ({ id, event, data }: ServerSentEvent): string =>
  `id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
