import { Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import type { InboxKind } from './inbox.repository';

/** One thing that came in, without what was in it. */
export interface InboxLetter {
  id: number;
  kind: InboxKind;
  status: 'pending' | 'done' | 'ignored' | 'dead';
  reason: string | null;
  attempts: number;
  externalId: string;
  conversationId: number | null;
  messageId: number | null;
  receivedAt: Date;
  notBefore: Date;
  finishedAt: Date | null;
}

const SELECT = `SELECT id, kind, status, reason, attempts, external_id AS "externalId", conversation_id AS "conversationId", message_id AS "messageId",
  received_at AS "receivedAt", not_before AS "notBefore", finished_at AS "finishedAt" FROM channel_inbox`;

/** What came in, for people who look after a channel. Callers make sure that they may. */
@Injectable()
export class InboxLettersRepository {
  constructor(private readonly database: Database) {}

  /** Newest first; one more than `limit` when there are more. */
  list(channelId: number, limit: number, beforeId: number): Promise<InboxLetter[]> {
    return this.database.query<InboxLetter>(`${SELECT} WHERE channel_id = $1 AND id < $3 ORDER BY id DESC LIMIT $2`, [
      channelId,
      limit + 1,
      beforeId,
    ]);
  }

  /** The same of what was given up. */
  listDead(channelId: number, limit: number, beforeId: number): Promise<InboxLetter[]> {
    return this.database.query<InboxLetter>(
      `${SELECT} WHERE channel_id = $1 AND status = 'dead' AND id < $3 ORDER BY id DESC LIMIT $2`,
      [channelId, limit + 1, beforeId],
    );
  }

  async statusOf(channelId: number, id: number): Promise<InboxLetter['status'] | undefined> {
    const [row] = await this.database.query<Pick<InboxLetter, 'status'>>(
      'SELECT status FROM channel_inbox WHERE channel_id = $1 AND id = $2',
      [channelId, id],
    );
    return row?.status;
  }

  /** What was given up is due again. @returns whose it is; undefined when it was not given up, or is erased */
  async revive(channelId: number, id: number): Promise<string | undefined> {
    const [row] = await this.database.query<{ senderKey: string }>(
      `UPDATE channel_inbox SET status = 'pending', attempts = 0, reason = NULL, not_before = now(), finished_at = NULL
       WHERE channel_id = $1 AND id = $2 AND status = 'dead' AND payload IS NOT NULL RETURNING sender_key AS "senderKey"`,
      [channelId, id],
    );
    return row?.senderKey;
  }
}
