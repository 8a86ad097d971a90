import { JobWorker, WebhookFailed, Webhooks } from '@app/platform';
import { type BeforeApplicationShutdown, Injectable, type OnModuleInit } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import { type DueDelivery, WebhooksRepository } from '../persistence/webhooks.repository';
import { pauseAfter } from './webhook-backoff';

/** A server has 10 seconds; for so long nobody else sends the same. */
const HOLD_MS = 60_000;
const AT_ONCE = 10;
/** One job does not go on for ever. */
const MAX_SENT = 500;
const KEPT_DAYS = 30;
const REMOVED_AT_ONCE = 1000;
const GONE = 410;
/** As Standard Webhooks suggest: whoever has not been there for days is not coming back by itself. */
const DISABLED_AFTER_DAYS = 5;

/** Sends what is due: to each server one after the other, and no more in this run once one has failed. */
@Injectable()
export class WebhookSender implements OnModuleInit, BeforeApplicationShutdown {
  private isClosing = false;

  constructor(
    private readonly worker: JobWorker,
    private readonly repository: WebhooksRepository,
    private readonly webhooks: Webhooks,
    private readonly logger: PinoLogger,
  ) {}

  onModuleInit(): void {
    this.worker.register('webhooks.deliver', () => this.run());
  }

  /** What is being sent has its seconds; nothing more is begun. */
  beforeApplicationShutdown(): void {
    this.isClosing = true;
  }

  /** Until nothing is due for anybody who answers. Safe to run twice at once. */
  async run(): Promise<void> {
    const sending = new Map<number, Promise<void>>();
    const failed: number[] = [];
    for (let sent = 0; sent < MAX_SENT && !this.isClosing;) {
      const due = await this.repository.takeDue(AT_ONCE - sending.size, HOLD_MS, [...sending.keys(), ...failed]);
      for (const delivery of due) {
        const { endpointId } = delivery;
        const attempt = this.attempt(delivery).then((isDelivered) => {
          sending.delete(endpointId);
          if (!isDelivered) failed.push(endpointId);
        });
        sending.set(endpointId, attempt);
      }
      sent += due.length;
      if (sending.size === 0) break;
      await Promise.race(sending.values());
    }
    await Promise.all(sending.values());
    await this.repository.removeOlderThan(KEPT_DAYS, REMOVED_AT_ONCE);
  }

  /** Never fails: what cannot be written down is tried again when it is nobody's any more. */
  private async attempt(delivery: DueDelivery): Promise<boolean> {
    return this.send(delivery).catch((error: unknown) => {
      this.logger.error({ err: error, delivery_id: delivery.id }, 'a webhook could not be sent; trying again');
      return false;
    });
  }

  private async send(delivery: DueDelivery): Promise<boolean> {
    const { eventId, payload, url, secret, isEnabled } = delivery;
    if (!isEnabled) {
      await this.repository.giveUp(delivery.endpointId, 'the endpoint is switched off');
      return false;
    }
    try {
      if (secret === undefined) throw new WebhookFailed('its secret cannot be read: ENCRYPTION_KEYS lacks a key');
      await this.webhooks.post({ url, secret, body: payload, standardId: `msg_${eventId}` });
    } catch (error) {
      if (!(error instanceof WebhookFailed)) throw error;
      await this.onFailure(delivery, error);
      return false;
    }
    await this.repository.delivered(delivery);
    return true;
  }

  private async onFailure({ id, endpointId, attempts }: DueDelivery, error: WebhookFailed): Promise<void> {
    const isGone = error.status === GONE;
    const delayMs = isGone ? null : pauseAfter(attempts, Math.random());
    await this.repository.failed(id, error.status, error.message, delayMs);
    if (isGone) await this.repository.disable(endpointId, 'The server answered with 410: it wants no more.');
    const isDisabled = await this.repository.failing(
      endpointId,
      DISABLED_AFTER_DAYS,
      `Nothing has arrived for ${DISABLED_AFTER_DAYS} days.`,
    );
    this.logger.warn(
      {
        endpoint_id: endpointId,
        delivery_id: id,
        attempt: attempts,
        reason: error.message,
        retry_in_ms: delayMs,
        is_disabled: isGone || isDisabled,
      },
      'a webhook was not delivered',
    );
  }
}
