import { ProviderError, type ProviderErrorCode } from '../provider';
import { isRefusal, recoveryFrom, type Tried } from './recovery';

const failure = (code: ProviderErrorCode, more: ConstructorParameters<typeof ProviderError>[1] = {}): ProviderError =>
  new ProviderError(code, more);
const NOTHING: Tried = { repeats: 0, rebuilds: 0 };
const what = (
  code: ProviderErrorCode,
  state: 'stateless' | 'conversation' | 'hybrid',
  tried: Partial<Tried> = {},
): string => recoveryFrom(failure(code), state, { ...NOTHING, ...tried }, () => 0.5).what;

describe('recovery inside a remote conversation', () => {
  it('a lost conversation is made again once; then hybrid has our history, and conversation fails like any call', () => {
    expect(what('UPSTREAM.CONVERSATION_NOT_FOUND', 'conversation')).toBe('rebuild');
    expect(what('UPSTREAM.CONVERSATION_NOT_FOUND', 'hybrid')).toBe('rebuild');
    expect(what('UPSTREAM.CONVERSATION_NOT_FOUND', 'hybrid', { rebuilds: 1 })).toBe('from-history');
    expect(what('UPSTREAM.CONVERSATION_NOT_FOUND', 'conversation', { rebuilds: 1 })).toBe('give-up');
  });

  it('a locked one is asked three times more, with growing pauses of 1.75 s in all at most', () => {
    let total = 0;
    for (const repeats of [0, 1, 2]) {
      const recovery = recoveryFrom(
        failure('UPSTREAM.CONVERSATION_LOCKED'),
        'conversation',
        { repeats, rebuilds: 0 },
        () => 1,
      );
      if (recovery.what !== 'repeat') throw new Error(`expected a repeat, got ${recovery.what}`);
      expect(recovery.delayMs).toBe(250 * 2 ** repeats);
      total += recovery.delayMs;
    }
    expect(total).toBe(1750);
    expect(what('UPSTREAM.CONVERSATION_LOCKED', 'conversation', { repeats: 3 })).toBe('rebuild');
    expect(what('UPSTREAM.CONVERSATION_LOCKED', 'hybrid', { repeats: 3 })).toBe('from-history');
  });

  it('one that has grown too long is made again with less of it, or our history answers', () => {
    expect(what('UPSTREAM.CONTEXT_TOO_LONG', 'conversation')).toBe('rebuild');
    expect(what('UPSTREAM.CONTEXT_TOO_LONG', 'conversation', { rebuilds: 1 })).toBe('give-up');
    expect(what('UPSTREAM.CONTEXT_TOO_LONG', 'hybrid')).toBe('from-history');
  });

  it('an upstream that knows no conversations is a failure for conversation and none for hybrid', () => {
    const unknown = failure('UPSTREAM.BAD_REQUEST', { refusedField: 'conversation', httpStatus: 400 });
    expect(recoveryFrom(unknown, 'hybrid', NOTHING, () => 0).what).toBe('from-history');
    expect(recoveryFrom(unknown, 'conversation', NOTHING, () => 0).what).toBe('give-up');
    expect(what('UPSTREAM.NOT_FOUND', 'hybrid')).toBe('from-history');
  });

  it('everything else is for the retries of the turn, and so is what failed after text was shown', () => {
    expect(what('UPSTREAM.RATE_LIMITED', 'hybrid')).toBe('give-up');
    expect(what('UPSTREAM.SERVER_ERROR', 'conversation')).toBe('give-up');
    expect(what('UPSTREAM.CONVERSATION_NOT_FOUND', 'stateless')).toBe('give-up');
    const shown = failure('UPSTREAM.CONTEXT_TOO_LONG');
    shown.partialText = 'Hello';
    expect(recoveryFrom(shown, 'hybrid', NOTHING, () => 0).what).toBe('give-up');
  });

  it('a refusal has changed nothing at the upstream; a time-out, a conflict or a lost conversation may have', () => {
    for (const httpStatus of [400, 401, 403, 413, 422, 429]) {
      expect(isRefusal(failure('UPSTREAM.BAD_REQUEST', { httpStatus }))).toBe(true);
    }
    for (const httpStatus of [200, 404, 408, 409, 500, 503, null]) {
      expect(isRefusal(failure('UPSTREAM.SERVER_ERROR', { httpStatus }))).toBe(false);
    }
  });
});
