import { Injectable } from '@nestjs/common';
import type { ToldContextLimit } from '../provider';

/** A window that a server told when it refused a prompt. */
export interface LearnedWindow {
  windowTokens: number;
  /** How many of the server's tokens one of our estimated ones is, at least 1: other models cut text in other pieces. */
  tokensPerEstimate: number;
}

/** Models are named in persona settings, so the number of names seen is not in our hands. */
const MAX_MODELS = 500;
/** A server may be started again with a larger window; then one refused prompt per hour is what it costs to have learned. */
const KEPT_MS = 3_600_000;
/** Languages and tokenizers differ by less than this. */
const MAX_TOKENS_PER_ESTIMATE = 4;

/** What this process was told about the windows of models, by server. The server's own 400 is the only reliable source for compatible ones. */
@Injectable()
export class LearnedWindows {
  private readonly windows = new Map<string, LearnedWindow & { until: number }>();

  /** @param estimatedTokens of the prompt that was refused */
  learn(baseUrl: string, model: string, told: ToldContextLimit, estimatedTokens: number): void {
    const ratio = told.promptTokens === null || estimatedTokens <= 0 ? 1 : told.promptTokens / estimatedTokens;
    const key = keyOf(baseUrl, model);
    // The oldest goes first: a map keeps the order in which its entries came.
    this.windows.delete(key);
    if (this.windows.size >= MAX_MODELS) this.windows.delete(this.windows.keys().next().value!);
    this.windows.set(key, {
      windowTokens: told.windowTokens,
      tokensPerEstimate: Math.min(MAX_TOKENS_PER_ESTIMATE, Math.max(1, ratio)),
      until: performance.now() + KEPT_MS,
    });
  }

  find(baseUrl: string, model: string): LearnedWindow | null {
    const found = this.windows.get(keyOf(baseUrl, model));
    if (found === undefined) return null;
    if (found.until > performance.now()) return found;
    this.windows.delete(keyOf(baseUrl, model));
    return null;
  }
}

const keyOf = (baseUrl: string, model: string): string => `${baseUrl} ${model}`;
