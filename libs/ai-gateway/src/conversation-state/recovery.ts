import type { ConversationState } from '@app/contracts';
import type { ProviderError } from '../provider';

/** What to do about a call inside a remote conversation that failed. */
export type Recovery =
  /** The same call once more, after a pause. */
  | { what: 'repeat'; delayMs: number }
  /** A new remote conversation, made of our history. */
  | { what: 'rebuild' }
  /** The message is answered from our history, without a remote conversation. */
  | { what: 'from-history' }
  /** It is a failure like that of any call. */
  | { what: 'give-up' };

/** What has been tried in this turn so far. */
export interface Tried {
  repeats: number;
  rebuilds: number;
}

/** A response that has just ended holds the lock for a moment longer; pauses of 0.2, 0.4 and 0.8 s, 1.4 s in all. */
const MAX_REPEATS = 3;
const FIRST_PAUSE_MS = 200;

/**
 * Decides without asking anybody. A lost, locked or overfull remote conversation is no reason to fail: everything that it held is here. Pure.
 * @param random from 0 (included) to 1 (excluded)
 */
export function recoveryFrom(
  error: ProviderError,
  state: ConversationState,
  tried: Tried,
  random: () => number,
): Recovery {
  // Text was shown already: a retry of the whole attempt takes it back first.
  if (state === 'stateless' || error.partialText !== '') return { what: 'give-up' };
  const otherwise: Recovery =
    state === 'hybrid' ? { what: 'from-history' } : tried.rebuilds === 0 ? { what: 'rebuild' } : { what: 'give-up' };
  if (error.code === 'UPSTREAM.CONVERSATION_LOCKED') {
    if (tried.repeats >= MAX_REPEATS) return otherwise;
    return { what: 'repeat', delayMs: Math.round(FIRST_PAUSE_MS * 2 ** tried.repeats * (0.75 + random() / 2)) };
  }
  if (error.code === 'UPSTREAM.CONVERSATION_NOT_FOUND') return tried.rebuilds === 0 ? { what: 'rebuild' } : otherwise;
  if (error.code === 'UPSTREAM.CONTEXT_TOO_LONG') return otherwise;
  return state === 'hybrid' && isAboutConversations(error) ? { what: 'from-history' } : { what: 'give-up' };
}

/** The upstream does not know what a conversation is. */
const isAboutConversations = (error: ProviderError): boolean =>
  error.refusedField === 'conversation' || error.code === 'UPSTREAM.NOT_FOUND';

/** The upstream said no before it did anything, so a remote conversation is what it was. */
export const isRefusal = (error: ProviderError): boolean =>
  error.httpStatus !== null &&
  error.httpStatus >= 400 &&
  error.httpStatus < 500 &&
  ![404, 408, 409].includes(error.httpStatus);
