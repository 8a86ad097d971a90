import { Metrics } from '@app/platform';
import { Injectable } from '@nestjs/common';
import type { Channel, ChannelType } from '../core/channel';
import type { SendFailure } from '../core/channel-adapter';

/** What became of a request that claims to be a hook. */
export type HookOutcome = 'taken' | 'unsigned' | 'unintelligible' | 'refused';

type Labels = 'channel' | 'type';

const labelsOf = ({ id, type }: Pick<Channel, 'id' | 'type'>): Record<Labels, string> => ({
  channel: String(id),
  type,
});

/** What came and went through the channels in this process, by the channel's number. Numbers of people or texts are in none. */
@Injectable()
export class ChannelMetrics {
  private readonly hooks;
  private readonly events;
  private readonly repeated;
  private readonly sends;
  private readonly sendSeconds;

  constructor(metrics: Metrics) {
    this.hooks = metrics.counter('parley_channel_hooks_total', 'Requests to the addresses of hooks.', [
      'type',
      'outcome',
    ]);
    this.events = metrics.counter('parley_channel_events_total', 'Events of hooks that were stored.', [
      'channel',
      'type',
      'kind',
    ]);
    this.repeated = metrics.counter(
      'parley_channel_repeated_events_total',
      'Events of hooks that had been stored before.',
      ['channel', 'type'],
    );
    this.sends = metrics.counter(
      'parley_channel_sends_total',
      'Attempts to send, by what became of them: sent, skipped, or the kind of failure.',
      ['channel', 'type', 'outcome'],
    );
    this.sendSeconds = metrics.histogram(
      'parley_channel_send_seconds',
      'How long the other system took to take a message, or to refuse it.',
      ['type'],
      [0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20],
    );
  }

  hook(type: ChannelType, outcome: HookOutcome): void {
    this.hooks.inc({ type, outcome });
  }

  /** @param kind of the inbound event. @param count how many were new */
  stored(channel: Pick<Channel, 'id' | 'type'>, kind: string, count: number): void {
    if (count > 0) this.events.inc({ ...labelsOf(channel), kind }, count);
  }

  repeatedEvents(channel: Pick<Channel, 'id' | 'type'>, count: number): void {
    if (count > 0) this.repeated.inc(labelsOf(channel), count);
  }

  attempt(channel: Pick<Channel, 'id' | 'type'>, outcome: 'sent' | 'skipped' | SendFailure): void {
    this.sends.inc({ ...labelsOf(channel), outcome });
  }

  sendTook(type: ChannelType, ms: number): void {
    this.sendSeconds.observe({ type }, ms / 1000);
  }
}
