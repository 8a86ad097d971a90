import type { ParleyEvent } from '@app/contracts';
import { within } from '../within';

/** Events of some seconds under full load, about 100 kB. Whoever missed one re-reads the row that it is about. */
export const MAX_HELD_EVENTS = 1000;
const RETRY_MS = 500;

interface Hooks {
  /** Shortest time between two sends, in milliseconds. */
  batchMs: number;
  /** Sends some events from the front and returns how many left. */
  send(events: readonly ParleyEvent[]): Promise<number>;
  /** Sending failed, or events were thrown away because too many wait. */
  trouble(error: unknown, droppedEvents: number): void;
}

/**
 * Holds events until they are sent, in their order and one send at a time. The first event after a pause leaves at once. What cannot be
 * sent is tried again; when too many wait, the oldest are dropped.
 */
export class EventOutbox {
  private waiting: ParleyEvent[] = [];
  /** Takes the planned send back; undefined when none is planned. */
  private cancel: (() => void) | undefined;
  private nextSendAt = 0;
  private dropped = 0;
  private sending: Promise<void> | undefined;
  private isClosed = false;

  constructor(private readonly hooks: Hooks) {}

  push(event: ParleyEvent): void {
    if (this.isClosed) return;
    this.waiting.push(event);
    if (this.waiting.length > MAX_HELD_EVENTS) {
      this.waiting.shift();
      this.dropped += 1;
    }
    this.schedule();
  }

  /** Sends what waits, at most `deadlineMs` long, and takes nothing more. */
  async close(deadlineMs: number): Promise<void> {
    this.isClosed = true;
    this.cancel?.();
    const last = Promise.resolve(this.sending).then(() => this.sendWaiting());
    await within(last, deadlineMs).catch(() => undefined);
  }

  private schedule(): void {
    if (this.cancel !== undefined || this.sending !== undefined || this.isClosed) return;
    const waitMs = this.nextSendAt - performance.now();
    const run = (): void => {
      this.cancel = undefined;
      this.sending = this.sendWaiting().finally(() => {
        this.sending = undefined;
        if (this.waiting.length > 0) this.schedule();
      });
    };
    // Not in the same tick: what is published together travels together.
    if (waitMs > 0) {
      const timer = setTimeout(run, waitMs);
      this.cancel = () => clearTimeout(timer);
    } else {
      const immediate = setImmediate(run);
      this.cancel = () => clearImmediate(immediate);
    }
  }

  private async sendWaiting(): Promise<void> {
    if (this.waiting.length === 0) return;
    const batch = this.waiting;
    this.waiting = [];
    this.nextSendAt = performance.now() + this.hooks.batchMs;
    let sent = 0;
    try {
      sent = await this.hooks.send(batch);
    } catch (error) {
      this.nextSendAt = performance.now() + RETRY_MS;
      this.putBack(batch);
      this.report(error);
      return;
    }
    if (sent < batch.length) this.putBack(batch.slice(sent));
    if (this.dropped > 0) this.report(new Error('too many events waited'));
  }

  private putBack(events: readonly ParleyEvent[]): void {
    const all = [...events, ...this.waiting];
    this.waiting = all.slice(-MAX_HELD_EVENTS);
    this.dropped += all.length - this.waiting.length;
  }

  private report(error: unknown): void {
    const { dropped } = this;
    this.dropped = 0;
    this.hooks.trouble(error, dropped);
  }
}
