import type { EscalationsConfig } from '@app/platform';
import { DEFAULT_EXCEPTIONS, DEFAULT_KEYWORDS, DEFAULT_KEYWORDS_BY_LANGUAGE } from './lexicon/keywords';
import type { KeywordRule, RuleSet } from './rule-set';

/** `de:Anwalt` counts in German only. */
const TAGGED = /^([a-z]{2}):(.+)$/;

/** Words of `ESCALATION_KEYWORDS`; without it, those that Parley brings along. */
export function defaultKeywords(words: readonly string[] | undefined): KeywordRule {
  if (words === undefined) {
    return {
      enabled: true,
      words: DEFAULT_KEYWORDS,
      by_language: DEFAULT_KEYWORDS_BY_LANGUAGE,
      except: DEFAULT_EXCEPTIONS,
    };
  }
  const byLanguage: Record<string, string[]> = {};
  const everywhere: string[] = [];
  for (const word of words) {
    const [, language, rest] = TAGGED.exec(word) ?? [];
    if (language === undefined || rest === undefined) everywhere.push(word);
    else (byLanguage[language] ??= []).push(rest.trim());
  }
  return { enabled: true, words: everywhere, by_language: byLanguage, except: DEFAULT_EXCEPTIONS };
}

/** What counts for what an owner leaves out, and where customers write as long as nobody has stored rules. */
export const defaultRules = (config: EscalationsConfig): RuleSet => ({
  keywords: defaultKeywords(config.keywords),
  confidence_below: config.confidenceBelow,
  technical_errors: true,
  model_decides: true,
  human_request: true,
  low_confidence_streak: null,
  sentiment: null,
  human_first: false,
  business_hours: null,
  outside_hours: 'queue',
  skill: null,
  priority: 0,
  while_waiting: 'ai_answers',
  texts: { hand_off: null, return: null, outside_hours: null, ended: null },
  first_reply_within_s: null,
  csat: false,
});
