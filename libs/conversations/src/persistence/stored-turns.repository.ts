import { CUSTOMER_CHANNELS } from '@app/contracts';
import { Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { SealedMessages } from './sealed-messages';

/** Which turns of a workspace are read again. */
export interface StoredTurnsFilter {
  workspaceId: number;
  /** What members say to personas for themselves is read for nobody else. */
  readerId: number;
  personaId: number | null;
  /** Messages from here on. */
  from: Date | null;
  /** Messages before. */
  to: Date | null;
}

/** The turn that was read last. */
export interface StoredTurnPlace {
  conversationId: number;
  seq: number;
  turnId: number;
}

/** A finished turn as it was: what was said, and how the answer went. */
export interface StoredTurn extends StoredTurnPlace {
  messageId: number;
  personaId: number;
  channel: string;
  saidAt: Date;
  /** Null: it is encrypted and cannot be read. */
  said: string | null;
  confidence: number | null;
  errorCode: string | null;
  /** Why people took over at this turn; null: they did not. */
  escalationReason: string | null;
}

type Row = StoredTurn & { said: string; encryptionKey: string | null };

@Injectable()
export class StoredTurnsRepository {
  constructor(
    private readonly database: Database,
    private readonly sealed: SealedMessages,
  ) {}

  /** The next turns, by conversation and then in their order. Conversations of doors for customers, and the reader's own. */
  async after(filter: StoredTurnsFilter, place: StoredTurnPlace, limit: number): Promise<StoredTurn[]> {
    const rows = await this.database.query<Row>(
      `SELECT c.id AS "conversationId", c.persona_id AS "personaId", c.channel, t.*
       FROM (
         SELECT id, persona_id, channel FROM conversations
         WHERE workspace_id = $1 AND id >= $7 AND ($3::bigint IS NULL OR persona_id = $3)
           AND (channel = ANY ($10::varchar[]) OR user_id = $2)
           AND ($4::timestamptz IS NULL OR updated_at >= $4) AND ($5::timestamptz IS NULL OR created_at < $5)
         ORDER BY id
       ) c CROSS JOIN LATERAL (
         SELECT t.id AS "turnId", t.user_seq AS seq, said.id AS "messageId", said.content AS said, said.encryption_key AS "encryptionKey",
           said.created_at AS "saidAt", reply.confidence, t.error_code AS "errorCode", t.escalation_reason AS "escalationReason"
         FROM turns t JOIN messages said ON said.id = t.user_message_id LEFT JOIN messages reply ON reply.turn_id = t.id
         WHERE t.conversation_id = c.id AND t.is_current AND t.finished_at IS NOT NULL AND said.deleted_at IS NULL
           AND (c.id > $7 OR (t.user_seq, t.id) > ($8, $9))
           AND ($4::timestamptz IS NULL OR said.created_at >= $4) AND ($5::timestamptz IS NULL OR said.created_at < $5)
         ORDER BY t.user_seq, t.id LIMIT $6
       ) t ORDER BY c.id, t.seq, t."turnId" LIMIT $6`,
      [
        filter.workspaceId,
        filter.readerId,
        filter.personaId,
        filter.from,
        filter.to,
        limit,
        place.conversationId,
        place.seq,
        place.turnId,
        CUSTOMER_CHANNELS,
      ],
    );
    return rows.map(({ encryptionKey, ...turn }) =>
      encryptionKey === null ? turn : { ...turn, said: this.opened(turn.messageId, turn.said) },
    );
  }

  private opened(messageId: number, stored: string): string | null {
    const opened = this.sealed.content(messageId, stored);
    return 'plain' in opened ? opened.plain : null;
  }
}
