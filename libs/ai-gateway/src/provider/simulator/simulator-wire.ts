import { randomUUID } from 'node:crypto';
import type { JsonObject } from '../untyped-json';

/** An answer ready to be sent: its words, and what it cost. */
export interface SimulatedReply {
  model: string;
  serviceTier: string;
  words: string[];
  inputTokens: number;
  outputTokens: number;
  isCut: boolean;
}

/** The pieces of one streamed answer: what comes before the words, one frame per word, what comes after. */
export interface Frames {
  before: string[];
  word(word: string): string;
  after: string[];
}

/** `/responses`, not streamed. */
export function responsesBody(reply: SimulatedReply, id = newId('resp'), itemId = newId('msg')): JsonObject {
  const text = reply.words.join('');
  return {
    id,
    object: 'response',
    created_at: Math.floor(Date.now() / 1000),
    status: reply.isCut ? 'incomplete' : 'completed',
    error: null,
    incomplete_details: reply.isCut ? { reason: 'max_output_tokens' } : null,
    model: reply.model,
    service_tier: reply.serviceTier,
    output: [
      {
        id: itemId,
        type: 'message',
        role: 'assistant',
        status: reply.isCut ? 'incomplete' : 'completed',
        content: [{ type: 'output_text', text, annotations: [] }],
      },
    ],
    usage: {
      input_tokens: reply.inputTokens,
      input_tokens_details: { cached_tokens: 0, cache_write_tokens: 0 },
      output_tokens: reply.outputTokens,
      output_tokens_details: { reasoning_tokens: 0 },
      total_tokens: reply.inputTokens + reply.outputTokens,
    },
  };
}

/** `/responses`, streamed. */
export function responsesFrames(reply: SimulatedReply): Frames {
  const itemId = newId('msg');
  const whole = responsesBody(reply, newId('resp'), itemId);
  const place = { item_id: itemId, output_index: 0, content_index: 0 };
  let sequence = 0;
  const frame = (type: string, fields: JsonObject): string =>
    `event: ${type}\ndata: ${JSON.stringify({ type, sequence_number: sequence++, ...fields })}\n\n`;
  const started = { ...whole, status: 'in_progress', incomplete_details: null, output: [], usage: null };
  return {
    before: [
      frame('response.created', { response: started }),
      frame('response.output_item.added', {
        output_index: 0,
        item: { id: itemId, type: 'message', role: 'assistant', status: 'in_progress', content: [] },
      }),
    ],
    word: (word) => frame('response.output_text.delta', { ...place, delta: word }),
    get after() {
      return [
        frame('response.output_text.done', { ...place, text: reply.words.join('') }),
        frame(reply.isCut ? 'response.incomplete' : 'response.completed', { response: whole }),
      ];
    },
  };
}

/** `/chat/completions`, not streamed. */
export function chatBody(reply: SimulatedReply, id = newId('chatcmpl')): JsonObject {
  return {
    id,
    object: 'chat.completion',
    created: Math.floor(Date.now() / 1000),
    model: reply.model,
    service_tier: reply.serviceTier,
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content: reply.words.join(''), refusal: null },
        finish_reason: reply.isCut ? 'length' : 'stop',
      },
    ],
    usage: chatUsage(reply),
  };
}

/** `/chat/completions`, streamed. */
export function chatFrames(reply: SimulatedReply, includeUsage: boolean): Frames {
  const envelope = {
    id: newId('chatcmpl'),
    object: 'chat.completion.chunk',
    created: Math.floor(Date.now() / 1000),
    model: reply.model,
    service_tier: reply.serviceTier,
  };
  const frame = (fields: JsonObject): string => `data: ${JSON.stringify({ ...envelope, ...fields })}\n\n`;
  const chunk = (delta: JsonObject, finish: string | null): string =>
    frame({ choices: [{ index: 0, delta, finish_reason: finish }] });
  return {
    before: [chunk({ role: 'assistant', content: '' }, null)],
    word: (word) => chunk({ content: word }, null),
    after: [
      chunk({}, reply.isCut ? 'length' : 'stop'),
      ...(includeUsage ? [frame({ choices: [], usage: chatUsage(reply) })] : []),
      'data: [DONE]\n\n',
    ],
  };
}

function chatUsage(reply: SimulatedReply): JsonObject {
  return {
    prompt_tokens: reply.inputTokens,
    completion_tokens: reply.outputTokens,
    total_tokens: reply.inputTokens + reply.outputTokens,
    prompt_tokens_details: { cached_tokens: 0 },
    completion_tokens_details: { reasoning_tokens: 0 },
  };
}

function newId(prefix: string): string {
  return `${prefix}_sim_${randomUUID().replaceAll('-', '')}`;
}
