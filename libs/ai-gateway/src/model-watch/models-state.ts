import { AppConfig, HealthService, Metrics, type ModelsHealth } from '@app/platform';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { daysUntil } from './judge-model';
import { ModelKnowledgeService } from './model-knowledge.service';
import { type ModelReading, ModelWatchRepository, type StoredWarning } from './persistence/model-watch.repository';

/** It changes once an hour at most. */
const CACHE_MS = 30_000;

interface Seen {
  reading: ModelReading | undefined;
  warnings: StoredWarning[];
}

/** What the last look at the models found, for health and metrics of every process. */
@Injectable()
export class ModelsState implements OnModuleInit {
  private cached: { at: number; seen: Promise<Seen> } | undefined;

  constructor(
    private readonly config: AppConfig,
    private readonly health: HealthService,
    private readonly metrics: Metrics,
    private readonly known: ModelKnowledgeService,
    private readonly watch: ModelWatchRepository,
  ) {}

  onModuleInit(): void {
    this.health.reportModelsBy(() => this.current());
    this.metrics.gauge(
      'parley_model_days_to_shutdown',
      'Days until a model that is in use is shut down; 0 or less when it was.',
      ['model'],
      async (gauge) => {
        const { warnings } = await this.seen().catch((): Seen => ({ reading: undefined, warnings: [] }));
        gauge.reset();
        for (const { model, shutdownDate } of warnings) {
          if (shutdownDate !== null) gauge.set({ model: model.slice(0, 100) }, daysUntil(shutdownDate, new Date()));
        }
      },
    );
  }

  async current(): Promise<ModelsHealth> {
    const { reading, warnings } = await this.seen();
    const now = new Date();
    const daysLeft = (day: string): number => daysUntil(day, now);
    const isOver = ({ status, shutdownDate }: StoredWarning): boolean =>
      status === 'shut_down' || (shutdownDate !== null && daysLeft(shutdownDate) <= 0);
    const { modelWarningDays } = this.config.limits;
    const shutDown = warnings.filter(isOver).length;
    const unknown = warnings.filter(({ status }) => status === 'unknown').length;
    const endingSoon = warnings.filter(
      (warning) =>
        !isOver(warning) && warning.shutdownDate !== null && daysLeft(warning.shutdownDate) <= modelWarningDays,
    ).length;
    return {
      status: shutDown + endingSoon + unknown > 0 ? 'warning' : 'ok',
      shut_down: shutDown,
      ending_soon: endingSoon,
      unknown,
      read_at: reading?.readAt?.toISOString() ?? null,
    };
  }

  private seen(): Promise<Seen> {
    if (this.cached === undefined || performance.now() - this.cached.at > CACHE_MS) {
      const seen = this.look();
      this.cached = { at: performance.now(), seen };
      seen.catch(() => (this.cached = undefined));
    }
    return this.cached.seen;
  }

  private async look(): Promise<Seen> {
    const { upstream } = this.known;
    const [reading, warnings] = await Promise.all([this.watch.reading(upstream), this.watch.warnings(upstream)]);
    return { reading, warnings };
  }
}
