import * as fc from 'fast-check';
import { cpuNow } from '../../../../../test/support/cpu-time';
import { EscalationEvaluator } from '../escalation-evaluator';
import { defaultRules } from '../default-rules';
import type { RuleSet } from '../rule-set';
import { foldText } from './folded-text';
import { KeywordMatcher } from './keyword-matcher';

const base: RuleSet = {
  ...defaultRules({ keywords: undefined, isOnByDefault: true, confidenceBelow: 0.5, isDraftedAtOnce: true }),
  sentiment: { enabled: true, threshold: -0.6 },
};

function cpuTime(work: () => unknown): number {
  const before = cpuNow();
  work();
  return cpuNow() - before;
}

/** What one decision takes, in ms; of several tries the fastest, because the first ones are compiled on the way. */
function timeOf(words: string[], text: string): number {
  const evaluator = new EscalationEvaluator();
  const rules: RuleSet = { ...base, keywords: { ...base.keywords, words, except: words.slice(0, 10) } };
  const state = { rules, now: new Date(0), earlierConfidences: [], wasEscalated: false };
  const turn = { said: text, confidence: null, needsHuman: false, errorCode: null };
  return Math.min(...Array.from({ length: 5 }, () => cpuTime(() => evaluator.evaluate(turn, state))));
}

/** What makes backtracking, and nested loops, take long. */
const NASTY: [string, string[], string][] = [
  ['one letter again and again', ['(a+)+$', 'a*', 'aaaaaaaa', '(a|a)*b'], 'a'],
  ['words that nearly match', ['a a a a a a a a a a b', 'a a a b', '.*.*.*=.*'], 'a '],
  ['words that match everywhere', ['refund', 'refund refund', 'refund refund refund'], 'refund '],
  ['nested words without spaces', ['あ', 'ああ', 'あああ', 'ああああ'], 'あ'],
  ['requests and negations', ['human'], "don't talk to a human "],
  ['parts of requests', ['x'], 'speak to a real '],
  ['accents on accents', ['é'], 'e\u0301\u0316'],
  ['nothing but accents', ['x'], '\u0301\u0316'],
  ['bad words', ['x'], 'not terrible scam '],
  ['addresses', ['x'], 'a@b://'],
  ['nothing but signs', ['x'], '!?*'],
  ['spaces', ['x'], ' '],
];

describe('the time of a decision', () => {
  it.each(NASTY)('is linear in the text: %s', (_name, words, unit) => {
    const short = timeOf(words, unit.repeat(Math.ceil(20_000 / unit.length)));
    const long = timeOf(words, unit.repeat(Math.ceil(160_000 / unit.length)));
    // Eight times the text: eight times the time, and 64 times if it grew with the square.
    expect(long / Math.max(short, 1)).toBeLessThan(24);
    expect(long).toBeLessThan(1500);
  });

  it('does not depend on what the patterns look like', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.string({ unit: 'grapheme', maxLength: 100 }), fc.stringMatching(/^[a+*(|)$ ]{1,100}$/)), {
          maxLength: 100,
        }),
        fc.string({ unit: fc.constantFrom('a', ' ', 'b', '+', 'あ', '(', '*'), minLength: 2000, maxLength: 4000 }),
        (words, text) => {
          const matcher = new KeywordMatcher({ enabled: true, words, by_language: {}, except: [] });
          // It takes a few milliseconds; now and then the garbage of other tests is collected meanwhile.
          const isQuick = (): boolean => cpuTime(() => matcher.find(foldText(text))) < 300;
          return isQuick() || isQuick();
        },
      ),
      { numRuns: 200 },
    );
  });

  it.each([
    ['latin', 'abcdefghijklmnopqrstuvwxyzäöü'],
    ['arabic', 'ابتثجحخدذرزسشصضطظعغفقكلمنهوي'],
    ['han', '人工客服投诉退款律师诈骗紧急转真'],
  ])('as many words as a rule may have are ready in no time: %s', (_name, letters) => {
    const letter = fc.constantFrom(...letters);
    const words = fc.sample(fc.string({ unit: letter, minLength: 90, maxLength: 100 }), { numRuns: 500, seed: 7 });
    const before = process.memoryUsage();
    const matchers: KeywordMatcher[] = [];
    // It takes some 20 ms and 5 MB; as one object for each character it was half a second and 70 MB.
    expect(
      cpuTime(() => matchers.push(new KeywordMatcher({ enabled: true, words, by_language: {}, except: [] }))),
    ).toBeLessThan(400);
    const after = process.memoryUsage();
    const used = after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers;
    expect(used).toBeLessThan(30_000_000);
    expect(matchers[0]!.find(foldText(words[3]!)).map(({ word }) => word)).toContain(words[3]);
  });

  it('a word is found wherever it stands between others, and never inside one', () => {
    const word = fc.stringMatching(/^[a-z]{1,8}$/);
    fc.assert(
      fc.property(word, fc.array(word, { maxLength: 30 }), fc.nat(), (wanted, others, place) => {
        const matcher = new KeywordMatcher({ enabled: true, words: [wanted], by_language: {}, except: [] });
        const at = place % (others.length + 1);
        const words = [...others.slice(0, at), wanted, ...others.slice(at)];
        expect(matcher.find(foldText(words.join(' '))).length).toBe(words.filter((one) => one === wanted).length);
        const glued = others.filter((one) => one !== wanted).map((one) => `x${one}x`);
        expect(matcher.find(foldText(glued.join(' '))).length).toBe(glued.filter((one) => one === wanted).length);
      }),
      { numRuns: 500 },
    );
  });
});
