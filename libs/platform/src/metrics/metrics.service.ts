import { Injectable } from '@nestjs/common';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** The numbers of this process, in a registry of their own: several processes may be one in tests and at `npm start`. */
@Injectable()
export class Metrics {
  private readonly registry = new Registry();

  constructor() {
    collectDefaultMetrics({ register: this.registry });
  }

  readonly contentType = Registry.PROMETHEUS_CONTENT_TYPE;

  counter<Label extends string = never>(name: string, help: string, labelNames: readonly Label[] = []): Counter<Label> {
    return new Counter({ name, help, labelNames, registers: [this.registry] });
  }

  /** @param collect is called for each scrape and sets the gauge */
  gauge<Label extends string = never>(
    name: string,
    help: string,
    labelNames: readonly Label[],
    collect: (gauge: Gauge<Label>) => void | Promise<void>,
  ): void {
    const gauge: Gauge<Label> = new Gauge({
      name,
      help,
      labelNames,
      registers: [this.registry],
      collect: () => collect(gauge),
    });
  }

  /**
   * A total that is kept elsewhere, such as in the database.
   * @param read is called for each scrape; undefined when it cannot be read now, then the metric has no values
   */
  storedCounter<Label extends string>(
    name: string,
    help: string,
    labelNames: readonly Label[],
    read: () => Promise<[labels: Record<Label, string>, total: number][] | undefined>,
  ): void {
    const counter: Counter<Label> = new Counter({
      name,
      help,
      labelNames,
      registers: [this.registry],
      collect: async () => {
        const totals = await read();
        counter.reset();
        for (const [labels, total] of totals ?? []) counter.inc(labels, total);
      },
    });
  }

  /** @param buckets upper bounds, in the unit that the name ends with */
  histogram<Label extends string = never>(
    name: string,
    help: string,
    labelNames: readonly Label[],
    buckets: number[],
  ): Histogram<Label> {
    return new Histogram({ name, help, labelNames, buckets, registers: [this.registry] });
  }

  /** In the text format of Prometheus. */
  text(): Promise<string> {
    return this.registry.metrics();
  }
}
