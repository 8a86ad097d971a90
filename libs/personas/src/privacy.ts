/** In the order in which they are stored. */
export const PII_TYPES = ['email', 'phone', 'card', 'iban'] as const;

/** What can be told from other text by its form alone. */
export type PiiType = (typeof PII_TYPES)[number];

/** What is replaced by placeholders before anything goes to the upstream. */
export interface PiiRedaction {
  types: PiiType[];
  /** Words and phrases, in any case. */
  custom: string[];
}

/** Answers to identical requests are given again instead of asking the upstream. */
export interface AnswerCaching {
  /** Seconds for which an answer may be given again; being given again does not extend it. */
  ttlSeconds: number;
  /** Also to other users; counts only while the persona is visible to its workspace. */
  isShared: boolean;
}

export const SERVICE_TIERS = ['auto', 'default', 'flex', 'priority'] as const;

/** How fast, and at what price, the upstream answers. */
export type ServiceTier = (typeof SERVICE_TIERS)[number];
