/** Token counts as the upstream reported them. Unknown is null, never 0. */
export interface CompletionUsage {
  inputTokens: number | null;
  cachedTokens: number | null;
  cacheWriteTokens: number | null;
  outputTokens: number | null;
  reasoningTokens: number | null;
  totalTokens: number | null;
}
