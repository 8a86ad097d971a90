import { Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import type { ThreadPlace } from '../../core/surroundings';

/** What is to be known of a conversation to look around it. */
@Injectable()
export class TurnContextRepository {
  constructor(private readonly database: Database) {}

  async thread(conversationId: number): Promise<ThreadPlace | undefined> {
    const [row] = await this.database.query<ThreadPlace>(
      `SELECT t.conversation_id AS "conversationId", t.channel_id AS "channelId", i.id AS "identityId", i.external_id AS "externalId", i.name,
         t.thread_key AS "threadKey", t.last_external_id AS "lastExternalId", ch.reset_at AS "resetAt"
       FROM channel_threads t JOIN channel_identities i ON i.id = t.identity_id
         LEFT JOIN channel_choices ch ON ch.identity_id = i.id AND ch.place = split_part(t.thread_key, ':', 1)
       WHERE t.conversation_id = $1`,
      [conversationId],
    );
    return row;
  }

  /** Those messages of the other system that are in the conversation already. */
  async inConversation(
    { channelId, conversationId }: Pick<ThreadPlace, 'channelId' | 'conversationId'>,
    externalIds: readonly string[],
  ): Promise<Set<string>> {
    const rows = await this.database.query<{ id: string }>(
      `SELECT external_id AS id FROM channel_inbox WHERE channel_id = $1 AND external_id = ANY ($3) AND conversation_id = $2
       UNION ALL SELECT external_id FROM channel_outbox WHERE channel_id = $1 AND external_id = ANY ($3) AND conversation_id = $2`,
      [channelId, conversationId, externalIds],
    );
    return new Set(rows.map(({ id }) => id));
  }

  /** Those people who want nothing to do with it. */
  async optedOut(channelId: number, externalIds: readonly string[]): Promise<Set<string>> {
    const rows = await this.database.query<{ id: string }>(
      'SELECT external_id AS id FROM channel_identities WHERE channel_id = $1 AND external_id = ANY ($2) AND opted_out_at IS NOT NULL',
      [channelId, externalIds],
    );
    return new Set(rows.map(({ id }) => id));
  }
}
