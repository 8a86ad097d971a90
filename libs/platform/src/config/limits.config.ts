import type { EnvReader } from './env-reader';

export interface LimitsConfig {
  /** Messages of the conversation that are sent along with a new one. */
  maxConversationHistory: number;
  /** Tokens of instructions and history together; older turns are left out first. */
  contextTokenBudget: number;
  /** What falls out of the window is kept as a summary. */
  summarises: boolean;
  /** Model that writes summaries; undefined: the persona's. */
  summaryModel: string | undefined;
  /** Unanswered messages that one conversation may hold. */
  maxPendingTurns: number;
  /** Event streams that one user may have open at one api process. */
  streamsPerUser: number;
  /** Largest picture that is taken, in bytes. */
  uploadMaxBytes: number;
  /** What one user may have uploaded without using it in a message, in bytes. */
  uploadQuotaBytes: number;
  /** How old the prices may be that a process rates calls with, should it miss that they changed. */
  priceCacheSeconds: number;
  /** Requests per minute. */
  authPerIp: number;
  sendPerUser: number;
  otherPerUser: number;
}

export function readLimits(reader: EnvReader): LimitsConfig {
  const perMinute = (variable: string, fallback: number): number =>
    reader.integer(variable, { min: 1, max: 10_000_000, fallback });
  return {
    maxConversationHistory: reader.integer('MAX_CONVERSATION_HISTORY', { min: 0, max: 1000, fallback: 10 }),
    contextTokenBudget: reader.integer('CONTEXT_TOKEN_BUDGET', { min: 500, max: 1_000_000, fallback: 16_000 }),
    summarises: reader.boolean('CONTEXT_SUMMARY', true),
    summaryModel: reader.optional('SUMMARY_MODEL'),
    maxPendingTurns: reader.integer('MAX_PENDING_TURNS', { min: 1, max: 10_000, fallback: 100 }),
    streamsPerUser: reader.integer('MAX_STREAMS_PER_USER', { min: 1, max: 100_000, fallback: 50 }),
    // OpenAI takes 50 MB per request; pictures of phones are smaller than 10.
    uploadMaxBytes: reader.integer('UPLOAD_MAX_BYTES', { min: 1024, max: 20_000_000, fallback: 10_000_000 }),
    uploadQuotaBytes: reader.integer('UPLOAD_QUOTA_BYTES', { min: 1024, max: 10_000_000_000, fallback: 100_000_000 }),
    priceCacheSeconds: reader.integer('PRICE_CACHE_SECONDS', { min: 1, max: 300, fallback: 15 }),
    authPerIp: perMinute('RATE_LIMIT_AUTH_PER_IP', 60),
    sendPerUser: perMinute('RATE_LIMIT_SEND_PER_USER', 300),
    otherPerUser: perMinute('RATE_LIMIT_OTHER_PER_USER', 1200),
  };
}
