import { Database } from '@app/platform';
import { Injectable } from '@nestjs/common';

/** A person as a channel knows them. */
export interface ChannelIdentity {
  id: number;
  channelId: number;
  userId: number;
  clientId: number | null;
  externalId: string;
  phone: string | null;
  name: string | null;
  lastInboundAt: Date | null;
  optedOutAt: Date | null;
  /** The conversation that goes on. */
  conversationId: number | null;
  createdAt: Date;
}

const SELECT = `SELECT i.id, i.channel_id AS "channelId", i.user_id AS "userId", i.client_id AS "clientId", i.external_id AS "externalId", i.phone, i.name,
  i.last_inbound_at AS "lastInboundAt", i.opted_out_at AS "optedOutAt", i.created_at AS "createdAt",
  (SELECT t.conversation_id FROM channel_threads t WHERE t.identity_id = i.id AND t.is_open ORDER BY t.conversation_id DESC LIMIT 1) AS "conversationId"
  FROM channel_identities i`;

/** Who writes through channels. Callers make sure that whoever asks may know it. */
@Injectable()
export class IdentitiesRepository {
  constructor(private readonly database: Database) {}

  /** Newest first; one more than `limit` when there are more. */
  list(channelId: number, limit: number, beforeId: number): Promise<ChannelIdentity[]> {
    return this.database.query<ChannelIdentity>(
      `${SELECT} WHERE i.channel_id = $1 AND i.id < $3 ORDER BY i.id DESC LIMIT $2`,
      [channelId, limit + 1, beforeId],
    );
  }

  async find(channelId: number, id: number): Promise<ChannelIdentity | undefined> {
    const [row] = await this.database.query<ChannelIdentity>(`${SELECT} WHERE i.channel_id = $1 AND i.id = $2`, [
      channelId,
      id,
    ]);
    return row;
  }

  /** In a transaction: what refers to it waits, and then finds it gone. */
  async lock(channelId: number, id: number): Promise<boolean> {
    const rows = await this.database.query(
      'SELECT 1 FROM channel_identities WHERE channel_id = $1 AND id = $2 FOR UPDATE',
      [channelId, id],
    );
    return rows.length > 0;
  }

  /** All of them, also those that have ended. */
  async conversationsOf(id: number, limit: number): Promise<number[]> {
    const rows = await this.database.query<{ id: number }>(
      'SELECT conversation_id AS id FROM channel_threads WHERE identity_id = $1 ORDER BY conversation_id LIMIT $2',
      [id, limit],
    );
    return rows.map((row) => row.id);
  }

  async setOptedOut(channelId: number, id: number, isOptedOut: boolean): Promise<void> {
    await this.database.query(
      `UPDATE channel_identities SET opted_out_at = CASE WHEN $3 THEN coalesce(opted_out_at, now()) END, updated_at = now()
       WHERE channel_id = $1 AND id = $2`,
      [channelId, id, isOptedOut],
    );
  }

  /** @returns whether the client is one of the channel's workspace; otherwise nothing is changed */
  async setClient(channelId: number, id: number, clientId: number | null): Promise<boolean> {
    const rows = await this.database.query(
      `UPDATE channel_identities i SET client_id = $3, updated_at = now() FROM channels c
       WHERE i.channel_id = $1 AND i.id = $2 AND c.id = i.channel_id
         AND ($3::bigint IS NULL OR EXISTS (SELECT 1 FROM clients WHERE id = $3 AND workspace_id = c.workspace_id FOR KEY SHARE)) RETURNING i.id`,
      [channelId, id, clientId],
    );
    return rows.length > 0;
  }

  /**
   * What waits of theirs, or was given up, keeps its external ids only, so that the other system's repeats of it are still known to be such; it is not
   * looked at any more. Of what is settled nothing else was kept.
   */
  async forgetInbox(channelId: number, keys: readonly string[]): Promise<void> {
    await this.database.query(
      `UPDATE channel_inbox SET sender_key = '', payload = NULL, encryption_key = NULL, taken_until = NULL, status = 'ignored', reason = 'erased', finished_at = now()
       WHERE channel_id = $1 AND sender_key = ANY ($2::varchar[]) AND status IN ('pending', 'dead')`,
      [channelId, keys],
    );
  }

  async remove(channelId: number, id: number): Promise<void> {
    await this.database.query('DELETE FROM channel_identities WHERE channel_id = $1 AND id = $2', [channelId, id]);
  }
}
