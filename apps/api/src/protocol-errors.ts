import { randomUUID } from 'node:crypto';
import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { AppError } from '@app/kernel';
import type { RateLimits } from '@app/platform';
import type { FastifyError, FastifyReply, FastifyRequest, onRequestHookHandler } from 'fastify';
import { hookBodyLimit } from './hook-bodies';

/** What goes wrong before a route is found, and so before Nest: paths that cannot be decoded, ids of 300 characters, broken HTTP. */
function problemText(status: number, code: string, detail: string, requestId: string): string {
  const title = STATUS_CODES[status];
  return JSON.stringify({ type: `urn:parley:problem:${code}`, title, status, detail, code, request_id: requestId });
}

export function answerFrameworkError(
  error: FastifyError,
  request: FastifyRequest,
  reply: FastifyReply,
  rateLimits: RateLimits | undefined,
): void {
  // No hook runs for these. Fastify does not say here for whom a proxy asks, so the proxy's own address counts; nothing else counts there.
  const tooMany = rateLimits?.countNetwork(request, reply);
  if (tooMany !== undefined) {
    void reply
      .status(tooMany.status)
      .headers({ 'x-request-id': request.id, 'retry-after': String(tooMany.extra.retryAfterSeconds) })
      .type('application/problem+json')
      .send(problemText(tooMany.status, tooMany.code, tooMany.detail, request.id));
    return;
  }
  const isTooLong = error.code === 'FST_ERR_MAX_PARAM_LENGTH' || error.statusCode === 414;
  const status = isTooLong ? 414 : 400;
  const detail = isTooLong ? 'path: a part of it is too long.' : 'path: cannot be decoded. Check its % escapes.';
  void reply
    .status(status)
    .header('x-request-id', request.id)
    .type('application/problem+json')
    .send(problemText(status, isTooLong ? 'REQUEST.PATH_TOO_LONG' : 'REQUEST.BAD_PATH', detail, request.id));
}

/** HTTP/1.1 requests must name the host (RFC 9112, 3.2). */
export const refuseWithoutHost: onRequestHookHandler = (request, _reply, done) => {
  if (request.headers.host !== undefined || request.raw.httpVersion === '1.0') done();
  else done(new AppError('REQUEST.NO_HOST', 400, 'Host: this header is missing.') as never);
};

/** The pages with forms of our own; they check where a form comes from. */
const FORM_PATHS = new Set(['/admin/sign-in', '/admin/sign-out']);

/** A page of somebody else can send a form to us without asking the browser first, so only our own forms may be forms; hooks prove by a secret who has sent them. */
export const refuseForeignForms: onRequestHookHandler = (request, _reply, done) => {
  const isForm = /^\s*application\/x-www-form-urlencoded/i.test(request.headers['content-type'] ?? '');
  if (!isForm || FORM_PATHS.has(request.url.split('?')[0] ?? '') || hookBodyLimit(request) !== undefined) done();
  else {
    done(
      new AppError(
        'REQUEST.MEDIA_TYPE',
        415,
        'body: send JSON with the header content-type: application/json.',
      ) as never,
    );
  }
};

/** Node answers an `Expect` that it does not know without a body. */
export function answerUnknownExpectation(_request: IncomingMessage, response: ServerResponse): void {
  const detail = 'Expect: only 100-continue is known here.';
  const requestId = randomUUID();
  response
    .writeHead(417, { 'content-type': 'application/problem+json', connection: 'close', 'x-request-id': requestId })
    .end(problemText(417, 'REQUEST.HTTP_417', detail, requestId));
}

/** Requests that are no HTTP have no reply object: the answer is written by hand, and the connection closed. */
export function answerClientError(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const isTooLarge = error.code === 'HPE_HEADER_OVERFLOW';
  const isSlow = error.code === 'ERR_HTTP_REQUEST_TIMEOUT';
  const status = isTooLarge ? 431 : isSlow ? 408 : 400;
  const detail = isTooLarge
    ? 'headers: are too large.'
    : isSlow
      ? 'The request did not come to its end in time.'
      : 'The request is not valid HTTP.';
  const body = problemText(status, `REQUEST.HTTP_${status}`, detail, randomUUID());
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\ncontent-type: application/problem+json\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  );
}
