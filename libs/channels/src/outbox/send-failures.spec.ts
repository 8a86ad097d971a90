import { silentLogger } from '../../../../test/support/encryption';
import type { ChannelAdapters } from '../channels/channel-adapters';
import type { ChannelMetrics } from '../channels/channel-metrics.service';
import type { ChannelProblems } from '../channels/channel-problems.service';
import { type ChannelAccess, ChannelSendError } from '../core/channel-adapter';
import type { OutboxHead } from './outbox-row';
import type { OutboxRepository } from './persistence/outbox.repository';
import { MAX_OWN_ERRORS } from './send-backoff';
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

describe('an error that the other system has nothing to do with', () => {
  const access = { channel: { id: 1, type: 'whatsapp', updatedAt: new Date() } } as ChannelAccess;
  const after = async (error: unknown, change: Partial<OutboxHead>): Promise<string> => {
    let fate = '';
    const failures = new SendFailures(
      {
        postpone: (_head: unknown, _why: string, _ms: number, isOwnError: boolean) =>
          Promise.resolve(void (fate = isOwnError ? 'again, and counted' : 'again')),
        bury: () => Promise.resolve(void (fate = 'given up')),
      } as unknown as OutboxRepository,
      { get: () => ({}) } as unknown as ChannelAdapters,
      {} as ChannelProblems,
      { attempt: () => undefined } as unknown as ChannelMetrics,
      silentLogger(),
    );
    await failures.settle({ id: 1, kind: 'text', mayHaveLeft: false, ...change } as OutboxHead, access, error);
    return fate;
  };
  const away = Object.assign(new Error('terminating connection'), { code: '57P01' });

  it.each([
    ['of the program', new TypeError('x'), { attempts: 200, ownErrors: 0 }, 'again, and counted'],
    ['of the program, once too often', new TypeError('x'), { attempts: 10, ownErrors: MAX_OWN_ERRORS - 1 }, 'given up'],
    ['of the database', away, { attempts: 200, ownErrors: MAX_OWN_ERRORS - 1 }, 'again'],
  ])('%s', async (_whose, error, head, fate) => {
    expect(await after(error, head)).toBe(fate);
  });
});
