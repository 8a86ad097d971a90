import type { Socket } from 'socket.io-client';
import type { Ack, ClientToServerEvents, ServerToClientEvents, SocketError } from '../generated/socket-events.js';
import { ParleyError } from '../http/parley-error.js';

export type TypedSocket = Socket<ServerToClientEvents, ClientToServerEvents>;
export type EventName = keyof ClientToServerEvents;
export type PayloadOf<E extends EventName> = Parameters<ClientToServerEvents[E]>[0];
type AckOf<E extends EventName> =
  NonNullable<Parameters<ClientToServerEvents[E]>[1]> extends (answer: Ack<infer T>) => void ? T : never;
export type ResultOf<E extends EventName> = { ok: true } & AckOf<E>;

/** What a socket was refused with. */
export const socketError = (error: SocketError): ParleyError =>
  new ParleyError({
    code: error.code,
    detail: error.detail,
    retryAfter: error.retryAfter,
    errors: error.field === undefined ? [] : [{ field: error.field, message: error.detail }],
  });

/** Whether nobody knows what became of it: the connection broke, or no answer came. Then it may be sent again. */
export const isUnanswered = (error: unknown): boolean =>
  error instanceof ParleyError && error.code === 'CLIENT.NO_ANSWER';

/** Emits an event and waits for its acknowledgement. @throws ParleyError the refusal, or `CLIENT.NO_ANSWER` */
export function ask<E extends EventName>(
  socket: TypedSocket,
  event: E,
  payload: PayloadOf<E>,
  timeoutMs: number,
): Promise<ResultOf<E>> {
  return new Promise((resolve, reject) => {
    const unanswered = (cause?: unknown): ParleyError =>
      new ParleyError({ code: 'CLIENT.NO_ANSWER', detail: `No answer to "${event}".`, cause });
    // Socket.IO would keep it and send it after a reconnect, before anything has been joined.
    if (!socket.connected) return reject(unanswered());
    const emit = socket.timeout(timeoutMs).emit.bind(socket.timeout(timeoutMs)) as unknown as (
      name: string,
      payload: unknown,
      done: (failure: Error | null, answer: Ack<AckOf<E>>) => void,
    ) => void;
    emit(event, payload, (failure, answer) => {
      if (failure) reject(unanswered(failure));
      else if (answer.ok) resolve(answer);
      else reject(socketError(answer.error));
    });
  });
}
