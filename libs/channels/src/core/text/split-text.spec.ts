import fc from 'fast-check';
import type { TextLimit } from '../channel-adapter';
import { lengthOf } from './measure';
import { splitText } from './split-text';
import { cpuNow } from '../../../../../test/support/cpu-time';

const CHARACTERS: TextLimit = { max: 100, unit: 'characters' };
const BYTES: TextLimit = { max: 100, unit: 'utf8-bytes' };
const SENTENCE = 'This is a sentence of 36 characters.';

/** Everything that people see: without white space and fences, of which a cut adds some. */
const seen = (text: string): string => text.replace(/```js$/gm, '').replace(/[\s`~]+/gu, '');

describe('splitting a text', () => {
  it('leaves what fits as it is', () => {
    expect(splitText('x'.repeat(100), CHARACTERS)).toEqual(['x'.repeat(100)]);
    expect(splitText(' \n ', CHARACTERS)).toEqual([]);
  });

  it('counts UTF-8 bytes where the channel does', () => {
    expect(splitText('ü'.repeat(100), CHARACTERS)).toHaveLength(1);
    expect(splitText('ü'.repeat(100), BYTES)).toEqual(['ü'.repeat(50), 'ü'.repeat(50)]);
  });

  it('cuts between paragraphs first, then between lines', () => {
    const paragraph = `${SENTENCE} ${SENTENCE}`;
    expect(splitText(`${paragraph}\n\n${paragraph}\n\n${SENTENCE}`, CHARACTERS)).toEqual([
      paragraph,
      paragraph,
      SENTENCE,
    ]);
    expect(splitText(`${SENTENCE}\n${SENTENCE}\n${SENTENCE}`, CHARACTERS)).toEqual([
      `${SENTENCE}\n${SENTENCE}`,
      SENTENCE,
    ]);
  });

  it('cuts a long paragraph between sentences, in any language', () => {
    expect(splitText(`${SENTENCE} ${SENTENCE} ${SENTENCE}`, CHARACTERS)).toEqual([`${SENTENCE} ${SENTENCE}`, SENTENCE]);
    const chinese = '今天天气很好，我们去公园散步吧。'.repeat(8);
    for (const part of splitText(chinese, CHARACTERS)) expect(part.endsWith('。')).toBe(true);
  });

  it('cuts a long sentence between words, and a long word anywhere', () => {
    const parts = splitText('lorem ipsum '.repeat(30).trim(), CHARACTERS);
    for (const part of parts) expect(part).toMatch(/^(lorem|ipsum)( lorem| ipsum)*$/);
    const [first] = splitText(`See https://example.org/${'a'.repeat(70)} and ${'b'.repeat(50)}`, CHARACTERS);
    expect(first).toMatch(/a{70} and$/);
    expect(splitText('y'.repeat(250), CHARACTERS).map(({ length }) => length)).toEqual([100, 100, 50]);
  });

  it('never cuts a character as people see it', () => {
    const family = '👩‍👩‍👧‍👦';
    const parts = splitText(family.repeat(40), CHARACTERS);
    for (const part of parts) expect(part.replaceAll(family, '')).toBe('');
    const bytes = splitText('e\u0301'.repeat(100), BYTES);
    for (const part of bytes) expect(part.startsWith('\u0301')).toBe(false);
  });

  it('keeps a block of code whole when it fits into a part', () => {
    const code = `\`\`\`js\n${'const a = 1;\n'.repeat(5)}\`\`\``;
    expect(splitText(`${SENTENCE}\n${code}\n${SENTENCE}`, CHARACTERS)).toEqual([`${SENTENCE}`, code, SENTENCE]);
  });

  it('closes and opens again a block of code that does not', () => {
    const lines = Array.from({ length: 20 }, (_, index) => `  line${index}();`);
    const parts = splitText(`Look:\n\`\`\`js\n${lines.join('\n')}\n\`\`\`\nDone.`, CHARACTERS);
    expect(parts.length).toBeGreaterThan(2);
    for (const part of parts) expect(part.match(/^```/gm)?.length).toBe(2);
    expect(parts[1]).toMatch(/^```js\n {2}line/);
    expect(parts.at(-1)).toMatch(/```\nDone\.$/);
    expect(seen(parts.join('\n'))).toBe(seen(`Look:\n${lines.join('\n')}\nDone.`));
  });

  it('takes texts of a megabyte in a moment', () => {
    const begun = cpuNow();
    expect(splitText(`${SENTENCE} `.repeat(30_000), { max: 4096, unit: 'characters' }).length).toBeGreaterThan(250);
    expect(splitText('a'.repeat(1_000_000), { max: 1000, unit: 'utf8-bytes' })).toHaveLength(1000);
    expect(splitText('\n```\n'.repeat(100_000), { max: 1000, unit: 'utf8-bytes' }).length).toBeGreaterThan(100);
    expect(cpuNow() - begun).toBeLessThan(20_000);
  });

  const piece = fc.oneof(
    {
      weight: 6,
      arbitrary: fc.constantFrom('word', 'two words', SENTENCE, 'Ende. ', '。', ' ', '\n', '\n\n', '  - item\n'),
    },
    { weight: 2, arbitrary: fc.constantFrom('\n```\n', '\n~~~\n', '`', '```', '\t') },
    { weight: 3, arbitrary: fc.string({ unit: 'grapheme', maxLength: 60 }) },
    { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
    {
      weight: 1,
      arbitrary: fc.constantFrom('👩‍👩‍👧‍👦'.repeat(9), 'x'.repeat(300), 'e\u0301'.repeat(60), `a${'\u0301'.repeat(200)}`),
    },
  );
  // Without names of languages, which a block of code that goes on repeats.
  const anyText = fc.array(piece, { maxLength: 40 }).map((pieces) =>
    pieces
      .join('')
      .replaceAll('\r', '')
      .replace(/(`{3,}|~{3,})(?=[^\S\n]*\S)/g, '$1¤')
      .toWellFormed(),
  );
  const anyLimit = fc.record({
    max: fc.integer({ min: 40, max: 300 }),
    unit: fc.constantFrom('characters' as const, 'utf8-bytes' as const),
  });

  it('loses nothing, adds nothing but fences, and keeps to the limit, whatever the text', () => {
    fc.assert(
      fc.property(anyText, anyLimit, (text, limit) => {
        const parts = splitText(text, limit);
        for (const part of parts) {
          expect(lengthOf(part, limit.unit)).toBeLessThanOrEqual(limit.max);
          expect(part.trim()).not.toBe('');
          expect(part.isWellFormed()).toBe(true);
        }
        expect(seen(parts.join('\n'))).toBe(seen(text));
      }),
      { numRuns: 1000 },
    );
  });

  it('begins no part inside of a character, also where white space and marks come together', () => {
    const character = fc.oneof(
      fc.constantFrom(
        '\u0301',
        '\u200d',
        '🏽',
        ' ',
        '\u00a0',
        '\n',
        'ᄒ',
        'ᅡ',
        'ᆫ',
        'и\u0306',
        'क',
        '्',
        '。',
        'x',
        '👩‍👩‍👧‍👦',
      ),
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 3 }),
    );
    const anyLine = fc
      .array(character, { minLength: 20, maxLength: 120 })
      .map((all) => all.join('').replace(/[`~]/g, ''));
    fc.assert(
      fc.property(anyLine, fc.constantFrom(CHARACTERS, BYTES), (text, limit) => {
        const whole = [...new Intl.Segmenter().segment(text)];
        fc.pre(whole.every(({ segment }) => lengthOf(segment, limit.unit) <= limit.max));
        const starts = new Set(whole.map(({ index }) => index));
        let at = 0;
        for (const part of splitText(text, limit)) {
          while (/\s/u.test(text.charAt(at)) && !text.startsWith(part, at)) at += 1;
          expect(text.startsWith(part, at)).toBe(true);
          expect(starts.has(at)).toBe(true);
          at += part.length;
        }
        expect(text.slice(at).trim()).toBe('');
      }),
      { numRuns: 3000 },
    );
  });

  it('cuts between characters as people see them, whatever the script', () => {
    const character = fc.oneof(
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 5 }),
      fc.constantFrom('🇩🇪🇫🇷🇮🇹', '👩‍👩‍👧‍👦', 'e\u0301', 'क्षि', '한국', 'ภาษา', 'x'),
    );
    const unbroken = fc
      .array(character, { minLength: 20, maxLength: 80 })
      .map((characters) => characters.join('').replace(/[\s`~]/gu, ''));
    fc.assert(
      fc.property(unbroken, fc.constantFrom(CHARACTERS, BYTES), (text, limit) => {
        const parts = splitText(text, limit);
        expect(parts.join('')).toBe(text);
        const ends = new Set([...new Intl.Segmenter().segment(text)].map(({ index }) => index));
        let at = 0;
        for (const part of parts.slice(0, -1)) {
          at += part.length;
          expect(ends.has(at)).toBe(true);
        }
      }),
      { numRuns: 1000 },
    );
  });
});
