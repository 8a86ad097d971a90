import { AppConfig, EventsBus, SeldomLog } from '@app/platform';
import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import { UpstreamBreakersRepository } from '../persistence/upstream-breakers.repository';
import { UpstreamLimitsRepository } from '../persistence/upstream-limits.repository';
import { Breaker } from './breaker';
import { Limiter } from './limiter';
import { upstreamName } from './upstream-name';

/** An event may be lost; then a hold that another worker learned of comes this much later. */
const LOOK_EVERY_MS = 2000;
const CLEAN_EVERY_MS = 3_600_000;

/** Keeps this process's picture of the upstream in step with the database: at the start, when told, and every two seconds. */
@Injectable()
export class UpstreamWatcher implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly upstream: string;
  private readonly trouble: SeldomLog;
  private readonly timers: NodeJS.Timeout[] = [];
  private readonly unsubscribe: (() => void)[] = [];
  private looking: Promise<void> | undefined;
  private mustLookAgain = false;
  private isClosing = false;

  constructor(
    config: AppConfig,
    private readonly events: EventsBus,
    private readonly limits: UpstreamLimitsRepository,
    private readonly breakers: UpstreamBreakersRepository,
    private readonly limiter: Limiter,
    private readonly breaker: Breaker,
    logger: PinoLogger,
  ) {
    this.upstream = upstreamName(config.openai);
    this.trouble = new SeldomLog(logger, 'what other workers know of the model API could not be read; trying again');
  }

  /** Before the first job: a worker that starts while a model is held back must know. */
  async onApplicationBootstrap(): Promise<void> {
    const look = (): void => void this.look();
    this.unsubscribe.push(this.events.subscribe(`upstream:${this.upstream}`, look), this.events.onReconnect(look));
    this.timers.push(
      setInterval(look, LOOK_EVERY_MS),
      setInterval(() => void this.clean(), CLEAN_EVERY_MS),
    );
    await this.look();
  }

  onModuleDestroy(): void {
    this.isClosing = true;
    this.timers.forEach((timer) => clearInterval(timer));
    this.unsubscribe.forEach((stop) => stop());
  }

  /** One look at a time; what is told meanwhile is looked at afterwards. */
  private look(): Promise<void> {
    if (this.looking !== undefined) {
      this.mustLookAgain = true;
      return this.looking;
    }
    this.looking = this.read().finally(() => {
      this.looking = undefined;
      if (!this.mustLookAgain || this.isClosing) return;
      this.mustLookAgain = false;
      void this.look();
    });
    return this.looking;
  }

  private async read(): Promise<void> {
    try {
      const [limits, breaker] = await Promise.all([
        this.limits.current(this.upstream),
        this.breakers.current(this.upstream),
      ]);
      this.limiter.apply(limits);
      this.breaker.apply(breaker);
    } catch (error) {
      if (!this.isClosing) this.trouble.warn(error);
    }
  }

  private async clean(): Promise<void> {
    await this.limits.clean().catch((error: unknown) => this.trouble.warn(error));
  }
}
