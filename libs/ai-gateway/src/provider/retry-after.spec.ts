import { retryAfterMs } from './retry-after';

const NOW = Date.parse('2026-11-21T12:00:00Z');
const wait = (headers: Record<string, string>, message = ''): number | null =>
  retryAfterMs(new Headers(headers), message, NOW);

describe('retryAfterMs', () => {
  it('reads seconds, also above a minute and with a fraction', () => {
    expect(wait({ 'retry-after': '90' })).toBe(90_000);
    expect(wait({ 'retry-after': '0.5' })).toBe(500);
  });

  it('reads an HTTP date, and takes one in the past for now', () => {
    expect(wait({ 'retry-after': 'Sat, 21 Nov 2026 12:02:00 GMT' })).toBe(120_000);
    expect(wait({ 'retry-after': 'Sat, 21 Nov 2026 11:00:00 GMT' })).toBe(0);
  });

  it('prefers retry-after-ms', () => {
    expect(wait({ 'retry-after-ms': '1234', 'retry-after': '9' })).toBe(1_234);
  });

  it('falls back to the reset of a used-up window, the longest of them', () => {
    const headers = {
      'x-ratelimit-remaining-requests': '0',
      'x-ratelimit-reset-requests': '1s',
      'x-ratelimit-remaining-tokens': '0',
      'x-ratelimit-reset-tokens': '6m0.5s',
    };
    expect(wait(headers)).toBe(360_500);
    expect(wait({ ...headers, 'x-ratelimit-remaining-tokens': '5' })).toBe(1_000);
  });

  it('falls back to the words of the message', () => {
    expect(wait({}, 'Rate limit reached. Please try again in 1.5s. Visit …')).toBe(1_500);
    expect(wait({}, 'Please try again in 6m30s.')).toBe(390_000);
    expect(wait({}, 'Please try again in 250ms.')).toBe(250);
  });

  it('is null when nothing was asked, or nothing readable', () => {
    expect(wait({})).toBeNull();
    expect(wait({ 'retry-after': 'soon' })).toBeNull();
    expect(wait({ 'retry-after': '-5' })).toBeNull();
  });
});
