import { randomUUID } from 'node:crypto';
import { type JsonObject, listOf, objectOf, stringOf } from '../untyped-json';
import type { SimulatedMessage } from './simulator-answer';
import { messagesIn } from './simulator-request';

/** Memory is bounded: the conversation that was not used for longest goes first, and of each only the newest items stay. */
const MAX_CONVERSATIONS = 1_000;
const MAX_ITEMS = 1_000;
/** What OpenAI takes at once. */
const MAX_ITEMS_AT_ONCE = 20;

interface Item extends SimulatedMessage {
  id: string;
}

interface Conversation {
  createdAt: number;
  metadata: JsonObject;
  items: Item[];
}

/** An answer of the Conversations API. */
export interface SimulatedAnswer {
  status: number;
  body: JsonObject;
}

/** OpenAI's conversations, in memory only. */
export class SimulatorConversations {
  private readonly known = new Map<string, Conversation>();

  /** @param path such as `/conversations/conv_1/items` */
  answer(method: string, path: string, query: URLSearchParams, body: unknown): SimulatedAnswer {
    const [, , id, items] = path.split('/');
    if (id === undefined) return method === 'POST' ? this.create(body) : refused(405, 'Use POST.');
    const conversation = this.touch(decodeURIComponent(id));
    if (conversation === undefined) return refused(404, `Conversation with id '${decodeURIComponent(id)}' not found.`);
    switch (`${method} ${items ?? ''}`) {
      case 'GET ':
        return { status: 200, body: shown(id, conversation) };
      case 'DELETE ':
        this.known.delete(id);
        return { status: 200, body: { id, object: 'conversation.deleted', deleted: true } };
      case 'POST items':
        return this.add(conversation, body);
      case 'GET items':
        return { status: 200, body: page(conversation.items, query) };
      default:
        return refused(404, 'The simulator does not serve this path.');
    }
  }

  /** What was said before in the conversation that a request names: empty when it names none, null when there is no such conversation. */
  messagesBefore(body: unknown): SimulatedMessage[] | null {
    const id = idIn(body);
    return id === null ? [] : (this.touch(id)?.items ?? null);
  }

  /** After a response: what was asked and answered is part of the conversation that the request names. */
  append(body: unknown, messages: readonly SimulatedMessage[]): void {
    const conversation = this.known.get(idIn(body) ?? '');
    if (conversation !== undefined) push(conversation, messages);
  }

  private create(body: unknown): SimulatedAnswer {
    const request = objectOf(body);
    if (listOf(request?.items).length > MAX_ITEMS_AT_ONCE) return tooManyItems();
    if (this.known.size >= MAX_CONVERSATIONS) this.known.delete(this.known.keys().next().value!);
    const id = `conv_${randomUUID().replaceAll('-', '')}`;
    const createdAt = Math.floor(Date.now() / 1000);
    const conversation: Conversation = { createdAt, metadata: objectOf(request?.metadata) ?? {}, items: [] };
    push(conversation, messagesIn(request?.items));
    this.known.set(id, conversation);
    return { status: 200, body: shown(id, conversation) };
  }

  private add(conversation: Conversation, body: unknown): SimulatedAnswer {
    const items = objectOf(body)?.items;
    if (listOf(items).length > MAX_ITEMS_AT_ONCE) return tooManyItems();
    const added = push(conversation, messagesIn(items));
    return { status: 200, body: { object: 'list', data: added.map(shownItem), has_more: false } };
  }

  /** A `Map` keeps the order of insertion: what was used last is put last. */
  private touch(id: string): Conversation | undefined {
    const conversation = this.known.get(id);
    if (conversation === undefined) return undefined;
    this.known.delete(id);
    this.known.set(id, conversation);
    return conversation;
  }
}

function idIn(body: unknown): string | null {
  const named = objectOf(body)?.conversation;
  return stringOf(named) ?? stringOf(objectOf(named)?.id);
}

function push(conversation: Conversation, messages: readonly SimulatedMessage[]): Item[] {
  const added = messages.map((message) => ({ id: `msg_${randomUUID().replaceAll('-', '')}`, ...message }));
  conversation.items.push(...added);
  conversation.items.splice(0, Math.max(0, conversation.items.length - MAX_ITEMS));
  return added;
}

function page(items: readonly Item[], query: URLSearchParams): JsonObject {
  const ordered = query.get('order') === 'asc' ? items : [...items].reverse();
  const after = query.get('after');
  const from = after === null ? 0 : ordered.findIndex(({ id }) => id === after) + 1;
  const limit = Math.min(100, Math.max(1, Number(query.get('limit')) || 20));
  const shownItems = ordered.slice(from, from + limit);
  return {
    object: 'list',
    data: shownItems.map(shownItem),
    last_id: shownItems.at(-1)?.id ?? null,
    has_more: from + limit < ordered.length,
  };
}

const shown = (id: string, { createdAt, metadata }: Conversation): JsonObject => ({
  id,
  object: 'conversation',
  created_at: createdAt,
  metadata,
});

const shownItem = ({ id, role, content }: Item): JsonObject => ({
  id,
  type: 'message',
  role,
  status: 'completed',
  content: [{ type: role === 'assistant' ? 'output_text' : 'input_text', text: content }],
});

const tooManyItems = (): SimulatedAnswer => refused(400, `At most ${MAX_ITEMS_AT_ONCE} items at once.`);

const refused = (status: number, message: string): SimulatedAnswer => ({
  status,
  body: { error: { message, type: 'invalid_request_error', param: null, code: null } },
});
