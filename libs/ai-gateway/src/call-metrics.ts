import { Metrics } from '@app/platform';
import { Injectable } from '@nestjs/common';
import type { ClosedModelCall } from './persistence/model-calls.repository';

/** Seconds; models answer in some tenths of a second to some minutes. */
const BUCKETS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300];

/** How long the calls of this process took. Totals are read from the ledger, these are for alerts on what happens now. */
@Injectable()
export class CallMetrics {
  private readonly queue;
  private readonly firstToken;
  private readonly total;

  constructor(metrics: Metrics) {
    this.queue = metrics.histogram(
      'parley_model_call_queue_seconds',
      'From when an attempt could run to when it did.',
      [],
      BUCKETS,
    );
    this.firstToken = metrics.histogram(
      'parley_model_call_first_token_seconds',
      'From the request to the first piece of text.',
      [],
      BUCKETS,
    );
    this.total = metrics.histogram('parley_model_call_seconds', 'From the request to its end.', ['outcome'], BUCKETS);
  }

  opened(queueMs: number | null): void {
    if (queueMs !== null) this.queue.observe(queueMs / 1000);
  }

  closed({ status, firstTokenMs, totalMs }: ClosedModelCall): void {
    if (firstTokenMs !== null) this.firstToken.observe(firstTokenMs / 1000);
    this.total.observe({ outcome: status }, totalMs / 1000);
  }
}
