import { Injectable } from '@nestjs/common';
import {
  type ConversationNews,
  FollowedSessionsRepository,
  type KnownConversation,
} from './persistence/followed-sessions.repository';

/** For the socket door: what becomes of sessions that somebody follows. */
@Injectable()
export class FollowedSessions {
  constructor(private readonly sessions: FollowedSessionsRepository) {}

  /** Of many conversations those about which something is new: messages, the end of their session, or their erasure. */
  async changed(known: readonly KnownConversation[]): Promise<ConversationNews[]> {
    return known.length === 0 ? [] : this.sessions.changed(known);
  }

  /**
   * The session's person has read everything up to this message. It never goes back, and never beyond the last message.
   * @returns the new place; undefined when it is the old one
   */
  async markRead(conversationId: number, seq: number): Promise<number | undefined> {
    return this.sessions.markRead(conversationId, seq);
  }
}
