import type { PromptMessage } from './provider.port';

/** OpenAI takes at most this many items in one create or add (API reference, 2026-11). */
export const MAX_ITEMS_PER_REQUEST = 20;

/** The widest id that is stored; OpenAI's have about 50 characters. */
export const MAX_REMOTE_ID_LENGTH = 100;

/** A conversation as the upstream keeps it. */
export interface RemoteConversation {
  /** Such as `conv_…`, at most 100 characters. */
  id: string;
  /** Null when the upstream did not say. */
  createdAt: Date | null;
}

/** One item of it. Other types than `message` (tool calls, reasoning) have no text. */
export interface RemoteItem {
  id: string;
  type: string;
  role: string | null;
  text: string | null;
}

export interface RemoteItemPage {
  /** Oldest first. */
  items: RemoteItem[];
  hasMore: boolean;
  /** To be given as `after` for the next page; null on an empty one. */
  lastId: string | null;
}

/**
 * OpenAI's Conversations API. Every call ends after `ProviderOptions.contentIdleTimeoutMs`, at most 15 s, and retries nothing.
 * @throws ProviderError always, whatever went wrong; `UPSTREAM.CONVERSATION_NOT_FOUND` for an id that the upstream does not know.
 */
export interface ConversationsApi {
  /** Names the upstream: an id means nothing anywhere else. At most 300 characters. */
  readonly upstream: string;
  /** Makes an empty conversation. @param metadata at most 16 pairs; nothing about a person belongs into it */
  create(metadata: Record<string, string>, signal?: AbortSignal): Promise<RemoteConversation>;
  /** Appends messages in order. @param messages at most `MAX_ITEMS_PER_REQUEST` */
  addItems(id: string, messages: readonly PromptMessage[], signal?: AbortSignal): Promise<void>;
  retrieve(id: string): Promise<RemoteConversation>;
  /** @param page `limit` 1–100 */
  listItems(id: string, page: { limit: number; after?: string }): Promise<RemoteItemPage>;
  /** Removes it with what it holds. One that is not there any more is no error. */
  delete(id: string): Promise<void>;
}
