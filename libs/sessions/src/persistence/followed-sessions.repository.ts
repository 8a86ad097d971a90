import { Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import type { SessionEndReason, SessionStatus } from '../session';

/** What a follower knows of a conversation. */
export interface KnownConversation {
  conversationId: number;
  /** The last message that was told. */
  lastSeq: number;
  /** Of its session; null when it belongs to none. */
  status: SessionStatus | null;
}

/** What has changed. */
export interface ConversationNews {
  conversationId: number;
  /** Null: the conversation is erased. */
  lastSeq: number | null;
  status: SessionStatus | null;
  endReason: SessionEndReason | null;
}

/** Sessions as those see them who follow their conversations. Callers have made sure who may follow what. */
@Injectable()
export class FollowedSessionsRepository {
  constructor(private readonly database: Database) {}

  /** Of many conversations in one statement those about which something is new. */
  async changed(known: readonly KnownConversation[]): Promise<ConversationNews[]> {
    return this.database.query<ConversationNews>(
      `SELECT a.conversation_id AS "conversationId", c.last_seq AS "lastSeq", s.status, s.end_reason AS "endReason"
       FROM unnest($1::bigint[], $2::int[], $3::text[]) AS a (conversation_id, last_seq, status)
       LEFT JOIN conversations c ON c.id = a.conversation_id LEFT JOIN sessions s ON s.conversation_id = a.conversation_id
       WHERE c.id IS NULL OR c.last_seq > a.last_seq OR s.status IS DISTINCT FROM a.status`,
      [known.map((each) => each.conversationId), known.map((each) => each.lastSeq), known.map((each) => each.status)],
    );
  }

  /** @returns up to where the session's person has read now; undefined when that has not changed */
  async markRead(conversationId: number, seq: number): Promise<number | undefined> {
    const [row] = await this.database.query<{ readSeq: number }>(
      `UPDATE sessions s SET read_seq = least($2::int, c.last_seq) FROM conversations c
       WHERE s.conversation_id = $1 AND c.id = s.conversation_id AND s.read_seq < least($2::int, c.last_seq) RETURNING s.read_seq AS "readSeq"`,
      [conversationId, seq],
    );
    return row?.readSeq;
  }
}
