import { DEFAULT_SETTINGS } from '../core/channel-settings';
import { saysOneOf } from './opt-words';

describe('words that end or begin messages', () => {
  const words = DEFAULT_SETTINGS.opt_out_words;

  it.each([
    'STOP',
    ' stop. ',
    '"Stop!"',
    '¡stop!',
    'Stop   all',
    'désinscrire',
    'DESINSCRIRE',
    'de\u0301sinscrire',
    'ｓｔｏｐ',
  ])('%j is one of them', (text) => expect(saysOneOf(text, words)).toBe(true));

  it.each([
    '',
    '...',
    'don’t stop',
    'stop it',
    'nonstop',
    'st op',
    '🛑',
    `stop${' '.repeat(5000)}`,
    'x'.repeat(1_000_000),
  ])('another message is none', (text) => expect(saysOneOf(text, words)).toBe(false));

  it('without words nothing is one', () => expect(saysOneOf('stop', [])).toBe(false));
});
