import type { ClientToServerEvents } from '@app/contracts';
import type { Type } from '@nestjs/common';
import type { Connection } from '../connections/connection';

export type EventName = keyof ClientToServerEvents;
/** What an event is acknowledged with when it is taken. */
export type AnswerOf<E extends EventName> = Parameters<ClientToServerEvents[E]>[1] extends
  ((answer: infer A) => void) | undefined
  ? Omit<Extract<A, { ok: true }>, 'ok'>
  : never;

/** One event of clients. */
export interface SocketEvent<E extends EventName = EventName, Payload extends object = object> {
  readonly name: E;
  /** A class with validation; unknown fields are refused. */
  readonly payload: Type<Payload>;
  /** Waits until the events before it of the same socket are done. */
  readonly isOrdered: boolean;
  /** @throws AppError for what the client is told, with its code */
  handle(connection: Connection, payload: Payload): Promise<AnswerOf<E>>;
}
