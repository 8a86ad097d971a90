import { AppConfig, HealthService, type UpstreamHealth } from '@app/platform';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { UpstreamBreakersRepository } from '../persistence/upstream-breakers.repository';
import { UpstreamLimitsRepository } from '../persistence/upstream-limits.repository';
import { upstreamName } from './upstream-name';

/** However often health is asked for, the database is asked once a second. */
const CACHE_MS = 1000;

/** How the upstream is as all workers together see it; also for processes that call no model. */
@Injectable()
export class UpstreamHealthReporter implements OnModuleInit {
  private readonly upstream: string;
  private cached: { at: number; health: Promise<UpstreamHealth> } | undefined;

  constructor(
    config: AppConfig,
    private readonly health: HealthService,
    private readonly limits: UpstreamLimitsRepository,
    private readonly breakers: UpstreamBreakersRepository,
  ) {
    this.upstream = upstreamName(config.openai);
  }

  onModuleInit(): void {
    this.health.reportUpstreamBy(() => this.current());
  }

  current(): Promise<UpstreamHealth> {
    if (this.cached === undefined || performance.now() - this.cached.at > CACHE_MS) {
      this.cached = { at: performance.now(), health: this.read() };
    }
    return this.cached.health;
  }

  private async read(): Promise<UpstreamHealth> {
    const [limits, breaker] = await Promise.all([
      this.limits.current(this.upstream),
      this.breakers.current(this.upstream),
    ]);
    return { breaker: breaker?.position ?? 'closed', held_models: limits.filter(({ heldMs }) => heldMs > 0).length };
  }
}
