import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { EventsBus } from '../events/events-bus';
import { JobQueue } from './job-queue';

/** Shows that a job put in here is taken out by a worker, and that its event comes back. */
@Injectable()
export class QueueProbe {
  constructor(
    private readonly queue: JobQueue,
    private readonly events: EventsBus,
  ) {}

  /** Milliseconds of one round trip; rejects after `timeoutMs`. */
  async roundTrip(timeoutMs: number): Promise<number> {
    const probeId = randomUUID();
    const startedAt = performance.now();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const unsubscribe = this.events.subscribe(`probe:${probeId}`, () => resolve());
    const timer = setTimeout(() => reject(new Error(`No worker took a test job within ${timeoutMs} ms.`)), timeoutMs);
    try {
      await this.queue.add('queue.probe', { probeId });
      await promise;
      return performance.now() - startedAt;
    } finally {
      clearTimeout(timer);
      unsubscribe();
    }
  }
}
