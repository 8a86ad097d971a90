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
  /** A model that is shut down within so many days is a warning in health and log. */
  modelWarningDays: number;
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
  /** Requests per minute, also the four below. Of one network, whoever asks for whatever. */
  perIp: number;
  /** Of one network, to routes that check a password or a token. */
  authPerIp: number;
  sendPerUser: number;
  /** Of one user, to routes that make this server ask another one, and wait for it. */
  checksPerUser: number;
  otherPerUser: number;
  /** Of one network: support sessions that nobody has proven, and the messages in them. */
  supportPerIp: number;
  /** Messages of one support session. */
  supportPerSession: number;
}

export function readLimits(reader: EnvReader): LimitsConfig {
  const perMinute = (variable: string, fallback: number): number =>
    reader.integer(variable, { min: 1, max: 10_000_000, fallback });
  return {
    maxConversationHistory: reader.integer('MAX_CONVERSATION_HISTORY', { min: 0, max: 1000, fallback: 10 }),
    contextTokenBudget: reader.integer('CONTEXT_TOKEN_BUDGET', { min: 500, max: 1_000_000, fallback: 16_000 }),
    summarises: reader.boolean('CONTEXT_SUMMARY', true),
    summaryModel: reader.optional('SUMMARY_MODEL'),
    modelWarningDays: reader.integer('MODEL_WARNING_DAYS', { min: 0, max: 3650, fallback: 90 }),
    maxPendingTurns: reader.integer('MAX_PENDING_TURNS', { min: 1, max: 10_000, fallback: 100 }),
    streamsPerUser: reader.integer('MAX_STREAMS_PER_USER', { min: 1, max: 100_000, fallback: 50 }),
    // OpenAI takes 50 MB per request; pictures of phones are smaller than 10.
    uploadMaxBytes: reader.integer('UPLOAD_MAX_BYTES', { min: 1024, max: 20_000_000, fallback: 10_000_000 }),
    uploadQuotaBytes: reader.integer('UPLOAD_QUOTA_BYTES', { min: 1024, max: 10_000_000_000, fallback: 100_000_000 }),
    priceCacheSeconds: reader.integer('PRICE_CACHE_SECONDS', { min: 1, max: 300, fallback: 15 }),
    // An office or a mobile network has many people behind one address.
    perIp: perMinute('RATE_LIMIT_PER_IP', 3000),
    authPerIp: perMinute('RATE_LIMIT_AUTH_PER_IP', 60),
    sendPerUser: perMinute('RATE_LIMIT_SEND_PER_USER', 300),
    checksPerUser: perMinute('RATE_LIMIT_CHECKS_PER_USER', 20),
    otherPerUser: perMinute('RATE_LIMIT_OTHER_PER_USER', 1200),
    supportPerIp: perMinute('RATE_LIMIT_SUPPORT_PER_IP', 120),
    // One message a second, for a minute: nobody types faster.
    supportPerSession: perMinute('RATE_LIMIT_SUPPORT_PER_SESSION', 60),
  };
}
