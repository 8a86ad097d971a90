import type { ProviderError } from './provider.error';
import type { JsonObject } from './untyped-json';

/**
 * Fields without which an answer is still an answer. Everything else in a request is what it is about: without its tools, its schema, its
 * pictures or its stored prompt it would be another answer, so those fail visibly.
 */
const OPTIONAL_FIELDS = new Set([
  'temperature',
  'reasoning',
  'reasoning_effort',
  'max_output_tokens',
  'max_completion_tokens',
  'max_tokens',
  'stream_options',
  'safety_identifier',
  'prompt_cache_key',
  'prompt_cache_retention',
  'metadata',
  'include',
  'service_tier',
  'store',
]);

/** The same limit under its other name: dropping it would lift the limit and cost money. */
const OTHER_NAME: Record<string, string> = { max_completion_tokens: 'max_tokens', max_tokens: 'max_completion_tokens' };

/** The value is wrong, not the field: dropping it silently, for good, would hide a wrong setting. */
const WRONG_VALUE = /_above_max|_below_min|invalid_type|invalid_value|out_of_range/i;

/** Models are named in persona settings, so the number of names seen is not in our hands. */
const MAX_MODELS = 500;

/**
 * What each model's server turned out not to take. Compatible servers know few of OpenAI's newer fields, and OpenAI's own
 * models differ too; the server's 400 is the only reliable source.
 */
export class FieldAdaptations {
  private readonly byModel = new Map<string, Map<string, string | null>>();

  /** The body without the fields this model does not take. */
  apply(model: string, body: JsonObject): JsonObject {
    const learned = this.byModel.get(model);
    if (!learned) return body;
    const adapted = { ...body };
    for (const [field, otherName] of learned) {
      if (!(field in adapted)) continue;
      if (otherName) adapted[otherName] = adapted[field];
      delete adapted[field];
    }
    return adapted;
  }

  /**
   * Learns from a refusal.
   * @param sent the body that was refused
   * @returns whether sending the request again can help
   */
  learn(model: string, sent: JsonObject, refusal: ProviderError): boolean {
    const field = refusal.refusedField;
    if (refusal.code !== 'UPSTREAM.BAD_REQUEST' || field === null) return false;
    if (!OPTIONAL_FIELDS.has(field) || !(field in sent)) return false;
    if (WRONG_VALUE.test(refusal.upstreamCode ?? '')) return false;
    const learned = this.byModel.get(model) ?? new Map<string, string | null>();
    const otherName = OTHER_NAME[field] ?? null;
    // Refused under both names: then the server has no such limit at all.
    const isKnownUnderNeither = otherName !== null && learned.has(otherName);
    learned.set(field, isKnownUnderNeither ? null : otherName);
    if (isKnownUnderNeither) learned.set(otherName, null);
    if (this.byModel.size >= MAX_MODELS) this.byModel.clear();
    this.byModel.set(model, learned);
    return true;
  }
}
