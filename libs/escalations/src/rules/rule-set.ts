/** One stretch of time on one day of the week, in the time zone of the business hours. */
export interface OpenHours {
  /** 1 is Monday, 7 is Sunday. */
  day: number;
  /** `HH:MM`, from 00:00. */
  from: string;
  /** `HH:MM`, up to 24:00. Not after `from`: it ends on the next day. */
  to: string;
}

/** When people are there. */
export interface BusinessHours {
  /** IANA name, such as `Europe/Berlin`. */
  time_zone: string;
  weekly: OpenHours[];
  /** `YYYY-MM-DD` in that time zone: nobody is there all day. */
  holidays: string[];
}

export interface KeywordRule {
  enabled: boolean;
  /** Count in every language. Whole words, case and accents do not matter; `refund*` also means `refunds` and `refunding`. */
  words: string[];
  /** Count in messages of this language only (two letters, such as `de`), and in messages whose language is not clear. */
  by_language: Record<string, string[]>;
  /** A word inside one of these does not count: `not urgent`. */
  except: string[];
}

/** N answers in a row of which the model was less sure than this. */
export interface StreakRule {
  /** 2 to 20. */
  turns: number;
  /** 0 to 1. */
  below: number;
}

export interface SentimentRule {
  enabled: boolean;
  /** -1 (as bad as it gets) to 0: a message at or below it counts. */
  threshold: number;
}

/** A text to the customer, with others for some languages (two letters). */
export interface CustomerText {
  text: string;
  by_language: Record<string, string>;
}

/** What the customer is told. Null: the text that Parley brings along. */
export interface CustomerTexts {
  hand_off: CustomerText | null;
  return: CustomerText | null;
  outside_hours: CustomerText | null;
  ended: CustomerText | null;
}

/** When people take over, and how: one persona's or one workspace's, as stored in `escalation_rules.rules`, with every field. */
export interface RuleSet {
  keywords: KeywordRule;
  /** 0 to 1; null: the model's confidence alone decides nothing. */
  confidence_below: number | null;
  technical_errors: boolean;
  /** The model may ask for a person. */
  model_decides: boolean;
  /** Somebody asks for a person in plain words. */
  human_request: boolean;
  low_confidence_streak: StreakRule | null;
  sentiment: SentimentRule | null;
  /** A person answers from the first message on. */
  human_first: boolean;
  /** Null: always. */
  business_hours: BusinessHours | null;
  /** Outside of the business hours conversations wait for people, or the AI goes on alone. */
  outside_hours: 'queue' | 'ai_only';
  /** Whoever takes over is to have it; null: anybody. */
  skill: string | null;
  /** 0 to 3, 3 first. */
  priority: number;
  /** Until somebody claims the conversation. */
  while_waiting: 'ai_answers' | 'silent';
  texts: CustomerTexts;
  /** Seconds from the escalation to a person's first words; null: no promise. */
  first_reply_within_s: number | null;
  /** The customer is asked how it was. */
  csat: boolean;
}
