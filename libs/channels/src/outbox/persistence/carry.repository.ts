import { Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import type { ChannelType } from '../../core/channel';
import type { NewPart } from '../outbox-row';
import { SealedOutbox } from './sealed-outbox';

/** A conversation that somebody has through a channel. */
export interface CarriedThread {
  conversationId: number;
  channelId: number;
  identityId: number;
  type: ChannelType;
  /** Messages up to this one are in the outbox, or need not be. */
  carriedSeq: number;
}

/** What is said in conversations, on its way into the outbox. */
@Injectable()
export class CarryRepository {
  constructor(
    private readonly database: Database,
    private readonly sealed: SealedOutbox,
  ) {}

  /** In the transaction that adds a message: somebody is to look. One look-up by the primary key. */
  async note(conversationId: number): Promise<void> {
    await this.database.query(
      'UPDATE channel_threads SET carry_since = coalesce(carry_since, now()) WHERE conversation_id = $1',
      [conversationId],
    );
  }

  /** Whether somebody has noted something that nobody has looked at. */
  async isNoted(conversationId: number): Promise<boolean> {
    const rows = await this.database.query(
      'SELECT 1 FROM channel_threads WHERE conversation_id = $1 AND carry_since IS NOT NULL',
      [conversationId],
    );
    return rows.length > 0;
  }

  async channelOf(conversationId: number): Promise<number | undefined> {
    const [row] = await this.database.query<{ channelId: number }>(
      'SELECT channel_id AS "channelId" FROM channel_threads WHERE conversation_id = $1',
      [conversationId],
    );
    return row?.channelId;
  }

  /**
   * In a transaction: nobody else carries the conversation until its end, and messages that are being added meanwhile are noted afterwards. What refers to
   * others is locked from the top down, as when they are removed.
   */
  async lock(conversationId: number): Promise<CarriedThread | undefined> {
    await this.database.query('SELECT 1 FROM conversations WHERE id = $1 FOR KEY SHARE', [conversationId]);
    await this.database.query(
      `SELECT 1 FROM channel_threads t JOIN channels c ON c.id = t.channel_id JOIN channel_identities i ON i.id = t.identity_id
       WHERE t.conversation_id = $1 FOR KEY SHARE OF c, i`,
      [conversationId],
    );
    const [row] = await this.database.query<CarriedThread>(
      `SELECT t.conversation_id AS "conversationId", t.channel_id AS "channelId", t.identity_id AS "identityId", t.carried_seq AS "carriedSeq",
         (SELECT c.type FROM channels c WHERE c.id = t.channel_id) AS type
       FROM channel_threads t WHERE t.conversation_id = $1 FOR UPDATE`,
      [conversationId],
    );
    return row;
  }

  /** Behind what waits already. What was added before is not added again. */
  async add({ conversationId, channelId, identityId }: CarriedThread, parts: readonly NewPart[]): Promise<void> {
    if (parts.length === 0) return;
    const ids = await this.newIds(parts.length);
    const sealed = parts.map(({ content }, index) =>
      content === null ? null : this.sealed.seal(ids[index]!, content),
    );
    await this.database.query(
      `INSERT INTO channel_outbox (id, channel_id, identity_id, conversation_id, message_id, part, author, kind, content, encryption_key, status, reason, next_attempt_at)
       SELECT p.id, $1, $2, $3, p.message_id, p.part, p.author, 'text', p.content, CASE WHEN p.content IS NOT NULL THEN $4::varchar END,
         CASE WHEN p.content IS NULL THEN 'dead' ELSE 'pending' END, CASE WHEN p.content IS NULL THEN 'unreadable' END,
         greatest(now(), (SELECT max(w.next_attempt_at) FROM channel_outbox w WHERE w.conversation_id = $3 AND w.status IN ('pending', 'sending')))
       FROM unnest($5::bigint[], $6::bigint[], $7::smallint[], $8::varchar[], $9::text[]) AS p (id, message_id, part, author, content)
       ON CONFLICT (message_id, part) DO NOTHING`,
      [
        channelId,
        identityId,
        conversationId,
        this.sealed.keyId,
        ids,
        parts.map(({ messageId }) => messageId),
        parts.map(({ part }) => part),
        parts.map(({ author }) => author),
        sealed,
      ],
    );
  }

  /** @param isAll whether there is nothing behind `seq` */
  async setCarried(conversationId: number, seq: number, isAll: boolean): Promise<void> {
    await this.database.query(
      `UPDATE channel_threads SET carried_seq = greatest(carried_seq, $2), carry_since = CASE WHEN NOT $3::boolean THEN carry_since END
       WHERE conversation_id = $1`,
      [conversationId, seq, isAll],
    );
  }

  /** Conversations in which something was noted so long ago that whoever was to look has not come; those that wait longest first. */
  async overdue(afterMs: number, limit: number): Promise<number[]> {
    const rows = await this.database.query<{ id: number }>(
      `SELECT conversation_id AS id FROM channel_threads WHERE carry_since < now() - $1 * interval '1 ms' ORDER BY carry_since LIMIT $2`,
      [afterMs, limit],
    );
    return rows.map(({ id }) => id);
  }

  /** Ascending. */
  private async newIds(count: number): Promise<number[]> {
    const rows = await this.database.query<{ id: number }>(
      `SELECT nextval(pg_get_serial_sequence('channel_outbox', 'id')) AS id FROM generate_series(1, $1::integer)`,
      [count],
    );
    return rows.map(({ id }) => Number(id)).sort((a, b) => a - b);
  }
}
