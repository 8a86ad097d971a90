import { OpenAIChatProvider } from './openai-chat.provider';
import { OpenAIResponsesProvider } from './openai-responses.provider';
import type { CompletionProvider, ProviderOptions } from './provider.port';

/** The provider for these options. Nothing is sent before the first call. */
export function createProvider(options: ProviderOptions): CompletionProvider {
  return options.api === 'chat' ? new OpenAIChatProvider(options) : new OpenAIResponsesProvider(options);
}
