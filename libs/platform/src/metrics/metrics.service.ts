import { Injectable } from '@nestjs/common';
import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client';

/** The numbers of this process, in a registry of their own: several processes may be one in tests and at `npm start`. */
@Injectable()
export class Metrics {
  private readonly registry = new Registry();
  private writing: Promise<string> | undefined;

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

  /** In the text format of Prometheus. Whoever asks while it is being written gets the same text. */
  text(): Promise<string> {
    this.writing ??= this.registry.metrics().finally(() => (this.writing = undefined));
    return this.writing;
  }
}
