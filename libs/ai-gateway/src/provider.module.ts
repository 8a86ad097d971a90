import { AppConfig, type OpenAiConfig } from '@app/platform';
import { Injectable, Module, type OnApplicationShutdown } from '@nestjs/common';
import {
  type CompletionProvider,
  type ConversationsApi,
  createConversationsApi,
  createProvider,
  type ProviderOptions,
  SimulatorServer,
} from './provider';
import { COMPLETION_PROVIDER, CONVERSATIONS_API, ProviderInfo } from './provider-info';

/** Runs the simulator while there is neither a key nor a base URL. It never stands in for an upstream that fails. */
@Injectable()
class ProviderLifecycle implements OnApplicationShutdown {
  private simulator: SimulatorServer | undefined;
  private options: Promise<ProviderOptions> | undefined;

  /** One for all that talk to the upstream. */
  optionsOf(config: OpenAiConfig): Promise<ProviderOptions> {
    this.options ??= this.connect(config);
    return this.options;
  }

  private async connect(config: OpenAiConfig): Promise<ProviderOptions> {
    let { baseUrl } = config;
    if (config.provider === 'simulator') {
      this.simulator = new SimulatorServer();
      baseUrl = (await this.simulator.start()).baseUrl;
    }
    return {
      apiKey: config.apiKey,
      baseUrl,
      api: config.api,
      defaultModel: config.model,
      contentIdleTimeoutMs: config.timeoutMs,
      totalTimeoutMs: config.totalTimeoutMs,
      promptId: config.promptId,
      provider: config.provider,
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.simulator?.stop();
  }
}

@Module({
  providers: [
    ProviderLifecycle,
    {
      provide: COMPLETION_PROVIDER,
      inject: [AppConfig, ProviderLifecycle],
      useFactory: async (config: AppConfig, lifecycle: ProviderLifecycle): Promise<CompletionProvider> =>
        createProvider(await lifecycle.optionsOf(config.openai)),
    },
    {
      provide: CONVERSATIONS_API,
      inject: [AppConfig, ProviderLifecycle],
      useFactory: async (config: AppConfig, lifecycle: ProviderLifecycle): Promise<ConversationsApi> =>
        createConversationsApi(await lifecycle.optionsOf(config.openai)),
    },
    ProviderInfo,
  ],
  exports: [COMPLETION_PROVIDER, CONVERSATIONS_API, ProviderInfo],
})
export class ProviderModule {}
