import type { OpenAiConfig } from '@app/platform';
import { knownShutdownOf } from './known-shutdowns';

/** `shut_down`: it does not answer any more. `ending`: its last day is known. `unknown`: the upstream does not list it. */
export type ModelStatus = 'shut_down' | 'ending' | 'unknown';

/** A model as it was read from the upstream. */
export interface WatchedModel {
  model: string;
  /** YYYY-MM-DD */
  shutdownDate: string | null;
  /** It was listed once and is not any more. */
  isGone: boolean;
}

/** What is known of the upstream's models. */
export interface ModelKnowledge {
  provider: OpenAiConfig['provider'];
  models: ReadonlyMap<string, WatchedModel>;
  /** The last reading showed all models of the upstream; without it nobody can say that one is unknown. */
  isComplete: boolean;
}

/** What is wrong with a model. */
export interface ModelVerdict {
  status: ModelStatus;
  /** YYYY-MM-DD; null when no day is known. */
  shutdownDate: string | null;
  /** Whole days until that day, by UTC; 0 or less when it has come. Null without a day. */
  daysLeft: number | null;
  /** What OpenAI names in its place; null when that is not known. */
  replacement: string | null;
}

const DAY_MS = 86_400_000;

/** @returns null when nothing is wrong with it, or nobody can say */
export function judgeModel(model: string, knowledge: ModelKnowledge, now: Date): ModelVerdict | null {
  // Servers like Ollama list the tag that a name without one stands for.
  const listed = knowledge.models.get(model) ?? knowledge.models.get(`${model}:latest`);
  // Other servers may serve a model for as long as they like, under whatever name.
  const known = knowledge.provider === 'compatible' ? undefined : knownShutdownOf(model);
  const shutdownDate = listed?.shutdownDate ?? known?.date ?? null;
  const replacement = known?.replacement ?? null;
  if (shutdownDate !== null) {
    const daysLeft = daysUntil(shutdownDate, now);
    // Some go before their day.
    const status = daysLeft <= 0 || listed?.isGone === true ? 'shut_down' : 'ending';
    return { status, shutdownDate, daysLeft, replacement };
  }
  if (listed?.isGone === true) return { status: 'shut_down', shutdownDate: null, daysLeft: null, replacement };
  if (listed === undefined && knowledge.isComplete) {
    return { status: 'unknown', shutdownDate: null, daysLeft: null, replacement };
  }
  return null;
}

/** @param day YYYY-MM-DD */
export function daysUntil(day: string, now: Date): number {
  const today = Date.parse(`${now.toISOString().slice(0, 10)}T00:00:00Z`);
  return Math.round((Date.parse(`${day}T00:00:00Z`) - today) / DAY_MS);
}
