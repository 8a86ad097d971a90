import { toPlainText, toWhatsApp } from './dialects';
import { lengthOf } from './measure';
import { splitText } from './split-text';
import { cpuNow } from '../../../../../test/support/cpu-time';

const LENGTH = 200_000;
/** Work in proportion to the text takes less than a second on a quiet machine; its square takes minutes. */
const AT_MOST_MS = 20_000;

const filled = (unit: string): string => unit.repeat(Math.ceil(LENGTH / unit.length)).slice(0, LENGTH);

const HOSTILE: [string, string][] = [
  ['an address that never ends', `http://${filled('.')}x`],
  ['spaces inside of a line', `a${filled(' ')}b`],
  ['spaces behind a title', `# a${filled(' ')}b`],
  ['signs behind a title', `# a${filled('# ')}b`],
  ['what looks like the rule of a table', `a|b\n${filled(' ')}x|`],
  ['the rule of a table with spaces at its end', `a|b\n|-${filled(' ')}x|`],
  ['dashes of a table', `a|b\n${filled('-|')}x`],
  ['code that begins with a space', `\` ${filled('x')}\``],
  ['code between spaces', `\`${filled(' ')}x\``],
  ['spaces between signs of emphasis', `**a${filled(' ')}b**`],
  ['lines between signs of emphasis', `**a${filled(' \n')}b**`],
  [
    'a table with long names',
    `|a|${'b'.repeat(60_000)}|${'c'.repeat(60_000)}|\n|-|-|-|\n${'|a|b|c|\n'.repeat(10_000)}`,
  ],
  ['a link with spaces', `[a](b${filled(' ')}x`],
  ['a link that is not closed', filled('[a](b')],
  ...[
    '*',
    '_',
    '~',
    '`',
    '[',
    '![',
    '<',
    '&',
    '\\',
    '|',
    '> ',
    '- ',
    '#',
    '**a',
    '*_',
    '**_',
    '`a``',
    '~~~\n',
    '```\n',
    '``` ',
    '|\n',
    '\n',
    '\r\n',
    ' \n',
    '1. ',
    '<br',
    'http://',
    'a@',
    '(',
    '](',
    '\u0301',
    '👩‍',
    '🇩🇪',
    'ü',
    '。',
    'ᄀ',
    'क्',
    '\t',
    '= ',
    '=\n',
    '---\n',
    'a|b\n-|-\n',
  ].map((unit): [string, string] => [`${JSON.stringify(unit)} and nothing else`, filled(unit)]),
];

describe('200,000 characters that somebody has thought up', () => {
  it.each(HOSTILE)('%s: in proportion to their number, and within the limit', (_name, text) => {
    const begunAt = cpuNow();
    for (const [format, limit] of [
      [toWhatsApp, { max: 4096, unit: 'characters' }],
      [toPlainText, { max: 1000, unit: 'utf8-bytes' }],
    ] as const) {
      const formatted = format(text);
      expect(formatted.length).toBeLessThan(10 * text.length + 100);
      for (const part of splitText(formatted, limit)) expect(lengthOf(part, limit.unit)).toBeLessThanOrEqual(limit.max);
    }
    expect(cpuNow() - begunAt).toBeLessThan(AT_MOST_MS);
  });
});
