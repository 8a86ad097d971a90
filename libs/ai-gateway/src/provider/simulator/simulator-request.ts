import { listOf, objectOf, stringOf, type JsonObject } from '../untyped-json';
import type { SimulatedMessage } from './simulator-answer';

/** What the simulator needs to know of a request, from either API. */
export interface SimulatedRequest {
  model: string;
  /** The tier that it is served in. */
  serviceTier: string;
  instructions: string;
  messages: SimulatedMessage[];
  /** In tokens; null without a limit. */
  maxTokens: number | null;
  /** It is to judge its answer, in a schema with the reply. */
  wantsVerdict: boolean;
  isStream: boolean;
  includeUsage: boolean;
}

/** Reads a request of `/responses` or `/chat/completions`; null when it is not one. */
export function readSimulatedRequest(body: unknown, api: 'responses' | 'chat'): SimulatedRequest | null {
  const request = objectOf(body);
  const model = stringOf(request?.model);
  if (!request || !model) return null;
  const all = api === 'responses' ? inputOf(request.input) : messagesIn(request.messages);
  if (all.length === 0) return null;
  const system = all.filter(({ role }) => role === 'system' || role === 'developer').map(({ content }) => content);
  const limit = request.max_output_tokens ?? request.max_completion_tokens ?? request.max_tokens;
  return {
    model,
    serviceTier: servedTier(stringOf(request.service_tier)),
    instructions: [stringOf(request.instructions) ?? '', ...system].join('\n').trim(),
    messages: all.filter(({ role }) => role === 'user' || role === 'assistant'),
    maxTokens: typeof limit === 'number' ? limit : null,
    wantsVerdict: wantsVerdict(request, api),
    isStream: request.stream === true,
    includeUsage:
      api === 'responses' || objectOf(request.stream_options)?.include_usage === true || request.stream !== true,
  };
}

/** Of other schemas the simulator knows nothing. */
function wantsVerdict(request: JsonObject, api: 'responses' | 'chat'): boolean {
  const format = api === 'responses' ? objectOf(request.text)?.format : objectOf(request.response_format)?.json_schema;
  const properties = objectOf(objectOf(objectOf(format)?.schema)?.properties);
  return properties !== null && ['reply', 'confidence', 'needs_human'].every((name) => name in properties);
}

const servedTier = (asked: string | null): string => (asked === null || asked === 'auto' ? 'default' : asked);

function inputOf(input: unknown): SimulatedMessage[] {
  return typeof input === 'string' ? [{ role: 'user', content: input }] : messagesIn(input);
}

/** The messages of a list of items, with their text. */
export function messagesIn(list: unknown): SimulatedMessage[] {
  return listOf(list)
    .map(objectOf)
    .filter((message): message is JsonObject => message !== null)
    .map((message) => ({ role: stringOf(message.role) ?? '', content: textOf(message.content) }));
}

function textOf(content: unknown): string {
  if (typeof content === 'string') return content;
  return listOf(content)
    .map((part) => stringOf(objectOf(part)?.text) ?? '')
    .join('');
}
