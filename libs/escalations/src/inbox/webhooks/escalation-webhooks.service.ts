import { JobQueue, SeldomLog } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import { type WebhookEvent, WebhooksRepository } from '../persistence/webhooks.repository';

/** Has other people's servers told what happens to escalations. */
@Injectable()
export class EscalationWebhooks {
  private readonly unqueued: SeldomLog;

  constructor(
    private readonly webhooks: WebhooksRepository,
    private readonly queue: JobQueue,
    logger: PinoLogger,
  ) {
    this.unqueued = new SeldomLog(logger, 'webhooks were not queued; the scheduled job sends them');
  }

  /** In the transaction in which it happens, so that nothing is told that did not, and nothing is forgotten. */
  async enqueue(escalationId: number, event: WebhookEvent): Promise<void> {
    await this.webhooks.enqueue(escalationId, event);
  }

  /** After the commit. Best effort: the scheduled job finds what is not sent. */
  wake(): void {
    this.queue
      .add('webhooks.deliver', {}, { dedupeKey: 'webhooks-deliver' })
      .catch((error: unknown) => this.unqueued.warn(error));
  }
}
