import type { EnvReader } from './env-reader';

export interface EscalationsConfig {
  /** Words of a visitor that bring a person in, where customers write and nobody has stored rules. Undefined: those that Parley brings along, in several languages. */
  keywords: string[] | undefined;
  /** Where customers write and nobody has stored rules, conversations are handed over at all. */
  isOnByDefault: boolean;
  /** 0 to 1: a reply of which the model is less sure brings a person in, where customers write and nobody has stored rules. */
  confidenceBelow: number;
  /** A model writes a summary and a reply for whoever takes over as soon as somebody is to; else only when a person asks for it. */
  isDraftedAtOnce: boolean;
}

const MAX_KEYWORDS = 500;
const MAX_KEYWORD_LENGTH = 100;
const HAS_LETTER = /[\p{L}\p{N}]/u;

export function readEscalations(reader: EnvReader): EscalationsConfig {
  const keywords = reader.list('ESCALATION_KEYWORDS');
  if (
    keywords.length > MAX_KEYWORDS ||
    keywords.some((word) => word.length > MAX_KEYWORD_LENGTH || !HAS_LETTER.test(word))
  ) {
    reader.problem(
      'ESCALATION_KEYWORDS',
      `must be words separated by commas, at most ${MAX_KEYWORDS} of up to ${MAX_KEYWORD_LENGTH} characters, each with a letter or digit.`,
    );
  }
  return {
    keywords: keywords.length === 0 ? undefined : keywords,
    isOnByDefault: reader.boolean('ESCALATION_ENABLED', true),
    confidenceBelow: reader.number('ESCALATION_CONFIDENCE_BELOW', { min: 0, max: 1, fallback: 0.5 }),
    isDraftedAtOnce: reader.boolean('ESCALATION_DRAFTS', true),
  };
}
