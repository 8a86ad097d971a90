import type { MessageUsage } from '@app/conversations';
import { estimateTokens, TOKENS_PER_IMAGE } from './prompt';
import { type CompletionRequest, type CompletionUsage, type PromptMessage, textOf } from './provider';
import { VERDICT_SCHEMA } from './verdict/verdict';

/** What a message costs besides its text (role and separators), in tokens. */
const TOKENS_PER_MESSAGE = 4;

/** Counts what was sent and what came back, for a reply that was stopped before the upstream could say. An estimate, to be marked as one. */
export function estimateUsage(request: CompletionRequest, written: string): CompletionUsage {
  const inputTokens =
    tokensOfText(request.instructions) +
    request.input.reduce((sum, message) => sum + messageTokens(message), 0) +
    tokensOfSettings(request);
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

/** Estimated tokens of one message of a prompt, pictures included. */
export const messageTokens = (message: PromptMessage): number =>
  tokensOfText(textOf(message)) + picturesIn(message) * TOKENS_PER_IMAGE;

const tokensOfText = (text: string): number => estimateTokens(text) + TOKENS_PER_MESSAGE;

const picturesIn = ({ content }: PromptMessage): number =>
  typeof content === 'string' ? 0 : content.filter(({ type }) => type === 'image').length;

/** Schemas and descriptions of tools are part of what the model reads. */
function tokensOfSettings({ tools = [], responseFormat, wantsVerdict }: CompletionRequest): number {
  const format = wantsVerdict === true ? VERDICT_SCHEMA : responseFormat;
  const settings = format === undefined ? tools : [...tools, format];
  return settings.reduce((sum, setting) => sum + estimateTokens(JSON.stringify(setting)), 0);
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
