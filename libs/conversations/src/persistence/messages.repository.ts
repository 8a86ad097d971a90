import { Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import type { MessageRole } from './message.entity';
import type { StoredImage } from './message-extras';
import { MESSAGE_COLUMNS, type MessageRow } from './rows';
import { SealedMessages } from './sealed-messages';
import { SealedTexts } from './sealed-texts';

export interface MessagePage {
  limit: number;
  beforeSeq?: number;
  afterSeq?: number;
  /** Only what is part of the conversation as it is told now. */
  isCurrentOnly?: boolean;
}

/** More alternatives of one message than anybody looks at. */
const MAX_SIBLINGS = 200;

export interface OwnedMessage {
  id: number;
  conversation_id: number;
  user_id: number;
  /** Place of the user message of its turn: its own, or that of the message which it answers. */
  user_seq: number;
  role: MessageRole;
  seq: number;
  edit_of_id: number | null;
  /** Of a reply: the turn that it answers. */
  turn_id: number | null;
  /** The user's message: itself, or the one that a reply answers. */
  user_message_id: number;
  deleted_at: Date | null;
  has_images: boolean;
  /** What is said in its conversation is encrypted. */
  is_encrypted: boolean;
  is_current: boolean;
}

/** A message with what makes sense of it among its siblings. A message without a turn is always current. */
const LISTED = `SELECT ${MESSAGE_COLUMNS.split(', ')
  .map((column) => `m.${column}`)
  .join(', ')},
    CASE WHEN m.role = 'assistant' THEN t.is_current
      ELSE coalesce((SELECT bool_or(asked.is_current) FROM turns asked WHERE asked.user_message_id = m.id), true) END AS is_current,
    t.user_message_id AS replies_to_id, f.rating AS feedback_rating, f.comment AS feedback_comment,
    f.encryption_key AS feedback_key
  FROM messages m LEFT JOIN turns t ON t.id = m.turn_id LEFT JOIN message_feedback f ON f.message_id = m.id`;

@Injectable()
export class MessagesRepository {
  constructor(
    private readonly database: Database,
    private readonly sealed: SealedMessages,
    private readonly texts: SealedTexts,
  ) {}

  /** One page in ascending order and one row more than `limit` if there is more. Callers check the conversation's owner first. */
  async page(conversationId: number, page: MessagePage): Promise<MessageRow[]> {
    const isForward = page.afterSeq !== undefined;
    const rows = await this.listed(
      `SELECT * FROM (
         ${LISTED} WHERE m.conversation_id = $1 AND m.deleted_at IS NULL AND m.seq < $2 AND m.seq > $3
       ) AS listed WHERE is_current OR NOT $5 ORDER BY seq ${isForward ? 'ASC' : 'DESC'} LIMIT $4`,
      [
        conversationId,
        page.beforeSeq ?? 2_147_483_647,
        page.afterSeq ?? 0,
        page.limit + 1,
        page.isCurrentOnly ?? false,
      ],
    );
    return isForward ? rows : rows.reverse();
  }

  async findWithOwner(id: number): Promise<OwnedMessage | undefined> {
    const [row] = await this.database.query<OwnedMessage>(
      `SELECT m.id, m.conversation_id, c.user_id, m.role, m.seq, coalesce(t.user_seq, m.seq) AS user_seq, m.edit_of_id, m.turn_id,
         coalesce(t.user_message_id, m.id) AS user_message_id, m.deleted_at,
         m.images IS NOT NULL AS has_images, c.is_encrypted,
         coalesce((SELECT bool_or(asked.is_current) FROM turns asked WHERE asked.user_message_id = coalesce(t.user_message_id, m.id)), true)
           AS is_current
       FROM messages m JOIN conversations c ON c.id = m.conversation_id LEFT JOIN turns t ON t.id = m.turn_id WHERE m.id = $1`,
      [id],
    );
    return row;
  }

  /** The alternatives of a message, oldest first, it among them: replies to the same message, or edits of the same message. */
  async siblings(message: OwnedMessage): Promise<MessageRow[]> {
    return message.role === 'assistant'
      ? this.listed(
          `${LISTED} WHERE t.user_message_id = $1 AND m.deleted_at IS NULL ORDER BY m.seq LIMIT ${MAX_SIBLINGS}`,
          [message.user_message_id],
        )
      : this.listed(
          `${LISTED} WHERE (m.id = $1 OR m.edit_of_id = $1) AND m.deleted_at IS NULL ORDER BY m.seq LIMIT ${MAX_SIBLINGS}`,
          [message.edit_of_id ?? message.id],
        );
  }

  async imagesOf(id: number): Promise<StoredImage[]> {
    const [row] = await this.database.query<{ images: StoredImage[] | null; encryption_key: string | null }>(
      'SELECT images, encryption_key FROM messages WHERE id = $1',
      [id],
    );
    if (row === undefined || row.encryption_key === null) return row?.images ?? [];
    return this.sealed.images(id, row.images) ?? [];
  }

  /** Empties the message and keeps its seq. A copy of the conversation at OpenAI, which holds it too, is let go. */
  async bury(userId: number, id: number): Promise<boolean> {
    const rows = await this.database.query(
      `WITH buried AS (
         UPDATE messages m SET content = '', images = NULL, tool_calls = NULL, citations = NULL, encryption_key = NULL, deleted_at = now() FROM conversations c
         WHERE m.id = $1 AND c.id = m.conversation_id AND c.user_id = $2 AND m.deleted_at IS NULL RETURNING m.conversation_id, m.seq
       )
       UPDATE conversations SET title = CASE WHEN is_title_generated AND (SELECT seq FROM buried) = 1 THEN 'New conversation' ELSE title END,
         message_count = message_count - 1, updated_at = now(), openai_conversation_id = NULL, openai_conversation_turn_id = NULL,
         openai_conversation_upstream = NULL, openai_conversation_created_at = NULL, openai_conversation_used_at = NULL
       WHERE id = (SELECT conversation_id FROM buried) RETURNING id`,
      [id, userId],
    );
    return rows.length > 0;
  }

  private async listed(sql: string, params: readonly unknown[]): Promise<MessageRow[]> {
    const rows = await this.database.query<MessageRow & { feedback_key: string | null }>(sql, params);
    return rows.map((row) => {
      const opened = this.sealed.opened(row);
      if (row.feedback_key === null) return opened;
      return { ...opened, feedback_comment: this.texts.openedComment(row.id, row.feedback_comment ?? null) };
    });
  }
}
