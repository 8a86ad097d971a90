import { Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { MESSAGE_COLUMNS, type MessageRow } from './rows';

export interface MessagePage {
  limit: number;
  beforeSeq?: number;
  afterSeq?: number;
}

interface OwnedMessage {
  id: number;
  conversation_id: number;
  user_id: number;
  deleted_at: Date | null;
}

@Injectable()
export class MessagesRepository {
  constructor(private readonly database: Database) {}

  /** One page in ascending order and one row more than `limit` if there is more. Callers check the conversation's owner first. */
  async page(conversationId: number, page: MessagePage): Promise<MessageRow[]> {
    const isForward = page.afterSeq !== undefined;
    const rows = await this.database.query<MessageRow>(
      `SELECT ${MESSAGE_COLUMNS} FROM messages
       WHERE conversation_id = $1 AND deleted_at IS NULL AND seq < $2 AND seq > $3
       ORDER BY seq ${isForward ? 'ASC' : 'DESC'} LIMIT $4`,
      [conversationId, page.beforeSeq ?? 2_147_483_647, page.afterSeq ?? 0, page.limit + 1],
    );
    return isForward ? rows : rows.reverse();
  }

  async findWithOwner(id: number): Promise<OwnedMessage | undefined> {
    const [row] = await this.database.query<OwnedMessage>(
      `SELECT m.id, m.conversation_id, c.user_id, m.deleted_at FROM messages m JOIN conversations c ON c.id = m.conversation_id WHERE m.id = $1`,
      [id],
    );
    return row;
  }

  /** Empties the message and keeps its seq. A copy of the conversation at OpenAI, which holds it too, is let go. */
  async bury(userId: number, id: number): Promise<boolean> {
    const rows = await this.database.query(
      `WITH buried AS (
         UPDATE messages m SET content = '', deleted_at = now() FROM conversations c
         WHERE m.id = $1 AND c.id = m.conversation_id AND c.user_id = $2 AND m.deleted_at IS NULL RETURNING m.conversation_id
       )
       UPDATE conversations SET message_count = message_count - 1, updated_at = now(), openai_conversation_id = NULL, openai_conversation_turn_id = NULL,
         openai_conversation_upstream = NULL, openai_conversation_created_at = NULL, openai_conversation_used_at = NULL
       WHERE id = (SELECT conversation_id FROM buried) RETURNING id`,
      [id, userId],
    );
    return rows.length > 0;
  }
}
