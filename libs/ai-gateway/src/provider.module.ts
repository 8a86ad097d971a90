import { AppConfig, hideFromLogs, type OpenAiConfig, Tracing } from '@app/platform';
import { Injectable, Module, type OnApplicationShutdown } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import { KeyWatch } from './protection/key-watch';
import {
  ApiKeys,
  type CompletionProvider,
  type ConversationsApi,
  createConversationsApi,
  createModelsApi,
  createProvider,
  type ModelsApi,
  type ProviderOptions,
  SimulatorServer,
} from './provider';
import { TracedProvider } from './traced-provider';
import { VerdictProvider } from './verdict';
import { API_KEYS, COMPLETION_PROVIDER, CONVERSATIONS_API, MODELS_API, ProviderInfo } from './provider-info';

/** Runs the simulator while there is neither a key nor a base URL. It never stands in for an upstream that fails. */
@Injectable()
class ProviderLifecycle implements OnApplicationShutdown {
  private simulator: SimulatorServer | undefined;
  private options: Promise<ProviderOptions> | undefined;
  private keyWatch: KeyWatch | undefined;

  constructor(private readonly logger: PinoLogger) {}

  /** One for all that talk to the upstream. */
  optionsOf(config: OpenAiConfig, keys: ApiKeys): Promise<ProviderOptions> {
    this.options ??= this.connect(config, keys);
    return this.options;
  }

  private async connect(config: OpenAiConfig, keys: ApiKeys): Promise<ProviderOptions> {
    let { baseUrl } = config;
    if (config.provider === 'simulator') {
      this.simulator = new SimulatorServer();
      baseUrl = (await this.simulator.start()).baseUrl;
    }
    return {
      apiKey: config.apiKeys[0]!,
      keys,
      baseUrl,
      api: config.api,
      defaultModel: config.model,
      contentIdleTimeoutMs: config.timeoutMs,
      totalTimeoutMs: config.totalTimeoutMs,
      promptId: config.promptId,
      provider: config.provider,
    };
  }

  keys(config: OpenAiConfig): ApiKeys {
    config.apiKeys.forEach(hideFromLogs);
    const keys = new ApiKeys(config.apiKeys, {
      onPutAside: (lastCharacters, code) =>
        this.logger.error(
          { key_ends_with: lastCharacters, code },
          'an API key is put aside for 5 minutes: the model API refuses it or its quota is used up',
        ),
      onBack: (lastCharacters) => this.logger.info({ key_ends_with: lastCharacters }, 'an API key works again'),
      // A key that was just revoked has often been replaced by then.
      onNoneLeft: () => this.keyWatch?.look() ?? false,
    });
    if (config.apiKeyFile !== undefined) {
      this.keyWatch = new KeyWatch(config.apiKeyFile, keys, this.logger, config.apiKeys);
      this.keyWatch.start();
    }
    return keys;
  }

  async onApplicationShutdown(): Promise<void> {
    this.keyWatch?.stop();
    await this.simulator?.stop();
  }
}

@Module({
  providers: [
    ProviderLifecycle,
    {
      provide: API_KEYS,
      inject: [AppConfig, ProviderLifecycle],
      useFactory: (config: AppConfig, lifecycle: ProviderLifecycle): ApiKeys => lifecycle.keys(config.openai),
    },
    {
      provide: COMPLETION_PROVIDER,
      inject: [AppConfig, ProviderLifecycle, API_KEYS, Tracing],
      useFactory: async (
        config: AppConfig,
        lifecycle: ProviderLifecycle,
        keys: ApiKeys,
        tracing: Tracing,
      ): Promise<CompletionProvider> => {
        const provider = createProvider(await lifecycle.optionsOf(config.openai, keys));
        return new VerdictProvider(tracing.isOn ? new TracedProvider(provider, tracing) : provider);
      },
    },
    {
      provide: CONVERSATIONS_API,
      inject: [AppConfig, ProviderLifecycle, API_KEYS],
      useFactory: async (config: AppConfig, lifecycle: ProviderLifecycle, keys: ApiKeys): Promise<ConversationsApi> =>
        createConversationsApi(await lifecycle.optionsOf(config.openai, keys)),
    },
    {
      provide: MODELS_API,
      inject: [AppConfig, ProviderLifecycle, API_KEYS],
      useFactory: async (config: AppConfig, lifecycle: ProviderLifecycle, keys: ApiKeys): Promise<ModelsApi> =>
        createModelsApi(await lifecycle.optionsOf(config.openai, keys)),
    },
    ProviderInfo,
  ],
  exports: [API_KEYS, COMPLETION_PROVIDER, CONVERSATIONS_API, MODELS_API, ProviderInfo],
})
export class ProviderModule {}
