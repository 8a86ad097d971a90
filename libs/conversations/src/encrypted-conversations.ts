import { Injectable } from '@nestjs/common';

const MAX_KNOWN = 20_000;

/**
 * Conversations that this process has met and that are encrypted, which never changes. Whoever sends through the conversation's own routes does
 * not say so; the first message finds out, at the cost of two more round trips, and the next ones know.
 */
@Injectable()
export class EncryptedConversations {
  private readonly known = new Set<number>();

  has(conversationId: number): boolean {
    return this.known.has(conversationId);
  }

  remember(conversationId: number): void {
    const oldest = this.known.values().next();
    if (this.known.size >= MAX_KNOWN && oldest.done !== true) this.known.delete(oldest.value);
    this.known.add(conversationId);
  }
}
