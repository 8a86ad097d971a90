import { Injectable } from '@nestjs/common';
import { type MessageToCarry, MessagesToCarryRepository } from './persistence/messages-to-carry.repository';

/** What was said to the person of a conversation, for the library that carries it elsewhere (see `ConversationDelivery`). */
@Injectable()
export class MessagesToCarry {
  constructor(private readonly messages: MessagesToCarryRepository) {}

  /** At most `limit` of them after a place, in their order. */
  after(conversationId: number, afterSeq: number, limit: number): Promise<MessageToCarry[]> {
    return this.messages.after(conversationId, afterSeq, limit);
  }

  /** Undefined when it is not to be carried (any more). */
  find(messageId: number): Promise<MessageToCarry | undefined> {
    return this.messages.find(messageId);
  }
}
