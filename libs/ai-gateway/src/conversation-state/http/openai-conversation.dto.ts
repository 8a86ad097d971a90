import type { ConversationState } from '@app/contracts';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, Matches, Max, Min } from 'class-validator';
import type { RemoteItem, RemoteItemPage } from '../../provider';
import type { RemoteView } from './openai-conversation.service';

export class ListRemoteItemsQueryDto {
  /** Items per page, 1–100.
   * @example 20 */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(100)
  limit?: number = 20;

  /** Only items after the one with this id: `last_id` of the page before. */
  @IsOptional()
  @IsString()
  @Matches(/^[\w-]{1,100}$/, { message: 'after must be the id of an item, like msg_68e1' })
  after?: string;
}

/** The copy of a conversation at the upstream. */
export class RemoteConversationResponse {
  /** Who keeps the context: `conversation` (the upstream) or `hybrid` (the upstream, with the history here as its fallback).
   * @example hybrid */
  conversation_state: ConversationState;

  /** The upstream's id; null before the first message that needs it.
   * @example conv_68e1f0a5c2d48190 */
  openai_conversation_id: string | null;

  /** @example 2026-11-21T12:00:00.000Z */
  created_at: string | null;

  /** It is deleted at the upstream when it is not used for `OPENAI_CONVERSATION_TTL_DAYS`.
   * @example 2026-11-21T12:05:00.000Z */
  last_used_at: string | null;

  /** Whether the upstream knows it, asked just now; null without an id. A lost one is made again with the next message.
   * @example true */
  is_at_upstream: boolean | null;

  /** Whether it is known to hold exactly what counts here. If not, the next message makes a new one of the history here.
   * @example true */
  is_current: boolean;

  /** The newest turn that it is known to hold; null when that is not known, or none.
   * @example 12 */
  holds_turn_id: number | null;

  /** The newest turn of the history here; null for an empty one.
   * @example 12 */
  newest_turn_id: number | null;

  static from({ state, mapping, isAtUpstream, newestTurnId }: RemoteView): RemoteConversationResponse {
    return {
      conversation_state: state,
      openai_conversation_id: mapping?.openaiConversationId ?? null,
      created_at: mapping?.createdAt.toISOString() ?? null,
      last_used_at: mapping?.usedAt.toISOString() ?? null,
      is_at_upstream: isAtUpstream,
      is_current: isAtUpstream === true && mapping?.holdsTurnId === newestTurnId,
      holds_turn_id: mapping?.holdsTurnId || null,
      newest_turn_id: newestTurnId || null,
    };
  }
}

/** One item of the copy. */
export class RemoteItemResponse {
  /** @example msg_68e1f0a5c2d48190 */
  id: string;

  /** `message`, or what a tool did.
   * @example message */
  type: string;

  /** @example user */
  role: string | null;

  /** The text of a message; null for other items.
   * @example "Hi Alex! How are you doing today?" */
  text: string | null;

  static from({ id, type, role, text }: RemoteItem): RemoteItemResponse {
    return { id, type, role, text };
  }
}

export class RemoteItemListResponse {
  /** Oldest first. */
  items: RemoteItemResponse[];

  /** @example false */
  has_more: boolean;

  /** For `after` of the next page; null on an empty one.
   * @example msg_68e1f0a5c2d48190 */
  last_id: string | null;

  static from(page: RemoteItemPage): RemoteItemListResponse {
    return {
      items: page.items.map((item) => RemoteItemResponse.from(item)),
      has_more: page.hasMore,
      last_id: page.lastId,
    };
  }
}
