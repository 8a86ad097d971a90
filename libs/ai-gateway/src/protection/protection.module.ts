import { HealthModule } from '@app/platform';
import { Inject, Injectable, Module, type OnModuleInit } from '@nestjs/common';
import { UpstreamBreakersRepository } from '../persistence/upstream-breakers.repository';
import { UpstreamLimitsRepository } from '../persistence/upstream-limits.repository';
import type { ApiKeys } from '../provider';
import { API_KEYS } from '../provider-info';
import { ProviderModule } from '../provider.module';
import { Breaker } from './breaker';
import { Limiter } from './limiter';
import { Protection } from './protection';
import { UpstreamHealthReporter } from './upstream-health';
import { UpstreamMetrics } from './upstream-metrics';
import { UpstreamWatcher } from './upstream-watcher';

/** What all workers know of the upstream, for every process. */
@Module({
  imports: [HealthModule],
  providers: [UpstreamLimitsRepository, UpstreamBreakersRepository, UpstreamHealthReporter],
  exports: [UpstreamLimitsRepository, UpstreamBreakersRepository, UpstreamHealthReporter],
})
export class UpstreamStateModule {}

@Injectable()
class MetricSources implements OnModuleInit {
  constructor(
    private readonly metrics: UpstreamMetrics,
    private readonly breaker: Breaker,
    private readonly limiter: Limiter,
    private readonly protection: Protection,
    @Inject(API_KEYS) private readonly keys: ApiKeys,
  ) {}

  onModuleInit(): void {
    this.metrics.watch({
      breaker: () => this.breaker.position,
      heldModels: () => this.limiter.heldModels,
      remainingRequests: () => this.limiter.remainingRequests,
      inFlight: () => this.protection.callsInFlight,
      waiting: () => this.protection.callsWaiting,
      keysAside: () => this.keys.asideCount,
    });
  }
}

/** For processes that call models. */
@Module({
  imports: [UpstreamStateModule, ProviderModule],
  providers: [Limiter, Breaker, Protection, UpstreamMetrics, UpstreamWatcher, MetricSources],
  exports: [Protection, UpstreamMetrics],
})
export class ProtectionModule {}
