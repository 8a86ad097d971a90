import { setTimeout as pause } from 'node:timers/promises';

/** A database that takes longer must not hold up what others have said; the sender then sees its own message twice. */
const MAX_WAIT_MS = 2000;
/** Messages that were never read back, because their conversation went away meanwhile. */
const MAX_REMEMBERED = 100;

/** Which socket sent which message: it knows it from the acknowledgement and is not told again. */
export class OwnMessages {
  private senders: Map<number, string> | undefined;
  private underWay: Set<Promise<unknown>> | undefined;

  /** Runs a send. Until it has answered, nobody here is told of new messages: one of them may be its own. */
  async of<T extends { messageId: number }>(socketId: string, send: () => Promise<T>): Promise<T> {
    const sending = send().then((accepted) => {
      this.senders ??= new Map();
      if (this.senders.size >= MAX_REMEMBERED) this.senders.clear();
      this.senders.set(accepted.messageId, socketId);
      return accepted;
    });
    const answered = sending.catch(() => undefined);
    (this.underWay ??= new Set()).add(answered);
    try {
      return await sending;
    } finally {
      this.underWay.delete(answered);
    }
  }

  /** All that were under way have answered. */
  async settled(): Promise<void> {
    if (this.underWay === undefined || this.underWay.size === 0) return;
    const stopped = new AbortController();
    const late = pause(MAX_WAIT_MS, undefined, { signal: stopped.signal }).catch(() => undefined);
    await Promise.race([Promise.all(this.underWay), late]);
    stopped.abort();
  }

  /** The socket here that sent it; asked once per message. */
  senderOf(messageId: number): string | undefined {
    const sender = this.senders?.get(messageId);
    if (sender !== undefined) this.senders?.delete(messageId);
    return sender;
  }
}
