import type { BegunTurn } from '@app/conversations';
import type { PersonaVersionSnapshot } from '@app/personas';
import { type CompletionRequest, type CompletionResult, hasImages } from '../provider';
import { isUpload } from '../prompt-pictures';

/** Where the answer to a request is, or will be. */
export interface CachePlace {
  ownKey: Buffer;
  /** Counts while the persona is visible to its workspace; the same as `ownKey` when answers are not shared. */
  sharedKey: Buffer;
  ttlSeconds: number;
  /** The very request that the keys were made of. */
  request: CompletionRequest;
}

/** Longer ones are few, and not worth their place. */
const MAX_CHARACTERS = 50_000;

/** Whether another answer to the same request would be one to it as well: tools, and pictures behind URLs, show something else every time. */
export function isRepeatable(turn: BegunTurn, persona: PersonaVersionSnapshot, request: CompletionRequest): boolean {
  // What is said in a session is about its client.
  if (turn.channel === 'session') return false;
  if (persona.answerCache === null || persona.tools.length > 0 || turn.modelIndex > 0) return false;
  return request.input.every(
    (message) =>
      !hasImages(message) ||
      (typeof message.content !== 'string' && message.content.every((part) => part.type === 'text' || isUpload(part))),
  );
}

/** Whether an answer is worth giving again: a whole one, to the whole request, by the model that was asked. */
export const isWorthKeeping = (place: CachePlace, asked: CompletionRequest, result: CompletionResult): boolean =>
  asked === place.request &&
  result.finish === 'stop' &&
  result.toolCalls.length === 0 &&
  // It would ask for a person every time.
  result.verdict?.needsHuman !== true &&
  result.text.trim() !== '' &&
  result.text.length <= MAX_CHARACTERS;
