import { Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { SealedMessages } from './sealed-messages';

/** What was said to the person, by a model, by the team, or as a notice. */
export interface MessageToCarry {
  id: number;
  seq: number;
  role: 'assistant' | 'agent' | 'system';
  /** Markdown; null when it cannot be read. */
  content: string | null;
}

type Row = MessageToCarry & { content: string; encryption_key: string | null };

/**
 * What the person is to get: not what was deleted, stopped, or replaced by another reply, and not what somebody of the team wrote in another program, which
 * has no author here.
 */
const TO_CARRY = `SELECT m.id, m.seq, m.role, m.content, m.encryption_key FROM messages m
  LEFT JOIN LATERAL (SELECT t.is_current FROM turns t WHERE t.id = m.turn_id LIMIT 1) answered ON true
  WHERE m.role IN ('assistant', 'agent', 'system') AND m.status <> 'cancelled' AND m.deleted_at IS NULL AND m.content <> ''
    AND coalesce(answered.is_current, true) AND NOT (m.role = 'agent' AND m.author_id IS NULL)`;

/** For those who carry messages elsewhere. */
@Injectable()
export class MessagesToCarryRepository {
  constructor(
    private readonly database: Database,
    private readonly sealed: SealedMessages,
  ) {}

  /** The first ones after a place, in their order. */
  async after(conversationId: number, afterSeq: number, limit: number): Promise<MessageToCarry[]> {
    const rows = await this.database.query<Row>(
      `${TO_CARRY} AND m.conversation_id = $1 AND m.seq > $2 ORDER BY m.seq LIMIT $3`,
      [conversationId, afterSeq, limit],
    );
    return rows.map((row) => this.opened(row));
  }

  /** Undefined when it is not to be carried (any more). */
  async find(id: number): Promise<MessageToCarry | undefined> {
    const [row] = await this.database.query<Row>(`${TO_CARRY} AND m.id = $1`, [id]);
    return row === undefined ? undefined : this.opened(row);
  }

  private opened({ encryption_key, ...message }: Row): MessageToCarry {
    if (encryption_key === null) return message;
    const opened = this.sealed.content(message.id, message.content);
    return { ...message, content: 'plain' in opened ? opened.plain : null };
  }
}
