import type { RuleSetDto } from './http/rule-set.dto';
import type { CustomerText, KeywordRule, RuleSet } from './rule-set';

const DEFAULT_THRESHOLD = -0.6;

/** What an owner sent, with the defaults for what was left out. */
export function completed(sent: RuleSetDto, defaults: RuleSet): RuleSet {
  return {
    keywords: keywordsOf(sent.keywords, defaults.keywords),
    confidence_below: sent.confidence_below === undefined ? defaults.confidence_below : sent.confidence_below,
    technical_errors: sent.technical_errors ?? defaults.technical_errors,
    model_decides: sent.model_decides ?? defaults.model_decides,
    human_request: sent.human_request ?? defaults.human_request,
    low_confidence_streak: sent.low_confidence_streak
      ? { turns: sent.low_confidence_streak.turns, below: sent.low_confidence_streak.below }
      : null,
    sentiment: sent.sentiment
      ? { enabled: sent.sentiment.enabled ?? true, threshold: sent.sentiment.threshold ?? DEFAULT_THRESHOLD }
      : null,
    human_first: sent.human_first ?? defaults.human_first,
    business_hours: sent.business_hours
      ? {
          time_zone: sent.business_hours.time_zone,
          weekly: sent.business_hours.weekly.map(({ day, from, to }) => ({ day, from, to })),
          holidays: sent.business_hours.holidays ?? [],
        }
      : null,
    outside_hours: sent.outside_hours ?? defaults.outside_hours,
    skill: sent.skill?.trim() ?? null,
    priority: sent.priority ?? defaults.priority,
    while_waiting: sent.while_waiting ?? defaults.while_waiting,
    texts: {
      hand_off: textOf(sent.texts?.hand_off),
      return: textOf(sent.texts?.return),
      outside_hours: textOf(sent.texts?.outside_hours),
      ended: textOf(sent.texts?.ended),
    },
    first_reply_within_s: sent.first_reply_within_s ?? null,
    csat: sent.csat ?? defaults.csat,
  };
}

/** Whoever names words of their own wants those and no others. */
function keywordsOf(sent: RuleSetDto['keywords'], defaults: KeywordRule): KeywordRule {
  const isOwn = sent?.words !== undefined || sent?.by_language !== undefined;
  return {
    enabled: sent?.enabled ?? defaults.enabled,
    words: isOwn ? (sent.words ?? []) : defaults.words,
    by_language: isOwn ? (sent.by_language ?? {}) : defaults.by_language,
    except: sent?.except ?? defaults.except,
  };
}

const textOf = (
  sent: { text: string; by_language?: Record<string, string> } | null | undefined,
): CustomerText | null =>
  sent === undefined || sent === null ? null : { text: sent.text, by_language: sent.by_language ?? {} };
