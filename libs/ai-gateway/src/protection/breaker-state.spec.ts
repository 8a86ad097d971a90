import { PROVIDER_ERROR_CODES } from '../provider';
import { type BreakerView, CLOSED, evidenceOf, verdictOf } from './breaker-state';

const view = (fields: Partial<BreakerView>): BreakerView => ({ ...CLOSED, ...fields });

describe('the breaker', () => {
  it('closed lets everything through', () => {
    expect(verdictOf(CLOSED, 0)).toEqual({ kind: 'go' });
  });

  it('open makes calls wait until its time, then one may ask to be the probe', () => {
    const open = view({ position: 'open', retryAt: 5000 });
    expect(verdictOf(open, 0)).toEqual({ kind: 'wait', ms: 5000 });
    expect(verdictOf(open, 4999.5)).toEqual({ kind: 'wait', ms: 1 });
    expect(verdictOf(open, 5000)).toEqual({ kind: 'ask' });
  });

  it('half open makes calls wait for the probe, and lets them ask when its worker died', () => {
    const halfOpen = view({ position: 'half_open', probeUntil: 15_000 });
    expect(verdictOf(halfOpen, 14_000)).toEqual({ kind: 'wait', ms: 1000 });
    expect(verdictOf(halfOpen, 15_000)).toEqual({ kind: 'ask' });
  });

  it('takes only what shows that the upstream is not there for a fault', () => {
    expect(PROVIDER_ERROR_CODES.filter((code) => evidenceOf(code) === 'fault').sort()).toEqual([
      'UPSTREAM.CUT',
      'UPSTREAM.OVERLOADED',
      'UPSTREAM.SERVER_ERROR',
      'UPSTREAM.STALLED',
      'UPSTREAM.TIMEOUT',
      'UPSTREAM.UNREACHABLE',
    ]);
    expect(evidenceOf('UPSTREAM.CANCELLED')).toBe('nothing');
    expect(evidenceOf('UPSTREAM.RATE_LIMITED')).toBe('works');
    expect(evidenceOf(null)).toBe('works');
  });
});
