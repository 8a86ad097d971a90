import type { CompletionUsage } from './completion-usage';
import { countOf, objectOf } from './untyped-json';

/** Nothing is known about the tokens of this call. */
export const UNKNOWN_USAGE: Readonly<CompletionUsage> = Object.freeze({
  inputTokens: null,
  cachedTokens: null,
  cacheWriteTokens: null,
  outputTokens: null,
  reasoningTokens: null,
  totalTokens: null,
});

/** Reads `usage` of the Responses API; null when there is none to read. */
export function usageFromResponses(value: unknown): CompletionUsage | null {
  const usage = objectOf(value);
  if (!usage) return null;
  const input = objectOf(usage.input_tokens_details);
  const output = objectOf(usage.output_tokens_details);
  return known({
    inputTokens: countOf(usage.input_tokens),
    cachedTokens: countOf(input?.cached_tokens),
    cacheWriteTokens: countOf(input?.cache_write_tokens),
    outputTokens: countOf(usage.output_tokens),
    reasoningTokens: countOf(output?.reasoning_tokens),
    totalTokens: countOf(usage.total_tokens),
  });
}

/** Reads `usage` of Chat Completions; null when there is none to read. */
export function usageFromChat(value: unknown): CompletionUsage | null {
  const usage = objectOf(value);
  if (!usage) return null;
  const prompt = objectOf(usage.prompt_tokens_details);
  const completion = objectOf(usage.completion_tokens_details);
  return known({
    inputTokens: countOf(usage.prompt_tokens),
    cachedTokens: countOf(prompt?.cached_tokens),
    cacheWriteTokens: countOf(prompt?.cache_write_tokens),
    outputTokens: countOf(usage.completion_tokens),
    reasoningTokens: countOf(completion?.reasoning_tokens),
    totalTokens: countOf(usage.total_tokens),
  });
}

function known(usage: CompletionUsage): CompletionUsage | null {
  const { inputTokens, outputTokens } = usage;
  // A prompt is never free of tokens: servers that do not count send zeros, and those must not pass as a measurement.
  if (!inputTokens && !outputTokens) return null;
  if (usage.totalTokens === null && inputTokens !== null && outputTokens !== null) {
    return { ...usage, totalTokens: inputTokens + outputTokens };
  }
  return usage;
}
