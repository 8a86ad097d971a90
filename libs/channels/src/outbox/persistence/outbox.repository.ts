import { Database, isUniqueViolation } from '@app/platform';
import { Injectable } from '@nestjs/common';
import type { OutboxHead } from '../outbox-row';

/** What identifies one attempt: whoever comes later has another number. */
export type Attempt = Pick<OutboxHead, 'id' | 'attempts'>;

const HEAD = `o.id, o.channel_id AS "channelId", o.conversation_id AS "conversationId", o.message_id AS "messageId", o.part, o.author, o.kind,
  o.content AS "sealedContent", o.attempts, o.own_errors AS "ownErrors", o.status = 'pending' AND o.next_attempt_at <= clock_timestamp() AS "isDue",
  o.status = 'sending' AND o.taken_until <= clock_timestamp() AS "isLapsed", t.thread_key AS "threadKey", i.external_id AS "externalId", i.phone, i.name,
  o.identity_id AS "identityId", t.is_ai_stopped AS "isAiStopped", i.opted_out_at IS NOT NULL AS "isOptedOut",
  (extract(epoch FROM clock_timestamp() - i.last_inbound_at) * 1000)::float8 AS "quietMs",
  c.is_enabled AS "isChannelEnabled", c.problem_code AS "problemCode", c.updated_at AS "channelUpdatedAt",
  o.message_id IS NOT NULL AND said.seq IS NULL AS "isGone", said.seq AS "messageSeq",
  t.replies_left > 0 AND t.reply_until > clock_timestamp() AS "hasReplyAddress",
  coalesce(o.reason = 'may-have-left', false) AS "mayHaveLeft", o.created_at AS "createdAt"`;

/** What is to leave, and how far it got. One row of a conversation is in somebody's hands at a time: the oldest that is open. */
@Injectable()
export class OutboxRepository {
  constructor(private readonly database: Database) {}

  /**
   * In a transaction: the one that is next. Until its end nobody else takes it, and nobody takes the conversation over: whoever does so afterwards sees that
   * it is being sent.
   */
  async lockHead(conversationId: number): Promise<OutboxHead | undefined> {
    const [[conversation], [head]] = await Promise.all([
      this.database.query<{ owner: 'ai' | 'human'; aiFromSeq: number }>(
        'SELECT owner, context_from_seq AS "aiFromSeq" FROM conversations WHERE id = $1 FOR SHARE',
        [conversationId],
      ),
      this.database.query<OutboxHead & { messageSeq: number | null }>(
        `SELECT ${HEAD} FROM channel_outbox o JOIN channels c ON c.id = o.channel_id JOIN channel_identities i ON i.id = o.identity_id
         JOIN channel_threads t ON t.conversation_id = o.conversation_id
         LEFT JOIN LATERAL (
           SELECT m.seq FROM messages m LEFT JOIN turns a ON a.id = m.turn_id
           WHERE m.id = o.message_id AND m.deleted_at IS NULL AND coalesce(a.is_current, true) LIMIT 1
         ) AS said ON true
         WHERE o.conversation_id = $1 AND o.status IN ('pending', 'sending') ORDER BY o.id LIMIT 1 FOR NO KEY UPDATE OF o`,
        [conversationId],
      ),
    ]);
    if (conversation === undefined || head === undefined) return undefined;
    const { messageSeq, ...rest } = head;
    const isFromBefore = rest.author === 'assistant' && messageSeq !== null && messageSeq < conversation.aiFromSeq;
    return { ...rest, owner: conversation.owner, isFromBefore };
  }

  /** It is in the caller's hands for so long. @returns the number of the attempt */
  async take(id: number, kind: 'text' | 'template', forMs: number): Promise<number> {
    const [row] = await this.database.query<{ attempts: number }>(
      `UPDATE channel_outbox SET status = 'sending', kind = $2, reason = NULL, attempts = attempts + 1,
         taken_until = clock_timestamp() + $3 * interval '1 ms' WHERE id = $1 RETURNING attempts`,
      [id, kind, forMs],
    );
    return row!.attempts;
  }

  /** Nobody has it in hand any more, and it may have left. It is tried again `afterMs` after it should have been settled. */
  async lapse(id: number, afterMs: number): Promise<void> {
    await this.database.query(
      `UPDATE channel_outbox SET status = 'pending', reason = 'may-have-left', next_attempt_at = taken_until + $2 * interval '1 ms', taken_until = NULL WHERE id = $1`,
      [id, afterMs],
    );
  }

  /** The other system has it. It may have told already how much further it got. The text is not needed any more. */
  async sent(id: number, externalId: string): Promise<void> {
    const settle = (known: string | null): Promise<unknown> =>
      this.database.query(
        `UPDATE channel_outbox SET status = CASE WHEN status IN ('pending', 'sending', 'dead') THEN 'sent' ELSE status END,
           external_id = coalesce(external_id, $2), sent_at = coalesce(sent_at, now()), reason = CASE WHEN status = 'failed' THEN reason END,
           content = NULL, encryption_key = NULL, taken_until = NULL
         WHERE id = $1`,
        [id, known],
      );
    await settle(externalId).catch((error: unknown) => {
      // Another row has that id already, whatever that means; this one is sent all the same.
      if (!isUniqueViolation(error, 'channel_outbox_external_key')) throw error;
      return settle(null);
    });
  }

  /** It failed and is tried again; whatever stands behind it waits, too. Nothing happens when somebody knows better by now. @param isOwnError it was an error of ours */
  async postpone({ id, attempts }: Attempt, reason: string, afterMs: number, isOwnError: boolean): Promise<void> {
    await this.database.query(
      `WITH postponed AS (
         UPDATE channel_outbox SET status = 'pending', reason = $3, taken_until = NULL, next_attempt_at = clock_timestamp() + $4 * interval '1 ms',
           own_errors = own_errors + $5::integer
         WHERE id = $1 AND status = 'sending' AND attempts = $2 RETURNING conversation_id, next_attempt_at
       )
       UPDATE channel_outbox o SET next_attempt_at = greatest(o.next_attempt_at, p.next_attempt_at) FROM postponed p
       WHERE o.conversation_id = p.conversation_id AND o.status = 'pending' AND o.id <> $1`,
      [id, attempts, reason, afterMs, isOwnError ? 1 : 0],
    );
  }

  /** It was not its fault: the attempt does not count, and it is tried again as soon as it can be. @param kind as what */
  async giveBack({ id, attempts }: Attempt, reason: string | null, kind: 'text' | 'template'): Promise<void> {
    await this.database.query(
      `UPDATE channel_outbox SET status = 'pending', kind = $4, reason = $3, taken_until = NULL, attempts = attempts - 1
       WHERE id = $1 AND status = 'sending' AND attempts = $2`,
      [id, attempts, reason, kind],
    );
  }

  /** Given up; what stands behind it goes on. The text is kept for whoever wants it sent again. */
  async bury({ id, attempts }: Attempt, reason: string): Promise<void> {
    await this.database.query(
      `WITH buried AS (
         UPDATE channel_outbox SET status = 'dead', reason = $3, taken_until = NULL
         WHERE id = $1 AND status IN ('pending', 'sending') AND attempts = $2 RETURNING conversation_id
       )
       UPDATE channel_outbox o SET next_attempt_at = now() FROM buried b
       WHERE o.conversation_id = b.conversation_id AND o.status = 'pending' AND o.id <> $1`,
      [id, attempts, reason],
    );
  }

  async skip(id: number, reason: string): Promise<void> {
    await this.database.query(
      `UPDATE channel_outbox SET status = 'skipped', reason = $2, content = NULL, encryption_key = NULL, taken_until = NULL
       WHERE id = $1 AND status IN ('pending', 'sending')`,
      [id, reason],
    );
  }

  /** Nothing of the conversation is tried for so long: something is wrong that is nobody's turn to settle. */
  async pause(conversationId: number, forMs: number): Promise<void> {
    await this.database.query(
      `UPDATE channel_outbox SET next_attempt_at = greatest(next_attempt_at, now() + $2 * interval '1 ms') WHERE conversation_id = $1 AND status = 'pending'`,
      [conversationId, forMs],
    );
  }

  /** Whether the channel is as it was read. */
  async isChannelUnchanged(channelId: number, updatedAt: Date): Promise<boolean> {
    const rows = await this.database.query(
      `SELECT 1 FROM channels WHERE id = $1 AND date_trunc('milliseconds', updated_at) = $2::timestamptz`,
      [channelId, updatedAt],
    );
    return rows.length > 0;
  }

  /** Whether the person has got a template since they wrote last: one is enough. */
  async hasTemplateSince(identityId: number, exceptId: number): Promise<boolean> {
    const rows = await this.database.query(
      `SELECT 1 FROM channel_identities i JOIN channel_outbox o ON o.identity_id = i.id
       WHERE i.id = $1 AND o.id <> $2 AND o.kind = 'template' AND o.sent_at > coalesce(i.last_inbound_at, '-infinity')
         AND o.status IN ('sent', 'delivered', 'read') LIMIT 1`,
      [identityId, exceptId],
    );
    return rows.length > 0;
  }

  /** Whether something that a model has said is in somebody's hands. */
  async isAssistantSending(conversationId: number): Promise<boolean> {
    const rows = await this.database.query(
      `SELECT 1 FROM channel_outbox WHERE conversation_id = $1 AND status = 'sending' AND author = 'assistant' AND taken_until > clock_timestamp() LIMIT 1`,
      [conversationId],
    );
    return rows.length > 0;
  }

  /** Conversations with something that may be tried now, in channels that work; those that wait longest first. What waits in others is not looked at, however much that is. */
  async due(limit: number): Promise<number[]> {
    const rows = await this.database.query<{ id: number }>(
      `SELECT due.conversation_id AS id FROM channels c CROSS JOIN LATERAL (
         SELECT o.conversation_id, o.next_attempt_at FROM channel_outbox o
         WHERE o.channel_id = c.id AND o.status IN ('pending', 'sending') AND o.next_attempt_at <= now() AND (o.taken_until IS NULL OR o.taken_until <= now())
         ORDER BY o.next_attempt_at LIMIT $1
       ) AS due
       WHERE c.problem_code IS NULL OR NOT c.is_enabled
       GROUP BY due.conversation_id ORDER BY min(due.next_attempt_at) LIMIT $1`,
      [limit],
    );
    return rows.map(({ id }) => id);
  }

  /** Of the oldest rows, those that nobody will ask for any more. @returns how many are gone */
  async removeOlderThan(days: number, limit: number): Promise<number> {
    const rows = await this.database.query(
      `DELETE FROM channel_outbox WHERE id IN (
         SELECT id FROM (SELECT id, created_at, status FROM channel_outbox ORDER BY id LIMIT $2) AS oldest
         WHERE created_at < now() - $1 * interval '1 day' AND status NOT IN ('pending', 'sending')
       ) RETURNING id`,
      [days, limit],
    );
    return rows.length;
  }
}
