import type { SocketMessage } from '../generated/socket-events.js';

/** Messages of a chat in their order, each once. */
export class MessageLog {
  /** Seq of the last message that was passed on; undefined before anything is known. */
  lastSeq: number | undefined;

  constructor(private readonly pass: (messages: SocketMessage[]) => void) {}

  /** What the backend answered to "what came after `lastSeq`" (or to a first question): whole and in order. */
  addAll(messages: readonly SocketMessage[]): void {
    const fresh = messages.filter(({ seq }) => seq > (this.lastSeq ?? 0));
    this.lastSeq = fresh.at(-1)?.seq ?? this.lastSeq ?? 0;
    if (fresh.length > 0) this.pass(fresh);
  }

  /** A message that came alone. @returns false when others before it are missing, and then it is not passed on */
  add(message: SocketMessage): boolean {
    if (this.lastSeq === undefined || message.seq > this.lastSeq + 1) return false;
    this.addAll([message]);
    return true;
  }
}
