import { Database, FieldCipher } from '@app/platform';
import { Injectable } from '@nestjs/common';
import type { InboundEvent } from '../../core/channel-adapter';

export type InboxKind = Exclude<InboundEvent['kind'], 'other'>;

export interface NewInboxRow {
  channelId: number;
  externalId: string;
  senderKey: string;
  kind: InboxKind;
  event: InboundEvent;
}

export interface AddedRow {
  channelId: number;
  senderKey: string;
  kind: InboxKind;
}

/** A row that is in this worker's hands until `taken_until`. */
export interface TakenRow {
  id: number;
  channelId: number;
  externalId: string;
  senderKey: string;
  kind: InboxKind;
  /** Encrypted. */
  payload: string | null;
  /** This one included. Whoever has another number has lost the row to somebody else. */
  attempts: number;
  receivedAt: Date;
  /** Since it was received, by the database's clock. */
  ageMs: number;
}

/** What has become of a row for good. */
export interface Settled {
  status: 'done' | 'ignored';
  /** Why it was ignored. */
  reason?: string;
  conversationId?: number;
  messageId?: number;
  /** The person has been told so a moment ago. */
  isTold?: boolean;
}

/** Why a row waits whose channel is switched off. */
export const CHANNEL_OFF = 'channel_disabled';
/** So long; then it is given up. */
export const WAITS_FOR_CHANNEL_MS = 24 * 3_600_000;

/** Place that a payload is bound to. */
const placeOf = (id: number): string => `channel_inbox/${id}/payload`;

/** What came in, from its acknowledgement until it is looked at. In order per sender: a row is taken only when there is no older one open. */
@Injectable()
export class InboxRepository {
  constructor(
    private readonly database: Database,
    private readonly cipher: FieldCipher,
  ) {}

  /** Stores what is new, in one statement. What was there before, and what is for a channel that is gone, is left out. What is for one that is switched off waits. */
  async add(rows: readonly NewInboxRow[]): Promise<AddedRow[]> {
    const ids = await this.database.query<{ id: number }>(
      `SELECT nextval(pg_get_serial_sequence('channel_inbox', 'id')) AS id FROM generate_series(1, $1::integer) ORDER BY 1`,
      [rows.length],
    );
    const sealed = rows.map((row, index) => {
      const id = Number(ids[index]!.id);
      return { ...row, id, payload: this.cipher.encrypt(JSON.stringify(row.event), placeOf(id)) };
    });
    // In one order for all, so that two hooks with the same events cannot wait for each other.
    sealed.sort((a, b) => (a.externalId < b.externalId ? -1 : 1));
    return this.database.query<AddedRow>(
      `INSERT INTO channel_inbox (id, channel_id, external_id, sender_key, kind, payload, encryption_key, reason, not_before)
       SELECT n.id, n.channel_id, n.external_id, n.sender_key, n.kind, n.payload, $7, CASE WHEN NOT c.is_enabled THEN '${CHANNEL_OFF}' END,
         CASE WHEN c.is_enabled THEN now() ELSE now() + interval '${WAITS_FOR_CHANNEL_MS} ms' END
       FROM unnest($1::bigint[], $2::bigint[], $3::varchar[], $4::varchar[], $5::varchar[], $6::text[])
         WITH ORDINALITY AS n (id, channel_id, external_id, sender_key, kind, payload, place)
       JOIN channels c ON c.id = n.channel_id ORDER BY n.place FOR KEY SHARE OF c
       ON CONFLICT (channel_id, external_id) DO NOTHING RETURNING channel_id AS "channelId", sender_key AS "senderKey", kind`,
      [
        sealed.map(({ id }) => id),
        sealed.map(({ channelId }) => channelId),
        sealed.map(({ externalId }) => externalId),
        sealed.map(({ senderKey }) => senderKey),
        sealed.map(({ kind }) => kind),
        sealed.map(({ payload }) => payload),
        this.cipher.currentKeyId,
      ],
    );
  }

  /** The oldest open row of a sender, for a minute; undefined when there is none, it is not due yet, or somebody has it. */
  async take(channelId: number, senderKey: string, forMs: number): Promise<TakenRow | undefined> {
    const [row] = await this.database.query<TakenRow>(
      `UPDATE channel_inbox SET taken_until = now() + $3 * interval '1 millisecond', attempts = attempts + 1
       WHERE id = (SELECT id FROM channel_inbox WHERE channel_id = $1 AND sender_key = $2 AND status = 'pending' ORDER BY id LIMIT 1)
         AND status = 'pending' AND not_before <= now() AND (taken_until IS NULL OR taken_until < now())
       RETURNING id, channel_id AS "channelId", external_id AS "externalId", sender_key AS "senderKey", kind, payload, attempts,
         received_at AS "receivedAt", extract(epoch FROM now() - received_at)::float8 * 1000 AS "ageMs"`,
      [channelId, senderKey, forMs],
    );
    return row;
  }

  /** @throws DecryptionError */
  open({ id, payload }: Pick<TakenRow, 'id' | 'payload'>): InboundEvent {
    if (payload === null) throw new Error('The payload is erased.');
    return JSON.parse(this.cipher.decrypt(payload, placeOf(id))) as InboundEvent;
  }

  /** @returns false when somebody else has the row meanwhile */
  async keep({ id, attempts }: TakenRow, forMs: number): Promise<boolean> {
    const rows = await this.database.query(
      `UPDATE channel_inbox SET taken_until = now() + $3 * interval '1 millisecond' WHERE id = $1 AND attempts = $2 AND status = 'pending' RETURNING id`,
      [id, attempts, forMs],
    );
    return rows.length > 0;
  }

  /** What was in it, and whose it was, is erased: its id is enough to know it when it comes again. @returns false when somebody else has the row meanwhile, or it is settled */
  async settle({ id, attempts }: TakenRow, { status, reason, conversationId, messageId }: Settled): Promise<boolean> {
    const rows = await this.database.query(
      `UPDATE channel_inbox SET status = $3, reason = $4, conversation_id = $5, message_id = $6, sender_key = '', payload = NULL, encryption_key = NULL, taken_until = NULL,
         finished_at = now() WHERE id = $1 AND attempts = $2 AND status = 'pending' RETURNING id`,
      [id, attempts, status, reason ?? null, conversationId ?? null, messageId ?? null],
    );
    return rows.length > 0;
  }

  /** It is tried again. @param isAttempt false: it does not count */
  async postpone({ id, attempts }: TakenRow, delayMs: number, reason: string, isAttempt: boolean): Promise<void> {
    await this.database.query(
      `UPDATE channel_inbox SET not_before = now() + $3 * interval '1 millisecond', taken_until = NULL, reason = $4,
         attempts = CASE WHEN $5::boolean THEN attempts ELSE attempts - 1 END WHERE id = $1 AND attempts = $2 AND status = 'pending'`,
      [id, attempts, delayMs, reason, isAttempt],
    );
  }

  /** What waits for a channel that is switched on by now is due. @returns how many rows */
  async channelsAreOn(limit: number): Promise<number> {
    const rows = await this.database.query(
      `UPDATE channel_inbox SET not_before = now(), reason = NULL WHERE id = ANY (ARRAY(
         SELECT i.id FROM channels c JOIN channel_inbox i ON i.channel_id = c.id
         WHERE c.is_enabled AND i.status = 'pending' AND i.reason = '${CHANNEL_OFF}' LIMIT $1)) RETURNING id`,
      [limit],
    );
    return rows.length;
  }

  /** It is given up, and kept as it is: it can be tried again. */
  async bury({ id, attempts }: TakenRow, reason: string): Promise<void> {
    await this.database.query(
      `UPDATE channel_inbox SET status = 'dead', reason = $3, taken_until = NULL, finished_at = now() WHERE id = $1 AND attempts = $2 AND status = 'pending'`,
      [id, attempts, reason],
    );
  }

  /** Senders whose oldest open row is due, and whom nobody has. */
  waiting(olderThanMs: number, limit: number): Promise<{ channelId: number; senderKey: string }[]> {
    return this.database.query(
      `SELECT i.channel_id AS "channelId", i.sender_key AS "senderKey" FROM channel_inbox i
       WHERE i.status = 'pending' AND i.not_before <= now() - $1 * interval '1 millisecond' AND (i.taken_until IS NULL OR i.taken_until < now())
         AND NOT EXISTS (SELECT 1 FROM channel_inbox o WHERE o.status = 'pending' AND o.channel_id = i.channel_id AND o.sender_key = i.sender_key AND o.id < i.id)
       ORDER BY i.not_before LIMIT $2`,
      [olderThanMs, limit],
    );
  }

  /** Of what is settled, or was given up. What the other system repeats after that would be new. @returns how many */
  async removeFinished(olderThanDays: number, limit: number): Promise<number> {
    const rows = await this.database.query(
      `DELETE FROM channel_inbox WHERE id = ANY (ARRAY(SELECT id FROM channel_inbox
         WHERE status <> 'pending' AND finished_at < now() - $1 * interval '1 day' ORDER BY finished_at LIMIT $2)) RETURNING id`,
      [olderThanDays, limit],
    );
    return rows.length;
  }
}
