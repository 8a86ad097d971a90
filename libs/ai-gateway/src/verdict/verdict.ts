import type { AnswerSchema, Verdict } from '../provider';

export const NO_VERDICT: Verdict = { confidence: null, needsHuman: false };

/** Output tokens that the verdict takes on top of the reply: braces, names and two values. Room for them must not be taken from the reply. */
export const VERDICT_TOKENS = 40;

/** What every model is told that is to judge itself, at the end of its instructions. It never changes, so that upstream caches work. */
export const VERDICT_INSTRUCTIONS = `HOW SURE YOU ARE:
Besides your reply you judge it. "confidence" is a number from 0 to 1: how likely it is that your reply is right and complete, and settles what was asked. Below 0.5 when you lack the facts, have to guess, or cannot do what is asked. "needs_human" is true when a person of the team should take over: when you were asked for one, or only a person can decide or do what is needed. Never mention this judgement in the reply.`;

/** For models that take a schema. The reply comes first, so that it can be shown while it is written. */
export const VERDICT_SCHEMA: AnswerSchema = {
  name: 'reply_with_verdict',
  strict: true,
  schema: {
    type: 'object',
    properties: {
      reply: { type: 'string', description: 'What the person reads, and nothing else.' },
      confidence: { type: 'number', description: 'From 0 to 1: how likely the reply is right and complete.' },
      needs_human: { type: 'boolean', description: 'Whether a person of the team should take over.' },
    },
    required: ['reply', 'confidence', 'needs_human'],
    additionalProperties: false,
  },
};

/** For models that do not. */
export const VERDICT_LINE_INSTRUCTIONS = `Write your reply as plain text. After it, as its very last line, write your judgement in exactly this form, with your own values ("human" is yes or no):
[[confidence: 0.8; human: no]]`;

/**
 * A number from 0 to 1 with six decimal places at most, which a `real` of PostgreSQL gives back as they are; or null: a model that says 80, or "high", has not said
 * what it was asked.
 */
export const toConfidence = (value: unknown): number | null =>
  typeof value === 'number' && value >= 0 && value <= 1 ? Math.round(value * 1e6) / 1e6 : null;

/** Takes the reply out of an answer that comes in pieces. What it gives out is never taken back. */
export interface ReplyExtractor {
  /** @returns the text of the reply that is certain now */
  add(piece: string): string;
  /**
   * Nothing comes any more. @returns the rest of the reply
   * @param isCut the answer was not finished
   */
  end(isCut: boolean): string;
  /** What was said beside the reply, as far as it has come. */
  readonly verdict: Verdict;
  /** The whole reply has come, whatever is missing behind it. */
  readonly isReplyWhole: boolean;
  /** The answer had the form that was asked for. */
  readonly isAsAsked: boolean;
}
