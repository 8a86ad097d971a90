import type { BegunTurn, OutgoingStream } from '@app/conversations';
import type { PersonaVersionSnapshot } from '@app/personas';
import type { PinoLogger } from 'nestjs-pino';
import type { BuiltRequest } from './completion-request.builder';
import type { CachePlace } from './answer-cache/cache-place';
import type { OpenCall } from './ledger.service';
import type { CallPass } from './protection';
import type { ProviderError } from './provider';

/** As wide as the columns that name models. */
export const MAX_MODEL_LENGTH = 200;

/** Largest value of an `integer` column. */
const MAX_INTEGER = 2_147_483_647;

/** What the caller does next with the conversation. 'released': its lease has ended with the turn. */
export type TurnResult = 'released' | 'finished' | 'not-ours' | 'postponed';

/** A turn that was begun, before it is known what it asks of which model. */
export interface BegunAttempt {
  turn: BegunTurn;
  token: number;
  /** By the monotonic clock, in milliseconds. */
  startedAt: number;
  stream: OutgoingStream;
}

/** One attempt of one turn while it runs. */
export interface Attempt extends BegunAttempt {
  persona: PersonaVersionSnapshot;
  built: BuiltRequest;
  call: OpenCall;
  /** Aborted when the sender does not want the answer any more. */
  cancelled: AbortSignal;
  /** The persona's models; `modelIndex` says which one this attempt calls. */
  models: string[];
  modelIndex: number;
  pass: CallPass;
  /** Where the answer is kept to be given again; null when it is not. */
  place: CachePlace | null;
}

/** How a turn ends without a reply of the model. */
export interface Ending {
  code: string;
  text: string;
  failed?: { attempt: Attempt; error: ProviderError };
}

/** Ends the stream's text, so that the turn's end has the number after it. */
export function lastEventOf(stream: OutgoingStream): number | null {
  stream.end();
  return stream.finalNumber;
}

/** From the moment the message was accepted to now, in milliseconds. */
export const responseTime = ({ turn, startedAt }: BegunAttempt): number =>
  Math.min(MAX_INTEGER, Math.max(0, Math.round(turn.ageMs + performance.now() - startedAt)));

export function logAttempt(
  logger: PinoLogger,
  level: 'info' | 'warn' | 'error',
  { turn, startedAt }: BegunAttempt,
  fields: Record<string, unknown>,
  message: string,
): void {
  logger[level](
    {
      conversation_id: turn.conversationId,
      turn_id: turn.turnId,
      attempt: turn.attempt,
      total_ms: Math.round(performance.now() - startedAt),
      ...fields,
    },
    message,
  );
}
