import { defaultRules } from './default-rules';
import { EscalationEvaluator, type EscalationState, type JudgedTurn } from './escalation-evaluator';
import type { RuleSet } from './rule-set';

const base: RuleSet = defaultRules({
  keywords: undefined,
  isOnByDefault: true,
  confidenceBelow: 0.5,
  isDraftedAtOnce: true,
});
const aTurn = (fields: Partial<JudgedTurn> = {}): JudgedTurn => ({
  said: 'Where is my order?',
  confidence: 0.9,
  needsHuman: false,
  errorCode: null,
  ...fields,
});
const evaluator = new EscalationEvaluator();
const fired = (turn: Partial<JudgedTurn>, rules: Partial<RuleSet> = {}, state: Partial<EscalationState> = {}) =>
  evaluator.evaluate(aTurn(turn), {
    rules: { ...base, ...rules },
    now: new Date('2026-11-23T10:00:00Z'),
    earlierConfidences: [],
    wasEscalated: false,
    ...state,
  });
const kinds = (...args: Parameters<typeof fired>): string[] => fired(...args).map(({ kind }) => kind);

describe('when a person is to take over', () => {
  it('not at an ordinary turn', () => {
    expect(fired({})).toEqual([]);
  });

  it('at a keyword, with the word and its place in the message', () => {
    expect(fired({ said: 'Hello there. I want a refund for my order, please.' })).toEqual([
      { kind: 'keyword', evidence: 'refund: Hello there. I want a refund for my order, please.' },
    ]);
    expect(kinds({ said: 'refund' }, { keywords: { ...base.keywords, enabled: false } })).toEqual([]);
  });

  it('below a confidence, and not where the model did not say', () => {
    expect(kinds({ confidence: 0.49 })).toEqual(['low_confidence']);
    expect(kinds({ confidence: 0.5 })).toEqual([]);
    expect(kinds({ confidence: null })).toEqual([]);
    expect(kinds({ confidence: 0.1 }, { confidence_below: null })).toEqual([]);
  });

  it('at a technical error', () => {
    expect(fired({ errorCode: 'UPSTREAM.UNAVAILABLE', confidence: null })).toEqual([
      { kind: 'technical_error', evidence: 'UPSTREAM.UNAVAILABLE' },
    ]);
    expect(kinds({ errorCode: 'UPSTREAM.UNAVAILABLE' }, { technical_errors: false })).toEqual([]);
  });

  it('when the model says so, and when somebody asks for it', () => {
    expect(kinds({ needsHuman: true })).toEqual(['model_decision']);
    expect(kinds({ needsHuman: true }, { model_decides: false })).toEqual([]);
    const keywords = { ...base.keywords, enabled: false };
    expect(kinds({ said: 'Let me speak with a real person' }, { keywords })).toEqual(['human_request']);
    expect(kinds({ said: 'Let me speak with a real person' }, { keywords, human_request: false })).toEqual([]);
  });

  it('at N unsure replies in a row: an unknown one ends the row', () => {
    const rules = { confidence_below: null, low_confidence_streak: { turns: 3, below: 0.7 } };
    expect(kinds({ confidence: 0.6 }, rules, { earlierConfidences: [0.5, 0.6] })).toEqual(['low_confidence_streak']);
    expect(fired({ confidence: 0.6 }, rules, { earlierConfidences: [0.5, 0.65, 0.9] })[0]?.evidence).toBe(
      '0.65, 0.5, 0.6 (3 in a row below 0.7)',
    );
    expect(kinds({ confidence: 0.6 }, rules, { earlierConfidences: [0.5] })).toEqual([]);
    expect(kinds({ confidence: 0.6 }, rules, { earlierConfidences: [null, 0.5] })).toEqual([]);
    expect(kinds({ confidence: 0.8 }, rules, { earlierConfidences: [0.5, 0.5] })).toEqual([]);
  });

  it('at words that sound bad enough', () => {
    const rules = { sentiment: { enabled: true, threshold: -0.6 }, keywords: { ...base.keywords, enabled: false } };
    expect(fired({ said: 'Useless. The worst scam ever!' }, rules)).toEqual([
      { kind: 'sentiment', evidence: '-0.87 (at most -0.6): scam, Useless, worst' },
    ]);
    expect(kinds({ said: 'It is a bit slow' }, rules)).toEqual([]);
  });

  it('from the first message on with human_first, until people had the conversation', () => {
    expect(kinds({}, { human_first: true })).toEqual(['human_first']);
    expect(kinds({}, { human_first: true }, { wasEscalated: true })).toEqual([]);
  });

  it('outside of the business hours as inside, unless the AI is to go on alone', () => {
    const business_hours = { time_zone: 'UTC', weekly: [{ day: 1, from: '12:00', to: '13:00' }], holidays: [] };
    expect(kinds({ said: 'refund' }, { business_hours })).toEqual(['keyword']);
    expect(kinds({ said: 'refund' }, { business_hours, outside_hours: 'ai_only' })).toEqual([]);
    const now = new Date('2026-11-23T12:30:00Z');
    expect(kinds({ said: 'refund' }, { business_hours, outside_hours: 'ai_only' }, { now })).toEqual(['keyword']);
  });

  it('names the most telling first', () => {
    expect(
      kinds({ said: 'I want a refund. Let me talk to a human!', confidence: 0.2, needsHuman: true, errorCode: 'X.Y' }),
    ).toEqual(['human_request', 'keyword', 'model_decision', 'technical_error', 'low_confidence']);
  });

  it('evidence is on one line and short, whatever was said', () => {
    const said = `${'x '.repeat(5000)}refund\n\n${'😀'.repeat(5000)}`;
    const [trigger] = fired({ said });
    expect(trigger?.evidence.length).toBeLessThanOrEqual(300);
    expect(trigger?.evidence).not.toContain('\n');
    expect(trigger?.evidence.isWellFormed()).toBe(true);
  });
});
