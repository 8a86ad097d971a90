import { PiiDetector } from './pii-detector';
import { cpuNow } from '../../../../../test/support/cpu-time';

const all = { types: ['email' as const, 'phone' as const, 'card' as const, 'iban' as const], custom: [] as string[] };
const found = (text: string, settings = all): string[] =>
  new PiiDetector(settings, ['DE', 'US'])
    .find(text)
    .map(({ type, start, end }) => `${type}: ${text.slice(start, end)}`);

describe('what is personal data', () => {
  it.each([
    ['an IBAN is no telephone number', 'DE89 3704 0044 0532 0130 00', ['iban: DE89 3704 0044 0532 0130 00']],
    ['a card is no telephone number', '4111 1111 1111 1111', ['card: 4111 1111 1111 1111']],
    ['two numbers are two', '030 901820, 0170 1234567', ['phone: 030 901820', 'phone: 0170 1234567']],
    [
      'a number behind a long list of numbers is found',
      `${'12 345 67 '.repeat(20)}+49 170 1234567`,
      ['phone: +49 170 1234567'],
    ],
  ])('%s', (_rule, text, expected) => {
    expect(found(text)).toEqual(expected);
  });

  it('what is not wanted is left alone, and is not taken for something else either', () => {
    expect(found('4111 1111 1111 1111 and +49 170 1234567', { types: ['phone'], custom: [] })).toEqual([
      'phone: +49 170 1234567',
    ]);
  });

  it('national numbers are known of the configured countries only', () => {
    const none = new PiiDetector(all, []);
    expect(none.find('030 901820')).toEqual([]);
    expect(none.find('+49 30 901820')).toHaveLength(1);
  });

  it('overlapping finds are hidden as one, so that no part of either goes out', () => {
    const settings = { ...all, custom: ['call +49 170'] };
    expect(found('please call +49 170 1234567 now', settings)).toEqual(['private: call +49 170 1234567']);
  });

  it('of words that begin alike the longest whole one counts', () => {
    const settings = { types: [], custom: ['Falcon', 'Falcon Heavy', 'Falc'] };
    expect(found('Falcon Heavy, falcon, Falcons, falc', settings)).toEqual([
      'private: Falcon Heavy',
      'private: falcon',
      'private: falc',
    ]);
  });

  const N = 100_000;
  it.each([
    ['at signs', '@'.repeat(N)],
    ['addresses that never end', 'a@'.repeat(N / 2)],
    ['labels', 'a.a@a.'.repeat(N / 6)],
    ['quotes', `${'"'.repeat(N - 1)}@`],
    ['digits', '1'.repeat(N)],
    ['digits with spaces', '1 '.repeat(N / 2)],
    ['groups like those of cards', '4111 '.repeat(N / 5)],
    ['beginnings of IBANs', 'DE89 '.repeat(N / 5)],
    ['plus signs', '+1 '.repeat(N / 3)],
    ['brackets', '('.repeat(N)],
    ['combining marks', `a${'\u0301'.repeat(N)}`],
    ['nearly the private word', `${'a'.repeat(99)}c`.repeat(N / 100)],
  ])('100,000 characters of %s take seconds at most, and ten times less text takes far less', (_what, text) => {
    const detector = new PiiDetector({ ...all, custom: [`${'a'.repeat(99)}b`, 'aaa', 'a a a'] }, ['DE', 'US', 'GB']);
    const timeOf = (part: string): number => {
      const start = cpuNow();
      detector.find(part);
      return cpuNow() - start;
    };
    timeOf(text.slice(0, N / 10));
    const short = timeOf(text.slice(0, N / 10));
    const long = timeOf(text);
    // Ten times if it is linear, a hundred times if it is quadratic; the rest is what a busy machine adds.
    expect(long).toBeLessThan(Math.max(400, short * 40));
    expect(long).toBeLessThan(15_000);
  });
});
