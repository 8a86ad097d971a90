import { randomUUID } from 'node:crypto';
import type { ErrorScenario } from './scenario';

type Body = Record<string, unknown>;

/** One item as the fake keeps it. */
export interface FakeItem {
  id: string;
  type: string;
  role: string | null;
  text: string;
}

/** A conversation as the fake keeps it. */
export interface FakeConversation {
  id: string;
  createdAt: number;
  metadata: Record<string, string>;
  items: FakeItem[];
  /** Responses that are being written in it. */
  running: number;
}

/** What one message looks like to a model. */
export interface ContextMessage {
  role: string;
  text: string;
}

/** Either what is answered, or why it is refused. */
export type ConversationAnswer = { body: Body } | ErrorScenario;

const MAX_ITEMS = 20;
const MAX_METADATA = 16;

/** OpenAI's conversations, with its limits and its refusals. */
export class FakeConversations {
  private readonly known = new Map<string, FakeConversation>();
  /** False: a server without the Conversations API. */
  isSupported = true;
  /**
   * The documentation says that input and output are added when a response completes. True: the input is added when it begins, so that a
   * response that fails leaves it behind, which clients must survive, too.
   */
  keepsInputOfFailedResponses = false;
  /** Refuses the next so many responses as locked. */
  lockedResponses = 0;

  all(): FakeConversation[] {
    return [...this.known.values()];
  }

  get(id: string): FakeConversation | undefined {
    return this.known.get(id);
  }

  /** As if it had been deleted by somebody else. */
  lose(id: string): void {
    this.known.delete(id);
  }

  clear(): void {
    this.known.clear();
    this.isSupported = true;
    this.keepsInputOfFailedResponses = false;
    this.lockedResponses = 0;
  }

  /** Answers `/conversations…`. @param path without `/v1`, and without the query */
  answer(method: string, path: string, query: URLSearchParams, body: Body | null): ConversationAnswer {
    if (!this.isSupported) return noSuchUrl(method, path);
    const [, , id, items, ...rest] = path.split('/');
    if (rest.length > 0 || (items !== undefined && items !== 'items')) return noSuchUrl(method, path);
    if (id === undefined) return method === 'POST' ? this.create(body ?? {}) : noSuchUrl(method, path);
    const conversation = this.known.get(decodeURIComponent(id));
    if (conversation === undefined) return unknownConversation(decodeURIComponent(id));
    switch (`${method} ${items ?? ''}`) {
      case 'GET ':
        return { body: shown(conversation) };
      case 'DELETE ':
        this.known.delete(conversation.id);
        return { body: { id: conversation.id, object: 'conversation.deleted', deleted: true } };
      case 'GET items':
        return list(conversation, query);
      case 'POST items':
        return add(conversation, body ?? {});
      default:
        return noSuchUrl(method, path);
    }
  }

  /** Why a response may not be written in the conversation that it names; null when it may, or names none. */
  refusalOf(body: Body | null): ErrorScenario | null {
    const id = idIn(body);
    if (id === null) return null;
    if (!this.isSupported) return bad("Unknown parameter: 'conversation'.", 'conversation', 'unknown_parameter');
    if (body?.previous_response_id !== undefined) {
      const message =
        "Mutually exclusive parameters. Ensure you are only providing one of: 'previous_response_id' or 'conversation'.";
      return bad(message, null, 'mutually_exclusive_parameters');
    }
    const conversation = this.known.get(id);
    if (conversation === undefined) return unknownConversation(id);
    if (conversation.running > 0 || this.lockedResponses > 0) {
      if (conversation.running === 0) this.lockedResponses -= 1;
      return bad(
        'Another process is currently operating on this conversation. Please retry in a few seconds.',
        null,
        'conversation_locked',
      );
    }
    return null;
  }

  /** What the model sees: what the conversation holds, then the input of the request. */
  contextOf(body: Body | null): ContextMessage[] {
    const held = this.known.get(idIn(body) ?? '')?.items ?? [];
    const said = [...held, ...itemsIn(body?.input ?? body?.messages)];
    return said.filter(({ type }) => type === 'message').map(({ role, text }) => ({ role: role ?? '', text }));
  }

  /** A response begins in the conversation that the request names. The function it returns ends it, with the reply if it completed. */
  begin(body: Body | null): (reply: string | null) => void {
    const conversation = this.known.get(idIn(body) ?? '');
    if (conversation === undefined) return () => undefined;
    const input = itemsIn(body?.input);
    conversation.running += 1;
    if (this.keepsInputOfFailedResponses) conversation.items.push(...input);
    const isKept = this.keepsInputOfFailedResponses;
    let isOver = false;
    return (reply) => {
      if (isOver) return;
      isOver = true;
      conversation.running -= 1;
      if (reply === null) return;
      if (!isKept) conversation.items.push(...input);
      conversation.items.push({ id: `msg_${hex()}`, type: 'message', role: 'assistant', text: reply });
    };
  }

  private create(body: Body): ConversationAnswer {
    const refusal = refusedItems(body.items) ?? refusedMetadata(body.metadata);
    if (refusal !== null) return refusal;
    const conversation: FakeConversation = {
      id: `conv_${hex()}`,
      createdAt: Math.floor(Date.now() / 1000),
      metadata: (body.metadata ?? {}) as Record<string, string>,
      items: itemsIn(body.items),
      running: 0,
    };
    this.known.set(conversation.id, conversation);
    return { body: shown(conversation) };
  }
}

/** The id in a request: `"conv_…"` or `{"id": "conv_…"}`. */
export function idIn(body: Body | null): string | null {
  const named = body?.conversation;
  if (typeof named === 'string') return named;
  const id = (named as Body | null | undefined)?.id;
  return typeof id === 'string' ? id : null;
}

function add(conversation: FakeConversation, body: Body): ConversationAnswer {
  if (!Array.isArray(body.items)) {
    return bad("Missing required parameter: 'items'.", 'items', 'missing_required_parameter');
  }
  const refusal = refusedItems(body.items);
  if (refusal !== null) return refusal;
  const added = itemsIn(body.items);
  conversation.items.push(...added);
  return { body: listed(added, false) };
}

function list(conversation: FakeConversation, query: URLSearchParams): ConversationAnswer {
  const limit = Number(query.get('limit') ?? 20);
  if (!Number.isInteger(limit) || limit < 1 || limit > 100) {
    return bad(
      "Invalid 'limit': integer out of range. Expected a value between 1 and 100.",
      'limit',
      'integer_out_of_range',
    );
  }
  const ordered = query.get('order') === 'asc' ? conversation.items : [...conversation.items].reverse();
  const after = query.get('after');
  const from = after === null ? 0 : ordered.findIndex(({ id }) => id === after) + 1;
  if (after !== null && from === 0) return bad(`Item with id '${after}' not found.`, 'after', null);
  return { body: listed(ordered.slice(from, from + limit), from + limit < ordered.length) };
}

function listed(items: FakeItem[], hasMore: boolean): Body {
  return {
    object: 'list',
    data: items.map(({ id, type, role, text }) => {
      const part = role === 'assistant' ? { type: 'output_text', text, annotations: [] } : { type: 'input_text', text };
      return { id, type, role, status: 'completed', content: [part] };
    }),
    first_id: items[0]?.id ?? null,
    last_id: items.at(-1)?.id ?? null,
    has_more: hasMore,
  };
}

const shown = ({ id, createdAt, metadata }: FakeConversation): Body => ({
  id,
  object: 'conversation',
  created_at: createdAt,
  metadata,
});

function itemsIn(input: unknown): FakeItem[] {
  if (typeof input === 'string') return [{ id: `msg_${hex()}`, type: 'message', role: 'user', text: input }];
  if (!Array.isArray(input)) return [];
  return (input as Body[]).map((item) => ({
    id: `msg_${hex()}`,
    type: typeof item.type === 'string' ? item.type : 'message',
    role: typeof item.role === 'string' ? item.role : null,
    text: textOf(item.content),
  }));
}

function textOf(content: unknown): string {
  if (typeof content === 'string') return content;
  return Array.isArray(content) ? (content as { text?: string }[]).map(({ text }) => text ?? '').join('') : '';
}

function refusedItems(items: unknown): ErrorScenario | null {
  if (items === undefined || items === null) return null;
  if (!Array.isArray(items)) return bad("Invalid type for 'items': expected an array.", 'items', 'invalid_type');
  if (items.length > MAX_ITEMS) {
    return bad(
      `Invalid 'items': array too long. Expected an array with maximum length ${MAX_ITEMS}, but got an array with length ${items.length} instead.`,
      'items',
      'array_above_max_length',
    );
  }
  return null;
}

function refusedMetadata(metadata: unknown): ErrorScenario | null {
  if (metadata === undefined || metadata === null) return null;
  const pairs = Object.entries(metadata as Body);
  if (pairs.length > MAX_METADATA) {
    return bad(
      `Invalid 'metadata': too many properties. Expected an object with at most ${MAX_METADATA} properties.`,
      'metadata',
      'object_above_max_properties',
    );
  }
  const wrong = pairs.find(([key, value]) => key.length > 64 || typeof value !== 'string' || value.length > 512);
  return wrong === undefined ? null : bad(`Invalid 'metadata.${wrong[0]}'.`, `metadata.${wrong[0]}`, 'invalid_type');
}

const unknownConversation = (id: string): ErrorScenario => ({
  type: 'error',
  status: 404,
  errorType: 'invalid_request_error',
  message: `Conversation with id '${id}' not found.`,
  param: null,
  code: null,
});

const noSuchUrl = (method: string, path: string): ErrorScenario => ({
  type: 'error',
  status: 404,
  errorType: 'invalid_request_error',
  code: null,
  message: `Invalid URL (${method} /v1${path})`,
});

function bad(message: string, param: string | null, code: string | null): ErrorScenario {
  return { type: 'error', status: 400, errorType: 'invalid_request_error', message, param, code };
}

const hex = (): string => randomUUID().replaceAll('-', '');
