import { Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import type { Author, OutboxStatus } from '../outbox-row';
import { SealedOutbox } from './sealed-outbox';

/** What was to leave, without its text. */
export interface Letter {
  id: number;
  conversationId: number;
  identityId: number;
  messageId: number | null;
  part: number;
  author: Author;
  kind: 'text' | 'template';
  status: OutboxStatus;
  reason: string | null;
  attempts: number;
  nextAttemptAt: Date;
  externalId: string | null;
  hasText: boolean;
  createdAt: Date;
  sentAt: Date | null;
  deliveredAt: Date | null;
  readAt: Date | null;
}

const SELECT = `SELECT id, conversation_id AS "conversationId", identity_id AS "identityId", message_id AS "messageId", part, author, kind, status, reason,
  attempts, next_attempt_at AS "nextAttemptAt", external_id AS "externalId", content IS NOT NULL AS "hasText", created_at AS "createdAt", sent_at AS "sentAt",
  delivered_at AS "deliveredAt", read_at AS "readAt" FROM channel_outbox`;

/** What has left a channel, or has not, for those who look after it. Callers make sure that they may. */
@Injectable()
export class LettersRepository {
  constructor(
    private readonly database: Database,
    private readonly sealed: SealedOutbox,
  ) {}

  /** Newest first; one more than `limit` when there are more. */
  list(channelId: number, limit: number, beforeId: number): Promise<Letter[]> {
    return this.database.query<Letter>(`${SELECT} WHERE channel_id = $1 AND id < $3 ORDER BY id DESC LIMIT $2`, [
      channelId,
      limit + 1,
      beforeId,
    ]);
  }

  /** Those that were given up or came back. */
  listDead(channelId: number, limit: number, beforeId: number): Promise<Letter[]> {
    return this.database.query<Letter>(
      `${SELECT} WHERE channel_id = $1 AND id < $3 AND status IN ('dead', 'failed') ORDER BY id DESC LIMIT $2`,
      [channelId, limit + 1, beforeId],
    );
  }

  /** One that was given up or came back. */
  async findDead(channelId: number, id: number): Promise<Letter | undefined> {
    const [row] = await this.database.query<Letter>(
      `${SELECT} WHERE channel_id = $1 AND id = $2 AND status IN ('dead', 'failed')`,
      [channelId, id],
    );
    return row;
  }

  /** @param text null: as it is stored. @returns false: somebody was faster */
  async revive(id: number, text: string | null): Promise<boolean> {
    const rows = await this.database.query(
      `UPDATE channel_outbox SET status = 'pending', kind = 'text', reason = NULL, attempts = 0, own_errors = 0, next_attempt_at = now(), taken_until = NULL,
         external_id = NULL, sent_at = NULL, delivered_at = NULL, read_at = NULL, content = coalesce($2, content),
         encryption_key = CASE WHEN $2::text IS NULL THEN encryption_key ELSE $3 END
       WHERE id = $1 AND status IN ('dead', 'failed') RETURNING id`,
      [id, text === null ? null : this.sealed.seal(id, text), this.sealed.keyId],
    );
    return rows.length > 0;
  }
}
