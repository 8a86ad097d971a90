import type { MessageUsage } from '@app/conversations';
import { estimateTokens } from './prompt';
import { type CompletionRequest, type CompletionUsage, textOf } from './provider';

/** What a message costs besides its text (role and separators), in tokens. */
const TOKENS_PER_MESSAGE = 4;

/** Counts what was sent and what came back, for a reply that was stopped before the upstream could say. An estimate, to be marked as one. */
export function estimateUsage(request: CompletionRequest, written: string): CompletionUsage {
  const sent = [request.instructions, ...request.input.map(textOf)];
  const inputTokens = sent.reduce((sum, text) => sum + estimateTokens(text) + TOKENS_PER_MESSAGE, 0);
  const outputTokens = estimateTokens(written);
  return {
    inputTokens,
    cachedTokens: null,
    cacheWriteTokens: null,
    outputTokens,
    reasoningTokens: null,
    totalTokens: inputTokens + outputTokens,
  };
}

/** Usage as it is stored with the reply; null when nothing is known. */
export function messageUsage(usage: CompletionUsage | null, isEstimated: boolean): MessageUsage | null {
  if (usage === null || (usage.inputTokens === null && usage.outputTokens === null && usage.totalTokens === null)) {
    return null;
  }
  return {
    input_tokens: usage.inputTokens,
    cached_tokens: usage.cachedTokens,
    output_tokens: usage.outputTokens,
    reasoning_tokens: usage.reasoningTokens,
    total_tokens: usage.totalTokens,
    is_estimated: isEstimated,
  };
}
