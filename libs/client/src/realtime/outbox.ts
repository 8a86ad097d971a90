import type { MessageAccepted } from '../generated/socket-events.js';
import { newId } from '../http/ids.js';
import { ParleyError } from '../http/parley-error.js';
import { backoffMs, pause } from '../http/waiting.js';
import { isUnanswered } from './link.js';

/** How long a message may wait for a connection. */
const TIMEOUT_MS = 120_000;
/** How often a message is sent again that the backend had no room for. */
const MAX_REFUSALS = 5;

export interface ChatSendOptions {
  /** Made by the client unless you bring one: the same one makes no second message, also after your program was restarted. */
  clientMessageId?: string;
  /** Takes the message back while it has not been sent. */
  signal?: AbortSignal;
  /** How long it may wait for a connection, in milliseconds; 120,000 by default. */
  timeoutMs?: number;
}

interface Entry {
  message: string;
  clientMessageId: string;
  resolve: (accepted: MessageAccepted) => void;
  reject: (error: Error) => void;
  isGivenUp: boolean;
}

/** Messages on their way, one after the other, so that they arrive in the order in which they were said. */
export class Outbox {
  private readonly waiting: Entry[] = [];
  private isRunning = false;

  constructor(
    private readonly deliver: (message: string, clientMessageId: string) => Promise<MessageAccepted>,
    private readonly isOpen: () => boolean,
  ) {}

  send(
    message: string,
    { clientMessageId = newId(), signal, timeoutMs = TIMEOUT_MS }: ChatSendOptions,
  ): Promise<MessageAccepted> {
    return new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      const entry: Entry = { message, clientMessageId, resolve, reject, isGivenUp: false };
      const giveUp = (reason: Error): void => {
        entry.isGivenUp = true;
        reject(reason);
      };
      const timer = setTimeout(
        () =>
          giveUp(new ParleyError({ code: 'CLIENT.TIMEOUT', detail: `It could not be sent within ${timeoutMs} ms.` })),
        timeoutMs,
      );
      const abort = (): void => giveUp(signal!.reason as Error);
      signal?.addEventListener('abort', abort, { once: true });
      const settled = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', abort);
      };
      entry.resolve = (accepted) => (settled(), resolve(accepted));
      entry.reject = (error) => (settled(), reject(error));
      this.waiting.push(entry);
      void this.run();
    });
  }

  /** Sends what waits, as long as there is a connection. Call it when there is one again. */
  async run(): Promise<void> {
    if (this.isRunning) return;
    this.isRunning = true;
    try {
      let refusals = 0;
      for (let entry = this.next(); entry !== undefined && this.isOpen(); entry = this.next()) {
        const outcome = await this.try(entry, refusals);
        refusals = outcome === 'again' ? refusals + 1 : 0;
        if (outcome !== 'again') this.waiting.shift();
      }
    } finally {
      this.isRunning = false;
    }
  }

  /** Nothing will be sent any more. */
  close(error: ParleyError): void {
    for (const entry of this.waiting.splice(0)) entry.reject(error);
  }

  private next(): Entry | undefined {
    while (this.waiting[0]?.isGivenUp === true) this.waiting.shift();
    return this.waiting[0];
  }

  private async try(entry: Entry, refusals: number): Promise<'done' | 'again'> {
    try {
      entry.resolve(await this.deliver(entry.message, entry.clientMessageId));
      return 'done';
    } catch (error) {
      const isBusy = error instanceof ParleyError && error.retryAfter !== undefined;
      if (isUnanswered(error) || (isBusy && refusals < MAX_REFUSALS)) {
        await pause(isBusy ? error.retryAfter * 1000 : backoffMs(refusals + 1));
        return 'again';
      }
      entry.reject(error as Error);
      return 'done';
    }
  }
}
