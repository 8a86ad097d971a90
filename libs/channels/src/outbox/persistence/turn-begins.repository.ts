import { Database } from '@app/platform';
import { Injectable } from '@nestjs/common';

/** Whom to show that an answer is being written, and to which of their messages. */
export interface TurnBegin {
  channelId: number;
  /** Their last message there. */
  messageExternalId: string;
  externalId: string;
  phone: string | null;
  name: string | null;
  threadKey: string;
}

@Injectable()
export class TurnBeginsRepository {
  constructor(private readonly database: Database) {}

  /** Undefined when nobody is to be shown anything. */
  async find(conversationId: number): Promise<TurnBegin | undefined> {
    const [row] = await this.database.query<TurnBegin>(
      `SELECT t.channel_id AS "channelId", t.last_external_id AS "messageExternalId", i.external_id AS "externalId", i.phone, i.name, t.thread_key AS "threadKey"
       FROM channel_threads t JOIN conversations v ON v.id = t.conversation_id JOIN channels c ON c.id = t.channel_id
       JOIN channel_identities i ON i.id = t.identity_id
       WHERE t.conversation_id = $1 AND t.last_external_id IS NOT NULL AND v.owner = 'ai' AND NOT t.is_ai_stopped AND i.opted_out_at IS NULL
         AND c.is_enabled AND c.problem_code IS NULL`,
      [conversationId],
    );
    return row;
  }
}
