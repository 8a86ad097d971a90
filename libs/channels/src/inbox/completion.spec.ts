import type { ChannelAdapters } from '../channels/channel-adapters';
import type { ChannelProblems } from '../channels/channel-problems.service';
import { type ChannelAccess, ChannelSendError, type InboundMessage } from '../core/channel-adapter';
import { Completion } from './completion.service';
import { fateOf, MAX_ATTEMPTS } from './receive-failures';

describe('what a hook did not tell', () => {
  const access = { channel: { id: 1, type: 'mattermost' } } as ChannelAccess;
  const message = { kind: 'message', externalId: 'p1' } as InboundMessage;
  const failing = (error: ChannelSendError): Completion =>
    new Completion(
      { get: () => ({ complete: () => Promise.reject(error) }) } as unknown as ChannelAdapters,
      {} as ChannelProblems,
    );
  const away = failing(new ChannelSendError('unavailable', 'away'));
  const why = (completion: Completion, ageMs: number): Promise<unknown> =>
    completion.complete(access, message, ageMs).catch((error: unknown) => error);

  it('a message waits for the other system for a day, more and more seldom, however often it was tried', async () => {
    for (const [ageMs, delayMs] of [
      [0, 5000],
      [20_000, 20_000],
      [10 * 3_600_000, 60_000],
    ] as const) {
      expect(fateOf(await why(away, ageMs), MAX_ATTEMPTS, ageMs)).toEqual({
        isDead: false,
        reason: 'message_unavailable',
        delayMs,
        isAttempt: false,
      });
    }
    expect(fateOf(await why(away, 25 * 3_600_000), 1, 25 * 3_600_000)).toMatchObject({ isDead: true });
  });

  it('it waits longer where that is asked for', async () => {
    const busy = failing(new ChannelSendError('rate-limited', 'busy', false, 90_000));
    expect(await why(busy, 0)).toMatchObject({ delayMs: 90_000, isAttempt: false });
  });

  it('what is gone is not waited for', async () => {
    const gone = failing(new ChannelSendError('unreachable', 'gone'));
    expect(await why(gone, 0)).toMatchObject({ kind: 'other', type: 'not_to_be_seen' });
  });
});
