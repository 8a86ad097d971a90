import { silentLogger } from '../../../../test/support/encryption';
import type { ChannelAdapters } from '../channels/channel-adapters';
import type { ChannelMetrics } from '../channels/channel-metrics.service';
import type { ChannelProblems } from '../channels/channel-problems.service';
import { type ChannelAccess, ChannelSendError } from '../core/channel-adapter';
import type { OutboxHead } from './outbox-row';
import type { OutboxRepository } from './persistence/outbox.repository';
import { SendFailures } from './send-failures.service';

describe('what may have left', () => {
  const access = { channel: { id: 1, type: 'mattermost', updatedAt: new Date() } } as ChannelAccess;
  /** Why the row waits after a failure. */
  const reasonAfter = async (failure: ChannelSendError, mayHaveLeft: boolean, adapter: object): Promise<unknown> => {
    let reason: unknown;
    const note = (_head: unknown, why: string): Promise<void> => {
      reason = why;
      return Promise.resolve();
    };
    const failures = new SendFailures(
      {
        postpone: note,
        giveBack: note,
        isChannelUnchanged: () => Promise.resolve(false),
      } as unknown as OutboxRepository,
      { get: () => adapter } as unknown as ChannelAdapters,
      {} as ChannelProblems,
      { attempt: () => undefined } as unknown as ChannelMetrics,
      silentLogger(),
    );
    await failures.settle({ id: 1, attempts: 1, kind: 'text', mayHaveLeft } as OutboxHead, access, failure);
    return reason;
  };
  const seeking = { findSent: () => Promise.resolve(null) };

  it.each(['unavailable', 'rate-limited', 'refused-credentials'] as const)('is not forgotten when %s', async (kind) => {
    const failure = new ChannelSendError(kind, 'no');
    expect(await reasonAfter(failure, true, seeking)).toBe('may-have-left');
    expect(await reasonAfter(failure, false, seeking)).toBe(kind);
  });

  it('is of no use where it cannot be looked for', async () => {
    expect(await reasonAfter(new ChannelSendError('rate-limited', 'no'), true, {})).toBe('rate-limited');
  });
});
