import { contentRefusal } from './content-validation';
import type { ErrorScenario } from './scenario';

type Body = Record<string, unknown>;

const SHARED = [
  'model', 'stream', 'stream_options', 'temperature', 'top_p', 'store', 'metadata', 'safety_identifier', 'user',
  'prompt_cache_key', 'service_tier', 'tools', 'tool_choice', 'parallel_tool_calls', 'top_logprobs',
]; // prettier-ignore
const KNOWN: Record<'responses' | 'chat', Set<string>> = {
  responses: new Set([
    ...SHARED, 'input', 'instructions', 'max_output_tokens', 'reasoning', 'prompt', 'conversation', 'previous_response_id',
    'text', 'include', 'background', 'truncation', 'context_management',
  ]),
  chat: new Set([
    ...SHARED, 'messages', 'max_tokens', 'max_completion_tokens', 'reasoning_effort', 'n', 'stop', 'seed', 'response_format',
    'presence_penalty', 'frequency_penalty', 'logit_bias', 'logprobs',
  ]),
}; // prettier-ignore

/** What OpenAI itself refuses in a request; null when it takes it. */
export function refusalOf(api: 'responses' | 'chat', body: Body | null): ErrorScenario | null {
  if (!body) return bad('We could not parse the JSON body of your request.', null, null);
  const unknown = Object.keys(body).find((key) => !KNOWN[api].has(key));
  if (unknown) return bad(`Unknown parameter: '${unknown}'.`, unknown, 'unknown_parameter');
  if (typeof body.model !== 'string' || body.model === '') {
    return bad("Missing required parameter: 'model'.", 'model', 'missing_required_parameter');
  }
  const list = api === 'responses' ? 'input' : 'messages';
  const items = body[list];
  if (!(Array.isArray(items) && items.length > 0) && !(api === 'responses' && typeof items === 'string' && items)) {
    return bad(`Missing required parameter: '${list}'.`, list, 'missing_required_parameter');
  }
  if (body.model.includes('does-not-exist')) {
    const message = `The model \`${body.model}\` does not exist or you do not have access to it.`;
    return { type: 'error', status: api === 'responses' ? 400 : 404, code: 'model_not_found', param: 'model', message };
  }
  return contentRefusal(api, body) ?? valuesRefused(api, body, body.model);
}

function valuesRefused(api: 'responses' | 'chat', body: Body, model: string): ErrorScenario | null {
  const { temperature, max_tokens: maxTokens, safety_identifier: safety } = body;
  if (typeof temperature === 'number' && (temperature < 0 || temperature > 2)) {
    return bad("Invalid 'temperature': expected a value between 0 and 2.", 'temperature', 'decimal_above_max_value');
  }
  if (typeof safety === 'string' && safety.length > 64) {
    return bad("Invalid 'safety_identifier': string too long.", 'safety_identifier', 'string_above_max_length');
  }
  // GPT-5.6 and GPT-6 reason unless told not to, and take no temperature while they do.
  if (!/^gpt-(5\.6|6)(?![0-9])/.test(model)) return null;
  const effort = api === 'responses' ? (body.reasoning as Body | undefined)?.effort : body.reasoning_effort;
  const sampling = ['temperature', 'top_p'].find((key) => body[key] !== undefined);
  if (sampling && effort !== 'none') {
    return bad(
      `Unsupported parameter: '${sampling}' is not supported with this model.`,
      sampling,
      'unsupported_parameter',
    );
  }
  if (api === 'chat' && maxTokens !== undefined) {
    const message =
      "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.";
    return bad(message, 'max_tokens', 'unsupported_parameter');
  }
  return null;
}

function bad(message: string, param: string | null, code: string | null): ErrorScenario {
  return { type: 'error', status: 400, errorType: 'invalid_request_error', message, param, code };
}
