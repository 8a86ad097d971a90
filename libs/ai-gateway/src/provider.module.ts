import { AppConfig, type OpenAiConfig } from '@app/platform';
import { Injectable, Module, type OnApplicationShutdown } from '@nestjs/common';
import { createProvider, SimulatorServer, type CompletionProvider } from './provider';
import { COMPLETION_PROVIDER, ProviderInfo } from './provider-info';

/** Runs the simulator while there is neither a key nor a base URL. It never stands in for an upstream that fails. */
@Injectable()
class ProviderLifecycle implements OnApplicationShutdown {
  private simulator: SimulatorServer | undefined;

  async connect(config: OpenAiConfig): Promise<CompletionProvider> {
    let { baseUrl } = config;
    if (config.provider === 'simulator') {
      this.simulator = new SimulatorServer();
      baseUrl = (await this.simulator.start()).baseUrl;
    }
    return createProvider({
      apiKey: config.apiKey,
      baseUrl,
      api: config.api,
      defaultModel: config.model,
      contentIdleTimeoutMs: config.timeoutMs,
      totalTimeoutMs: config.totalTimeoutMs,
      promptId: config.promptId,
      provider: config.provider,
    });
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
      useFactory: (config: AppConfig, lifecycle: ProviderLifecycle): Promise<CompletionProvider> =>
        lifecycle.connect(config.openai),
    },
    ProviderInfo,
  ],
  exports: [COMPLETION_PROVIDER, ProviderInfo],
})
export class ProviderModule {}
