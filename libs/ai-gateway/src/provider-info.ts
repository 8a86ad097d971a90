import { Inject, Injectable } from '@nestjs/common';
import type { CompletionProvider, ProviderDescription } from './provider';

/** Injection token of the provider that answers. */
export const COMPLETION_PROVIDER = Symbol('CompletionProvider');

/** Injection token of OpenAI's conversations. */
export const CONVERSATIONS_API = Symbol('ConversationsApi');

/** Injection token of the upstream's list of models. */
export const MODELS_API = Symbol('ModelsApi');

/** Injection token of the keys of the upstream. */
export const API_KEYS = Symbol('ApiKeys');

/** How long one look at the upstream is believed. */
const CHECK_CACHE_MS = 30_000;

/** Which AI answers, and whether it can be reached. */
@Injectable()
export class ProviderInfo {
  private checked: { at: number; result: Promise<{ ok: boolean; code: string | null }> } | undefined;

  constructor(@Inject(COMPLETION_PROVIDER) private readonly provider: CompletionProvider) {}

  describe(): ProviderDescription {
    return this.provider.info;
  }

  /** Asks the upstream for its models, at most every 30 seconds. */
  async check(): Promise<{ ok: boolean; code: string | null }> {
    if (this.checked === undefined || performance.now() - this.checked.at > CHECK_CACHE_MS) {
      this.checked = { at: performance.now(), result: this.provider.check() };
    }
    return this.checked.result;
  }
}
