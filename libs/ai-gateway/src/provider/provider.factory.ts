import type { ConversationsApi } from './conversations.port';
import type { ModelsApi } from './models.port';
import { OpenAIChatProvider } from './openai-chat.provider';
import { OpenAIConversations } from './openai-conversations';
import { OpenAIModels } from './openai-models';
import { OpenAIResponsesProvider } from './openai-responses.provider';
import type { CompletionProvider, ProviderOptions } from './provider.port';

/** The provider for these options. Nothing is sent before the first call. */
export function createProvider(options: ProviderOptions): CompletionProvider {
  return options.api === 'chat' ? new OpenAIChatProvider(options) : new OpenAIResponsesProvider(options);
}

/** OpenAI's conversations. Chat Completions cannot use them; what was made before must be removable all the same. */
export function createConversationsApi(options: ProviderOptions): ConversationsApi {
  return new OpenAIConversations(options);
}

/** The upstream's list of models. */
export function createModelsApi(options: ProviderOptions): ModelsApi {
  return new OpenAIModels(options);
}
