import { randomUUID } from 'node:crypto';
import type { ScenarioTool, ScenarioUsage } from './scenario';

type Fields = Record<string, unknown>;

/** What a wire format needs to know to write an answer. */
export interface AnswerFacts {
  model: string;
  text: string;
  as: 'text' | 'refusal';
  finish: 'stop' | 'length' | 'content_filter';
  usage: Required<ScenarioUsage> | null;
  /** Whether a streamed chat answer ends with a usage chunk. */
  includeUsage: boolean;
  /** The tier that was asked for, and the one that it is served in; null: the server does not say. */
  tier: { asked: string; served: string | null };
  tools?: readonly ScenarioTool[];
  annotations?: readonly Fields[];
}

/** Writes one answer in the format of one API; the frames of a stream are strings ready to be sent. */
export interface Wire {
  /** The id of the answer, as clients see it. */
  readonly id: string;
  start(): string;
  reasoning(index: number): string;
  /** The events of a hosted tool: those before it is done, and those after. */
  tool(index: number): { before: string; after: string };
  piece(text: string): string;
  unknown(): string;
  error(error: Fields): string;
  failed(error: Fields, usage: Required<ScenarioUsage> | null): string;
  finishReason(): string;
  end(withoutDone: boolean): string;
  whole(): Fields;
}

/** `POST /responses`. */
export class ResponsesWire implements Wire {
  private readonly facts: AnswerFacts;
  readonly id = `resp_${hex()}`;
  private readonly itemId = `msg_${hex()}`;
  private readonly tools: readonly ScenarioTool[];
  private readonly toolIds: string[];
  private sequence = 0;

  constructor(facts: AnswerFacts) {
    this.facts = facts;
    this.tools = facts.tools ?? [];
    this.toolIds = this.tools.map(({ type }) => `${type}_${hex()}`);
  }

  start(): string {
    const response = { ...this.response('in_progress'), output: [], usage: null, incomplete_details: null };
    const begun = this.event('response.created', { response }) + this.event('response.in_progress', { response });
    // The message begins when the tools have done their work.
    return this.tools.length > 0 ? begun : begun + this.beginMessage();
  }

  private beginMessage(): string {
    const item = { id: this.itemId, type: 'message', role: 'assistant', status: 'in_progress', content: [] };
    return (
      this.event('response.output_item.added', { output_index: this.tools.length, item }) +
      this.event('response.content_part.added', { ...this.place(), part: this.part('') })
    );
  }

  tool(index: number): { before: string; after: string } {
    const { type, statuses = ['in_progress', 'completed'] } = this.tools[index]!;
    const place = { output_index: index, item_id: this.toolIds[index] };
    const begun = { id: this.toolIds[index], type, ...(type === 'mcp_list_tools' ? {} : { status: 'in_progress' }) };
    const events = statuses.map((status) => this.event(`response.${type}.${status}`, place));
    const done = this.event('response.output_item.done', { output_index: index, item: this.toolItem(index) });
    const isLast = index === this.tools.length - 1;
    return {
      before:
        this.event('response.output_item.added', { output_index: index, item: begun }) + events.slice(0, -1).join(''),
      after: (events.at(-1) ?? '') + done + (isLast && this.facts.text !== '' ? this.beginMessage() : ''),
    };
  }

  private toolItem(index: number): Fields {
    const { type, item, statuses } = this.tools[index]!;
    const last = statuses?.at(-1) === 'failed' ? 'failed' : 'completed';
    return { id: this.toolIds[index], type, ...(type === 'mcp_list_tools' ? {} : { status: last }), ...item };
  }

  reasoning(index: number): string {
    const place = { item_id: `rs_${hex()}`, output_index: 0, summary_index: 0 };
    return this.event('response.reasoning_summary_text.delta', { ...place, delta: `thought ${index} ` });
  }

  piece(text: string): string {
    const type = this.facts.as === 'refusal' ? 'response.refusal.delta' : 'response.output_text.delta';
    return this.event(type, { ...this.place(), delta: text, ...(this.facts.as === 'text' ? { logprobs: [] } : {}) });
  }

  unknown(): string {
    return this.event('response.hologram.rendered', { hologram: { text: 'not text' } });
  }

  error(error: Fields): string {
    return this.event('error', { code: error.code, message: error.message, param: null });
  }

  failed(error: Fields, usage: Required<ScenarioUsage> | null): string {
    const response = { ...this.response('failed'), error, usage: usage && responsesUsage(usage) };
    return this.event('response.failed', { response });
  }

  finishReason(): string {
    return '';
  }

  end(): string {
    const done =
      this.facts.as === 'refusal'
        ? this.event('response.refusal.done', { ...this.place(), refusal: this.facts.text })
        : this.event('response.output_text.done', { ...this.place(), text: this.facts.text });
    const type = this.facts.finish === 'stop' ? 'response.completed' : 'response.incomplete';
    if (this.tools.length > 0 && this.facts.text === '') return this.event(type, { response: this.whole() });
    return (
      done +
      this.event('response.content_part.done', { ...this.place(), part: this.part(this.facts.text) }) +
      this.event('response.output_item.done', { output_index: this.tools.length, item: this.item() }) +
      this.event(type, { response: this.whole() })
    );
  }

  whole(): Fields {
    return this.response(this.facts.finish === 'stop' ? 'completed' : 'incomplete');
  }

  private response(status: string): Fields {
    const { finish, model, usage, tier } = this.facts;
    const reason = finish === 'length' ? 'max_output_tokens' : 'content_filter';
    return {
      id: this.id,
      object: 'response',
      created_at: Math.floor(Date.now() / 1000),
      status,
      error: null,
      incomplete_details: finish === 'stop' ? null : { reason },
      model,
      output: [
        ...this.tools.map((_, index) => this.toolItem(index)),
        ...(this.tools.length > 0 && this.facts.text === '' ? [] : [this.item()]),
      ],
      // Until it is done, a response says which tier it was asked for.
      ...(tier.served === null ? {} : { service_tier: status === 'in_progress' ? tier.asked : tier.served }),
      usage: usage && responsesUsage(usage),
    };
  }

  private item(): Fields {
    const status = this.facts.finish === 'stop' ? 'completed' : 'incomplete';
    const content = this.facts.text === '' ? [] : [this.part(this.facts.text)];
    return { id: this.itemId, type: 'message', role: 'assistant', status, content };
  }

  private part(text: string): Fields {
    return this.facts.as === 'refusal'
      ? { type: 'refusal', refusal: text }
      : { type: 'output_text', text, annotations: text === '' ? [] : (this.facts.annotations ?? []), logprobs: [] };
  }

  private place(): Fields {
    return { item_id: this.itemId, output_index: this.tools.length, content_index: 0 };
  }

  private event(type: string, fields: Fields): string {
    return `event: ${type}\ndata: ${JSON.stringify({ type, sequence_number: this.sequence++, ...fields })}\n\n`;
  }
}

/** `POST /chat/completions`. */
export class ChatWire implements Wire {
  private readonly facts: AnswerFacts;
  readonly id = `chatcmpl-${hex()}`;

  constructor(facts: AnswerFacts) {
    this.facts = facts;
  }

  start(): string {
    return this.delta({ role: 'assistant', content: '', refusal: null });
  }

  reasoning(index: number): string {
    return this.delta({ reasoning_content: `thought ${index} ` });
  }

  tool(): { before: string; after: string } {
    return { before: '', after: '' };
  }

  piece(text: string): string {
    return this.delta(this.facts.as === 'refusal' ? { refusal: text } : { content: text });
  }

  unknown(): string {
    return `${this.chunk({ choices: [], hologram: { text: 'not text' } })}event: hologram\ndata: {"hologram":true}\n\n`;
  }

  error(error: Fields): string {
    return `data: ${JSON.stringify({ error: { type: 'server_error', param: null, ...error } })}\n\n`;
  }

  failed(error: Fields): string {
    return this.error(error);
  }

  finishReason(): string {
    return this.delta({}, this.facts.finish);
  }

  end(withoutDone: boolean): string {
    const { usage, includeUsage } = this.facts;
    return (
      this.finishReason() +
      (usage && includeUsage ? this.chunk({ choices: [], usage: chatUsage(usage) }) : '') +
      (withoutDone ? '' : 'data: [DONE]\n\n')
    );
  }

  whole(): Fields {
    const { as, text, finish, usage } = this.facts;
    const message = {
      role: 'assistant',
      content: as === 'text' ? text : null,
      refusal: as === 'refusal' ? text : null,
    };
    return {
      ...this.envelope('chat.completion'),
      choices: [{ index: 0, message, logprobs: null, finish_reason: finish }],
      ...(usage ? { usage: chatUsage(usage) } : {}),
    };
  }

  private delta(delta: Fields, finish: string | null = null): string {
    return this.chunk({ choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }] });
  }

  private chunk(fields: Fields): string {
    return `data: ${JSON.stringify({ ...this.envelope('chat.completion.chunk'), ...fields })}\n\n`;
  }

  private envelope(object: string): Fields {
    return {
      id: this.id,
      object,
      created: Math.floor(Date.now() / 1000),
      model: this.facts.model,
      ...(this.facts.tier.served === null ? {} : { service_tier: this.facts.tier.served }),
    };
  }
}

function responsesUsage(usage: Required<ScenarioUsage>): Fields {
  return {
    input_tokens: usage.input,
    input_tokens_details: { cached_tokens: usage.cached, cache_write_tokens: usage.cacheWrite },
    output_tokens: usage.output,
    output_tokens_details: { reasoning_tokens: usage.reasoning },
    total_tokens: usage.input + usage.output,
  };
}

function chatUsage(usage: Required<ScenarioUsage>): Fields {
  return {
    prompt_tokens: usage.input,
    completion_tokens: usage.output,
    total_tokens: usage.input + usage.output,
    prompt_tokens_details: { cached_tokens: usage.cached, cache_write_tokens: usage.cacheWrite, audio_tokens: 0 },
    completion_tokens_details: { reasoning_tokens: usage.reasoning, audio_tokens: 0 },
  };
}

function hex(): string {
  return randomUUID().replaceAll('-', '');
}
