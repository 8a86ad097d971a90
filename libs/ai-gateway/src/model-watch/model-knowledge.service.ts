import { AppConfig } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { upstreamName } from '../protection/upstream-name';
import type { ModelKnowledge } from './judge-model';
import { type ModelReading, ModelWatchRepository } from './persistence/model-watch.repository';

/** What is known of the upstream's models, as it was read last. */
@Injectable()
export class ModelKnowledgeService {
  readonly upstream: string;

  constructor(
    private readonly config: AppConfig,
    private readonly watch: ModelWatchRepository,
  ) {
    this.upstream = upstreamName(config.openai);
  }

  /** `reading` is undefined before the first one. */
  async current(): Promise<{ knowledge: ModelKnowledge; reading: ModelReading | undefined }> {
    const [reading, models] = await Promise.all([this.watch.reading(this.upstream), this.watch.models(this.upstream)]);
    // What a server without a list was once known to have says nothing about now.
    const counts = reading?.outcome === 'unsupported' ? [] : models;
    return {
      knowledge: {
        provider: this.config.openai.provider,
        models: new Map(counts.map((model) => [model.model, model])),
        isComplete: reading?.isComplete ?? false,
      },
      reading,
    };
  }
}
