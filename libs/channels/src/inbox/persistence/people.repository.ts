import { Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import type { Sender } from '../../core/channel-adapter';

/** Somebody as a channel knows them. */
export interface PersonRow {
  id: number;
  userId: number;
  externalId: string;
  phone: string | null;
  name: string | null;
  isOptedOut: boolean;
}

const COLUMNS = `id, user_id AS "userId", external_id AS "externalId", phone, name, opted_out_at IS NOT NULL AS "isOptedOut"`;

/** Who writes, as it is found out while messages come in. */
@Injectable()
export class PeopleRepository {
  constructor(private readonly database: Database) {}

  /**
   * By the other system's own id; by the number only somebody of whom no other own id is known, for numbers get new owners.
   */
  async find(channelId: number, { scopedId, phone }: Sender): Promise<PersonRow | undefined> {
    const [row] = await this.database.query<PersonRow>(
      `SELECT * FROM (
         SELECT ${COLUMNS} FROM channel_identities WHERE channel_id = $1 AND external_id = $2
         UNION SELECT ${COLUMNS} FROM channel_identities WHERE channel_id = $1 AND phone = $3 AND ($4::boolean OR external_id = phone)
       ) found ORDER BY "externalId" IS NOT DISTINCT FROM $2 DESC LIMIT 1`,
      [channelId, scopedId ?? phone, phone, scopedId === null],
    );
    return row;
  }

  /** Undefined when somebody else was faster. */
  async add(
    channelId: number,
    userId: number,
    { key, phone, name }: { key: string; phone: string | null; name: string | null },
  ): Promise<PersonRow | undefined> {
    return this.database.transaction(async () => {
      if (phone !== null && key !== phone) await this.releaseNumber(channelId, phone);
      const [row] = await this.database.query<PersonRow>(
        `INSERT INTO channel_identities (channel_id, user_id, external_id, phone, name) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING RETURNING ${COLUMNS}`,
        [channelId, userId, key, phone, name],
      );
      return row;
    });
  }

  /** Whether the user is somebody already: then whoever comes with the same number now is somebody else. */
  async isTaken(userId: number): Promise<boolean> {
    const rows = await this.database.query('SELECT 1 FROM channel_identities WHERE user_id = $1 LIMIT 1', [userId]);
    return rows.length > 0;
  }

  /**
   * What is known now and was not before. A number is whose it was last, unless nothing else is known of the other one; then nobody is written to by it
   * who is known by an own id.
   * @param scopedId takes the place of a phone number by which the person was known
   */
  async learn(channelId: number, id: number, { scopedId, phone, name }: Sender): Promise<void> {
    await this.database.transaction(async () => {
      if (phone !== null && scopedId !== null) await this.releaseNumber(channelId, phone, id);
      await this.database.query(
        `UPDATE channel_identities i SET name = coalesce($5, name), updated_at = now(),
           external_id = CASE WHEN $3::varchar IS NOT NULL AND external_id = phone
             AND NOT EXISTS (SELECT 1 FROM channel_identities o WHERE o.channel_id = $1 AND o.external_id = $3) THEN $3 ELSE external_id END,
           phone = CASE WHEN $4::varchar IS NULL THEN phone
             WHEN EXISTS (SELECT 1 FROM channel_identities o WHERE o.channel_id = $1 AND o.phone = $4 AND o.id <> $2) THEN NULL ELSE $4 END
         WHERE channel_id = $1 AND id = $2`,
        [channelId, id, scopedId, phone, name],
      );
    });
  }

  /**
   * The other system says that a person has other ids now. Who was known by the old ones is not found by them any more: a number gets a new owner.
   * @returns false when somebody has the new ones already: those stay two people
   */
  async move(channelId: number, id: number, to: Sender): Promise<boolean> {
    const key = to.scopedId ?? to.phone;
    const rows = await this.database.query(
      `UPDATE channel_identities SET external_id = $3, phone = $4, updated_at = now() WHERE channel_id = $1 AND id = $2
         AND NOT EXISTS (SELECT 1 FROM channel_identities o WHERE o.channel_id = $1 AND o.id <> $2 AND (o.external_id = $3 OR o.phone = $4)) RETURNING id`,
      [channelId, id, key, to.phone],
    );
    if (rows.length > 0) return true;
    await this.database.query(
      `UPDATE channel_identities SET external_id = CASE WHEN external_id = phone THEN 'former:' || id ELSE external_id END, phone = NULL, updated_at = now()
       WHERE channel_id = $1 AND id = $2 AND phone IS NOT NULL`,
      [channelId, id],
    );
    return false;
  }

  /** From whoever else is known by an own id, too. */
  private async releaseNumber(channelId: number, phone: string, exceptId = 0): Promise<void> {
    await this.database.query(
      'UPDATE channel_identities SET phone = NULL, updated_at = now() WHERE channel_id = $1 AND phone = $2 AND external_id <> phone AND id <> $3',
      [channelId, phone, exceptId],
    );
  }

  /**
   * A message of theirs: it opens the window, and counts once, however often it is tried.
   * @param inboxId its row; those of one person are looked at in their order
   * @returns how many there were within its minute, this one included; 0 when it was counted before
   */
  async countMessage(id: number, inboxId: number, receivedAt: Date, wroteAt: Date): Promise<number> {
    const [row] = await this.database.query<{ count: number }>(
      `UPDATE channel_identities SET last_inbound_at = greatest(last_inbound_at, $4::timestamptz), counted_inbox_id = $2,
         minute_messages = CASE WHEN minute_began_at > $3::timestamptz - interval '1 minute' THEN minute_messages + 1 ELSE 1 END,
         minute_began_at = CASE WHEN minute_began_at > $3::timestamptz - interval '1 minute' THEN minute_began_at ELSE $3::timestamptz END
       WHERE id = $1 AND counted_inbox_id < $2 RETURNING minute_messages AS count`,
      [id, inboxId, receivedAt, wroteAt],
    );
    return row?.count ?? 0;
  }

  /** @returns whether that is news */
  async setOptedOut(id: number, isOptedOut: boolean): Promise<boolean> {
    const rows = await this.database.query(
      `UPDATE channel_identities SET opted_out_at = CASE WHEN $2::boolean THEN now() END, updated_at = now()
       WHERE id = $1 AND (opted_out_at IS NULL) = $2::boolean RETURNING id`,
      [id, isOptedOut],
    );
    return rows.length > 0;
  }
}
