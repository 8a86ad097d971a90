import type { EnvReader } from './env-reader';

export interface SessionsConfig {
  /** A session in which nothing is said for so long ends; personas may say otherwise. */
  timeoutMs: number;
  /** A coaching session that ends is summed up by the model. */
  summarises: boolean;
}

/** 30 days: whoever wants sessions that never end uses conversations. Also the most that a persona may say. */
const LONGEST_TIMEOUT_MS = 2_592_000_000;

export function readSessions(reader: EnvReader): SessionsConfig {
  return {
    timeoutMs: reader.integer('SESSION_TIMEOUT', { min: 1000, max: LONGEST_TIMEOUT_MS, fallback: 1_800_000 }),
    summarises: reader.boolean('SESSION_SUMMARY', true),
  };
}
