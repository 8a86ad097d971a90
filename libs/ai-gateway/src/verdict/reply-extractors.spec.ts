import * as fc from 'fast-check';
import { ReplyInJson } from './reply-in-json';
import { ReplyWithLine } from './reply-with-line';
import type { ReplyExtractor } from './verdict';
import { cpuNow } from '../../../../test/support/cpu-time';

interface Read {
  parts: string[];
  text: string;
  confidence: number | null;
  needsHuman: boolean;
  isReplyWhole: boolean;
  isAsAsked: boolean;
}

function read(extractor: ReplyExtractor, pieces: readonly string[], isCut = false): Read {
  const parts = [...pieces.map((piece) => extractor.add(piece)), extractor.end(isCut)];
  const { verdict, isReplyWhole, isAsAsked } = extractor;
  return { parts, text: parts.join(''), ...verdict, isReplyWhole, isAsAsked };
}

/** As providers cut: anywhere but inside a pair of surrogates. */
const piecesOf = (text: string, cuts: readonly number[]): string[] => {
  const places = [...new Set([0, ...cuts.map((cut) => cut % (text.length + 1)), text.length])].sort((a, b) => a - b);
  return places.slice(1).map((place, index) => text.slice(places[index], place));
};
const cuts = fc.array(fc.nat(100_000), { maxLength: 60 });
const oneByOne = (text: string): string[] => text.split('');

/** Of half pairs and NUL nothing is left that PostgreSQL would not take. */
const stored = (text: string): string => text.toWellFormed().replaceAll('\0', '');
/** What people write, and what is hard to write in JSON. */
const texts = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 200 }),
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc
    .array(
      fc.constantFrom(
        '"',
        '\\',
        '\n',
        '\u0000',
        '\ud83d',
        '\ude00',
        '😀',
        '}',
        '{',
        '"reply":',
        '[[confidence',
        'é',
        ' ',
      ),
      { maxLength: 40 },
    )
    .map((parts) => parts.join('')),
);

/** JSON of a text with every character escaped, or only what must be. */
const json = (text: string, isEscaped: boolean): string =>
  isEscaped
    ? `"${text
        .split('')
        .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
        .join('')}"`
    : JSON.stringify(text);

describe('a reply in JSON', () => {
  const answers = fc.record({
    reply: texts,
    isEscaped: fc.boolean(),
    confidence: fc.double({ min: 0, max: 1, noNaN: true }),
    needsHuman: fc.boolean(),
    gap: fc.constantFrom('', ' ', '\n  '),
    extra: fc.option(fc.jsonValue()),
    isReplyLast: fc.boolean(),
    fence: fc.constantFrom(['', ''], ['```json\n', '\n```'], ['\n', '\n\n']),
  });
  const written = ({ reply, isEscaped, confidence, needsHuman, gap, extra, isReplyLast, fence }: AnAnswer): string => {
    const verdict = [`"confidence":${gap}${confidence}`, `"needs_human"${gap}:${needsHuman}`];
    if (extra !== null) verdict.push(`"notes":${gap}${JSON.stringify(extra)}`);
    const own = `"reply":${gap}${json(reply, isEscaped)}`;
    const all = isReplyLast ? [...verdict, own] : [own, ...verdict];
    return `${fence[0]}{${gap}${all.join(`${gap},${gap}`)}${gap}}${fence[1]}`;
  };
  type AnAnswer = typeof answers extends fc.Arbitrary<infer T> ? T : never;

  it('is what JSON.parse reads, however it is cut', () => {
    fc.assert(
      fc.property(answers, cuts, (answer, places) => {
        const text = written(answer);
        const expected = {
          text: stored(answer.reply),
          confidence: Math.round(answer.confidence * 1e6) / 1e6,
          needsHuman: answer.needsHuman,
          isReplyWhole: true,
          isAsAsked: true,
        };
        expect(read(new ReplyInJson(), piecesOf(text, places))).toMatchObject(expected);
        expect(read(new ReplyInJson(), oneByOne(text))).toMatchObject(expected);
      }),
      { numRuns: 500 },
    );
  });

  it('comes as it grows: every piece gives out what is certain, and never half a character', () => {
    fc.assert(
      fc.property(texts, fc.boolean(), cuts, (reply, isEscaped, places) => {
        const { parts } = read(
          new ReplyInJson(),
          piecesOf(`{"reply":${json(reply, isEscaped)},"confidence":1,"needs_human":false}`, places),
        );
        for (const part of parts) expect(part.isWellFormed()).toBe(true);
      }),
    );
    const { parts } = read(new ReplyInJson(), ['{"reply":"Of cou', 'rse. \\', 'u00', 'e9', '!","conf', 'idence":0.4}']);
    expect(parts).toEqual(['Of cou', 'rse. ', '', 'é', '!', '', '']);
  });

  it('an answer that is cut anywhere keeps the beginning of its reply', () => {
    fc.assert(
      fc.property(texts, fc.boolean(), fc.nat(10_000), cuts, (reply, isEscaped, end, places) => {
        const whole = `{"reply":${json(reply, isEscaped)},"confidence":0.5,"needs_human":true}`;
        const cut = whole.slice(0, end % whole.length);
        const { text, isReplyWhole, confidence } = read(new ReplyInJson(), piecesOf(cut, places), true);
        // Before the object has begun nothing is known of it.
        if (cut.trim().length > 0) expect(stored(reply).startsWith(text)).toBe(true);
        if (isReplyWhole) expect(text).toBe(stored(reply));
        expect([null, 0.5]).toContain(confidence);
      }),
    );
    expect(read(new ReplyInJson(), ['{"reply":"It is \\ud83d'], true)).toMatchObject({
      text: 'It is ',
      isReplyWhole: false,
      confidence: null,
    });
  });

  it('what is no such object is the reply itself, however it is cut, and has no verdict', () => {
    fc.assert(
      fc.property(fc.oneof(texts, fc.json()), cuts, (text, places) => {
        fc.pre(!text.includes('"reply"'));
        expect(read(new ReplyInJson(), piecesOf(text, places))).toMatchObject({
          text,
          confidence: null,
          isAsAsked: false,
        });
      }),
    );
    for (const text of ['Hello', '```js\n{}\n```', '{ "name": "x" }', '{', '[1]', '{Hello}', '"reply"', '  ']) {
      expect(read(new ReplyInJson(), oneByOne(text))).toMatchObject({ text, confidence: null, needsHuman: false });
    }
  });

  it('does not fail on anything, and reads it the same however it is cut', () => {
    const rubbish = fc
      .array(
        fc.constantFrom('{', '}', '"', 'reply', '"reply":', ':', ',', '\\', 'u', '12', '[', ']', 'x', '```', ' '),
        {
          maxLength: 40,
        },
      )
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(rubbish, cuts, fc.boolean(), (text, places, isCut) => {
        const { parts: _, ...whole } = read(new ReplyInJson(), [text], isCut);
        expect(read(new ReplyInJson(), piecesOf(text, places), isCut)).toMatchObject(whole);
        expect(read(new ReplyInJson(), oneByOne(text), isCut)).toMatchObject(whole);
      }),
      { numRuns: 1_000 },
    );
  });

  it.each([
    ['80', null],
    ['-0.1', null],
    ['"0.9"', null],
    ['null', null],
    ['1.0', 1],
    ['0', 0],
    ['5e-1', 0.5],
    ['0.12345678', 0.123457],
    ['1e-60', 0],
  ])('a confidence of %s is %s', (written, confidence) => {
    const answer = `{"reply":"Hi","confidence":${written},"needs_human":"yes"}`;
    expect(read(new ReplyInJson(), [answer])).toMatchObject({ text: 'Hi', confidence, needsHuman: false });
  });
});

describe('a reply with a last line', () => {
  const replies = texts.map((text) => text.trimEnd()).filter((text) => !/\[\[\s*confidence/i.test(text));

  it('is given out without the line, however it is cut', () => {
    fc.assert(
      fc.property(
        replies,
        fc.integer({ min: 0, max: 100 }),
        fc.boolean(),
        cuts,
        (reply, percent, needsHuman, places) => {
          const line = `[[confidence: ${percent / 100}; human: ${needsHuman ? 'yes' : 'no'}]]`;
          for (const pieces of [piecesOf(`${reply}\n${line}\n`, places), oneByOne(`${reply}\n\n${line}`)]) {
            expect(read(new ReplyWithLine(), pieces)).toMatchObject({
              text: reply,
              confidence: percent / 100,
              needsHuman,
              isReplyWhole: true,
              isAsAsked: true,
            });
          }
        },
      ),
    );
  });

  it('is unchanged without one, and its verdict is unknown', () => {
    const unlike = fc.oneof(
      replies,
      fc
        .array(fc.constantFrom('[', ']', '[[', 'con', ' ', '\n', 'a', '[EMAIL_1]'), { maxLength: 30 })
        .map((p) => p.join('')),
    );
    fc.assert(
      fc.property(unlike, cuts, (text, places) => {
        expect(read(new ReplyWithLine(), piecesOf(text, places))).toMatchObject({
          text,
          confidence: null,
          needsHuman: false,
          isAsAsked: false,
        });
      }),
    );
  });

  it('shows nothing of a line that is cut', () => {
    const line = '[[confidence: 0.8; human: yes]]';
    for (let length = 3; length < line.length; length += 1) {
      const cut = read(new ReplyWithLine(), oneByOne(`Hello.\n${line.slice(0, length)}`), true);
      expect(cut).toMatchObject({ text: 'Hello.', confidence: null, isReplyWhole: true });
    }
    expect(read(new ReplyWithLine(), ['Hello. [[x'], true)).toMatchObject({ text: 'Hello. [[x', isReplyWhole: false });
  });

  it.each([
    ['[[Confidence: 80%; Human: No]]', 0.8, false],
    ['[[ confidence=.5, human=TRUE ]]', 0.5, true],
    ['[[confidence: 80; human: no]]', null, false],
    ['[[confidence: ; human: yes]]', null, true],
  ])('takes %s as it is meant', (line, confidence, needsHuman) => {
    expect(read(new ReplyWithLine(), ['Hi\n', line])).toMatchObject({ text: 'Hi', confidence, needsHuman });
  });

  it('a line in the middle is not shown either, and the text after it is', () => {
    const pieces = oneByOne('One.\n[[confidence: 0.2; human: yes]]\nTwo.');
    expect(read(new ReplyWithLine(), pieces)).toMatchObject({ text: 'One.\nTwo.', confidence: 0.2, needsHuman: true });
  });
});

describe('time', () => {
  it.each([
    ['JSON', (): ReplyExtractor => new ReplyInJson(), `{"reply":"${'\\u00e9[['.repeat(60_000)}`],
    ['a deep value', (): ReplyExtractor => new ReplyInJson(), `{"x":${'['.repeat(400_000)}`],
    ['a line', (): ReplyExtractor => new ReplyWithLine(), '[[confidence'.repeat(40_000)],
  ])('half a million characters of %s in small pieces take well under a second', (_, extractorOf, text) => {
    const extractor = extractorOf();
    const startedAt = cpuNow();
    for (let place = 0; place < text.length; place += 4) extractor.add(text.slice(place, place + 4));
    extractor.end(true);
    // A few tens of milliseconds; in quadratic time it would be minutes.
    expect(cpuNow() - startedAt).toBeLessThan(5_000);
  });
});
