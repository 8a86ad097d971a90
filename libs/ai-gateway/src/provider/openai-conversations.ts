import type { OpenAI } from 'openai';
import { ApiKeys } from './api-keys';
import {
  type ConversationsApi,
  MAX_REMOTE_ID_LENGTH,
  type RemoteConversation,
  type RemoteItem,
  type RemoteItemPage,
} from './conversations.port';
import { explainFailure, isAbort } from './explain-failure';
import { connectOpenAI } from './openai-connection';
import { ProviderError } from './provider.error';
import type { PromptMessage, ProviderOptions } from './provider.port';
import { withoutQuotes } from './redact';
import { textOf } from './request-content';
import { messageOf } from './responses-message';
import { bodyOf, readText } from './streaming-fetch';
import { type JsonObject, listOf, objectOf, parseJson, stringOf } from './untyped-json';

/** Somebody waits for a reply meanwhile, and these calls generate nothing. */
const LONGEST_CALL_MS = 15_000;
/** A page of 100 items with long messages. */
const MAX_ANSWER_BYTES = 16 * 1024 * 1024;

type Method = 'get' | 'post' | 'delete';

/** The Conversations API over the official client. */
export class OpenAIConversations implements ConversationsApi {
  readonly upstream: string;
  private readonly client: OpenAI;
  private readonly keys: ApiKeys;
  private readonly timeoutMs: number;

  constructor(options: ProviderOptions) {
    this.client = connectOpenAI(options);
    this.keys = options.keys ?? new ApiKeys([options.apiKey || 'none']);
    this.timeoutMs = Math.min(options.contentIdleTimeoutMs, LONGEST_CALL_MS);
    // The simulator has another port at every start and remembers nothing beyond it.
    this.upstream = options.provider === 'simulator' ? 'simulator' : withoutCredentials(options.baseUrl).slice(0, 300);
  }

  async create(metadata: Record<string, string>, signal?: AbortSignal): Promise<RemoteConversation> {
    return conversationIn(await this.call('post', '/conversations', { body: { metadata }, signal }, false));
  }

  async addItems(id: string, messages: readonly PromptMessage[], signal?: AbortSignal): Promise<void> {
    const items = messages.map((message) => ({ type: 'message', ...messageOf(message) }));
    try {
      await this.call('post', `${pathOf(id)}/items`, { body: { items }, signal });
    } catch (error) {
      if (error instanceof ProviderError) error.logDetail = withoutQuotes(error.logDetail, messages.map(textOf));
      throw error;
    }
  }

  async retrieve(id: string): Promise<RemoteConversation> {
    return conversationIn(await this.call('get', pathOf(id)));
  }

  async listItems(id: string, page: { limit: number; after?: string }): Promise<RemoteItemPage> {
    const query = { order: 'asc', limit: page.limit, ...(page.after === undefined ? {} : { after: page.after }) };
    const list = await this.call('get', `${pathOf(id)}/items`, { query });
    if (!Array.isArray(list.data)) throw nonsense('the list of items has no data');
    const items = list.data.map(itemIn).filter((item) => item !== null);
    return { items, hasMore: list.has_more === true, lastId: stringOf(list.last_id) ?? items.at(-1)?.id ?? null };
  }

  async delete(id: string): Promise<void> {
    try {
      await this.call('delete', pathOf(id));
    } catch (error) {
      if (!(error instanceof ProviderError) || error.httpStatus !== 404) throw error;
    }
  }

  private async call(
    method: Method,
    path: string,
    request: { body?: JsonObject; query?: JsonObject; signal?: AbortSignal } = {},
    namesConversation = true,
  ): Promise<JsonObject> {
    const timeout = AbortSignal.timeout(this.timeoutMs);
    const signal = request.signal === undefined ? timeout : AbortSignal.any([timeout, request.signal]);
    let answered = false;
    const apiKey = this.keys.first();
    try {
      const headers = { authorization: `Bearer ${apiKey}` };
      const response = await this.client[method](path, { ...request, headers, signal }).asResponse();
      answered = true;
      this.keys.works(apiKey);
      const stream = bodyOf(response);
      signal.addEventListener('abort', () => void stream.destroy(), { once: true });
      const answer = objectOf(parseJson(await readText(stream, MAX_ANSWER_BYTES)));
      if (answer === null) throw nonsense('the answer is not a JSON object');
      return answer;
    } catch (error) {
      if (error instanceof ProviderError) throw error;
      if (request.signal?.aborted) throw new ProviderError('UPSTREAM.CANCELLED', { cause: error });
      if (timeout.aborted || isAbort(error)) {
        throw new ProviderError('UPSTREAM.TIMEOUT', { logDetail: `${method} ${path}: no answer`, cause: error });
      }
      const failure = explainFailure(error, {
        answered,
        apiKey,
        sentPromptId: false,
        sentConversationId: namesConversation,
      });
      // Each key is put aside at most once in a row, so this ends.
      if (failure.code === 'UPSTREAM.UNAUTHORIZED' && this.keys.putAside(apiKey, failure.code)) {
        return this.call(method, path, request, namesConversation);
      }
      throw failure;
    }
  }
}

const pathOf = (id: string): string => `/conversations/${encodeURIComponent(id)}`;

const nonsense = (logDetail: string): ProviderError => new ProviderError('UPSTREAM.BAD_ANSWER', { logDetail });

function conversationIn(answer: JsonObject): RemoteConversation {
  const id = stringOf(answer.id);
  if (!id || id.length > MAX_REMOTE_ID_LENGTH) throw nonsense('the conversation has no id that can be kept');
  const seconds = answer.created_at;
  return {
    id,
    createdAt: typeof seconds === 'number' && Number.isFinite(seconds) ? new Date(seconds * 1000) : null,
  };
}

function itemIn(value: unknown): RemoteItem | null {
  const item = objectOf(value);
  const id = stringOf(item?.id);
  if (item === null || id === null) return null;
  const { content } = item;
  const texts = listOf(content).map((part) => stringOf(objectOf(part)?.text) ?? stringOf(objectOf(part)?.refusal));
  const text = typeof content === 'string' ? content : texts.filter((part) => part !== null).join('');
  const type = stringOf(item.type) ?? 'message';
  return { id, type, role: stringOf(item.role), text: type === 'message' ? text : null };
}

/** The base URL, fit to be shown and stored. */
export function withoutCredentials(baseUrl: string): string {
  if (!URL.canParse(baseUrl)) return baseUrl;
  const url = new URL(baseUrl);
  if (!url.username && !url.password && !url.search) return baseUrl;
  url.username = '';
  url.password = '';
  url.search = '';
  return url.toString();
}
