import { ApiProperty } from '@nestjs/swagger';
import type { ConversationListRow } from '../persistence/conversations.repository';
import type { ConversationRow } from '../persistence/rows';
import type { MessageRole, MessageStatus } from '../persistence/message.entity';

const iso = (value: Date | string): string => new Date(value).toISOString();

/** A conversation of one user with one persona. */
export class ConversationResponse {
  /** @example 1 */
  id: number;

  /** Given, or made of the first message.
   * @example "First Chat with Alex" */
  title: string;

  /** @example 1 */
  persona_id: number;

  /** @example 1 */
  user_id: number;

  /** @example 1 */
  workspace_id: number;

  /** An inactive conversation can be read but takes no messages.
   * @example true */
  is_active: boolean;

  /** Who answers: the AI or a person.
   * @example ai */
  owner: 'ai' | 'human';

  /** Messages that are not deleted.
   * @example 2 */
  message_count: number;

  /** @example 2026-11-21T12:00:00.000Z */
  created_at: string;

  /** @example 2026-11-21T12:05:00.000Z */
  updated_at: string;

  static from(row: ConversationRow): ConversationResponse {
    return {
      id: row.id,
      title: row.title,
      persona_id: row.persona_id,
      user_id: row.user_id,
      workspace_id: row.workspace_id,
      is_active: row.is_active,
      owner: row.owner,
      message_count: row.message_count,
      created_at: iso(row.created_at),
      updated_at: iso(row.updated_at),
    };
  }
}

/** The newest message of a conversation, in short. */
export class LastMessageResponse {
  /** @example 2 */
  id: number;
  /** @example 2 */
  seq: number;
  /** @example assistant */
  @ApiProperty({ enum: ['user', 'assistant', 'agent', 'system'] })
  role: MessageRole;
  /** @example completed */
  status: MessageStatus;
  /** @example "Hey there!" */
  content: string;
  /** @example 2026-11-21T12:05:01.000Z */
  created_at: string;
}

/** A conversation as it stands in the list. */
export class ConversationListItemResponse extends ConversationResponse {
  /** Null while it is empty. */
  last_message: LastMessageResponse | null;

  static fromListRow(row: ConversationListRow): ConversationListItemResponse {
    const last = row.last_message;
    return {
      ...ConversationResponse.from(row),
      last_message: last === null ? null : { ...last, created_at: iso(last.created_at) },
    };
  }
}

/** A page of conversations, the most recently used first. */
export class ConversationListResponse {
  conversations: ConversationListItemResponse[];

  /** @example false */
  has_more: boolean;

  /** Pass it as `cursor` for the next page; null when there is none.
   * @example null */
  next_cursor: string | null;
}
