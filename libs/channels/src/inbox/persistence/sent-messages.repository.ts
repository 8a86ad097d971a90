import { Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import type { InboundEvent } from '../../core/channel-adapter';

type Status = Pick<
  Extract<InboundEvent, { kind: 'status' }>,
  'messageExternalId' | 'status' | 'outboxId' | 'errorCode'
>;

/** Whom a message went to. */
export interface SentTo {
  channelId: number;
  identityId: number;
  conversationId: number;
}

/** Something that may be there under an id that nobody was told. */
export interface MaybeSent {
  id: number;
  conversationId: number;
  messageId: number | null;
  part: number;
  /** Encrypted; null when the other system has acknowledged it, if only at a later try. */
  content: string | null;
  /** Of the try that was acknowledged. */
  externalId: string | null;
}

/** The further a status, the higher; what failed has not arrived. */
const RANK = `CASE status WHEN 'delivered' THEN 2 WHEN 'read' THEN 3 WHEN 'sent' THEN 1 WHEN 'failed' THEN 1 ELSE 0 END`;
const NEW_RANK = `CASE $2::varchar WHEN 'delivered' THEN 2 WHEN 'read' THEN 3 WHEN 'sent' THEN 1 ELSE 2 END`;
const GETS_FURTHER = `status = $2::varchar, reason = $3::varchar, content = NULL, encryption_key = NULL, taken_until = NULL, sent_at = coalesce(sent_at, now()),
  delivered_at = CASE WHEN $2 IN ('delivered', 'read') THEN coalesce(delivered_at, now()) ELSE delivered_at END,
  read_at = CASE WHEN $2 = 'read' THEN coalesce(read_at, now()) ELSE read_at END`;
/** Never back: not from delivered to sent, and not from read to failed. */
const IS_NEWS = `(${RANK}) < (${NEW_RANK}) AND NOT ($2 = 'failed' AND status IN ('delivered', 'read', 'failed'))`;

/** What was sent, as far as what comes in tells of it. */
@Injectable()
export class SentMessagesRepository {
  constructor(private readonly database: Database) {}

  /**
   * A message has got further. When it is not known yet which message that is, our own number tells; then it is known from now on.
   * @returns its conversation; undefined when nothing was sent with that id
   */
  async advance(
    channelId: number,
    { messageExternalId, status, errorCode, outboxId }: Status,
  ): Promise<number | undefined> {
    const reason = status === 'failed' ? `channel:${errorCode ?? 'unknown'}` : null;
    const [known] = await this.database.query<{ id: number; conversationId: number }>(
      `SELECT id, conversation_id AS "conversationId" FROM channel_outbox WHERE channel_id = $1 AND external_id = $2
       UNION ALL SELECT id, conversation_id FROM channel_outbox WHERE channel_id = $1 AND id = $3::bigint AND external_id IS NULL LIMIT 1`,
      [channelId, messageExternalId, outboxId],
    );
    if (known === undefined) return undefined;
    // What stood behind one that was to be tried again waited for it, and need not any more.
    await this.database.query(
      `WITH before AS (
         SELECT id, conversation_id, reason FROM channel_outbox WHERE id = $1 AND status = 'pending'
       ), told AS (
         UPDATE channel_outbox SET ${GETS_FURTHER}, external_id = coalesce(external_id, $4) WHERE id = $1 AND ${IS_NEWS}
         RETURNING id
       )
       UPDATE channel_outbox o SET next_attempt_at = now() FROM before b JOIN told USING (id)
       WHERE b.reason = 'may-have-left' AND o.conversation_id = b.conversation_id AND o.status = 'pending' AND o.id <> $1`,
      [known.id, status, reason, messageExternalId],
    );
    return known.conversationId;
  }

  /** Whether something with this id has left from here. */
  async has(channelId: number, externalId: string): Promise<boolean> {
    const rows = await this.database.query('SELECT 1 FROM channel_outbox WHERE channel_id = $1 AND external_id = $2', [
      channelId,
      externalId,
    ]);
    return rows.length > 0;
  }

  /** Something is on its way to a person at this moment: the answer to the call will tell its id. */
  async isAnythingOnTheWire(identityId: number): Promise<boolean> {
    const rows = await this.database.query(
      `SELECT 1 FROM channel_outbox WHERE conversation_id IN (SELECT conversation_id FROM channel_threads WHERE identity_id = $1)
         AND status = 'sending' AND taken_until > clock_timestamp() LIMIT 1`,
      [identityId],
    );
    return rows.length > 0;
  }

  /** Of the last 200: what was tried and not acknowledged, or more than once, first what nobody knows an id of; of the days in which the other system repeats hooks. */
  mayHaveLeft(identityId: number, limit: number): Promise<MaybeSent[]> {
    return this.database.query<MaybeSent>(
      `SELECT id, conversation_id AS "conversationId", message_id AS "messageId", part, content, external_id AS "externalId"
       FROM (SELECT * FROM channel_outbox WHERE identity_id = $1 ORDER BY id DESC LIMIT 200) AS last
       WHERE kind = 'text' AND created_at > now() - interval '8 days' AND (attempts > 1 OR attempts > 0 AND external_id IS NULL)
       ORDER BY external_id IS NULL DESC, id DESC LIMIT $2`,
      [identityId, limit],
    );
  }

  /** A message of the team's that the person has already. @param externalId its id in the other system @returns false when it is known already */
  async addSent(to: SentTo, messageId: number, externalId: string): Promise<boolean> {
    const rows = await this.database.query(
      `INSERT INTO channel_outbox (channel_id, identity_id, conversation_id, message_id, author, kind, status, external_id, sent_at)
       VALUES ($1, $2, $3, $4, 'agent', 'text', 'sent', $5, now()) ON CONFLICT DO NOTHING RETURNING id`,
      [to.channelId, to.identityId, to.conversationId, messageId, externalId],
    );
    return rows.length > 0;
  }
}
