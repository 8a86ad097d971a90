import { AsyncResource } from 'node:async_hooks';
import { AppConfig, EventsBus } from '@app/platform';
import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { PricesRepository } from './persistence/prices.repository';
import { type CallToRate, PriceList, type Rating } from './price-list';

/** Rates calls with the prices that this process knows: at most `PRICE_CACHE_SECONDS` old, usually as new as the last change. */
@Injectable()
export class PriceBook implements OnModuleInit, OnModuleDestroy {
  private known: { readAt: number; list: PriceList } | undefined;
  /** What was read before the last change must not be kept. */
  private changes = 0;
  private isWarming = false;
  private readonly unsubscribe: (() => void)[] = [];
  private readonly maxAgeMs: number;
  /** Outside of whatever transaction runs: nobody waits for it there. */
  private readonly readApart: () => Promise<PriceList>;

  constructor(
    private readonly prices: PricesRepository,
    private readonly events: EventsBus,
    config: AppConfig,
  ) {
    this.maxAgeMs = config.limits.priceCacheSeconds * 1000;
    this.readApart = AsyncResource.bind(() => this.read());
  }

  onModuleInit(): void {
    const forget = (): void => {
      this.changes += 1;
      this.known = undefined;
    };
    this.unsubscribe.push(this.events.subscribe('prices', forget), this.events.onReconnect(forget));
  }

  onModuleDestroy(): void {
    this.unsubscribe.forEach((stop) => stop());
  }

  /**
   * Reads the prices itself when those that are known are too old, and waits for nobody else's reading: that could wait for a connection
   * that the caller's transaction holds.
   */
  async rate(call: CallToRate): Promise<Rating> {
    const list = this.isOlderThan(this.maxAgeMs) ? await this.read() : this.known!.list;
    return list.rate(call);
  }

  /** While the model is asked, so that its answer need not wait for prices. Never fails; `rate` would tell. */
  warm(): void {
    if (this.isWarming || !this.isOlderThan(this.maxAgeMs / 2)) return;
    this.isWarming = true;
    this.readApart()
      .catch(() => undefined)
      .finally(() => (this.isWarming = false));
  }

  private isOlderThan(ageMs: number): boolean {
    return this.known === undefined || performance.now() - this.known.readAt > ageMs;
  }

  private async read(): Promise<PriceList> {
    // The age counts from before the read: what is changed during it may be missing.
    const readAt = performance.now();
    const { changes } = this;
    const list = new PriceList(await this.prices.all());
    if (changes === this.changes) this.known = { readAt, list };
    return list;
  }
}
