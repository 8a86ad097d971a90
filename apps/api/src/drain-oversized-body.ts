import { AppError } from '@app/kernel';
import type { FastifyRequest, preParsingHookHandler } from 'fastify';

/** Above this the connection is closed at once instead. */
const MAX_DRAINED_BYTES = 32_000_000;

/**
 * Reads a body that is too large to its end, without keeping it, and then answers 413. Answering at once would close the connection while the
 * client still sends, and most clients then report a broken pipe instead of our answer.
 */
export function drainOversizedBody(limitFor: (request: FastifyRequest) => number): preParsingHookHandler {
  return (request, _reply, payload, done) => {
    const limitBytes = limitFor(request);
    const declared = Number(request.headers['content-length'] ?? 0);
    if (!(declared > limitBytes && declared <= MAX_DRAINED_BYTES)) {
      done(null, payload);
      return;
    }
    const refuse = (): void =>
      done(new AppError('REQUEST.TOO_LARGE', 413, `body: must not be larger than ${limitBytes} bytes.`) as never);
    payload.once('end', refuse).once('error', refuse).resume();
  };
}
