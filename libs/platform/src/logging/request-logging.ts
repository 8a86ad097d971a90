import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { PinoLogger } from 'nestjs-pino';
import { traceFieldsOf } from '../tracing/trace-requests';
import { withRequestId } from './request-context';

/** Gives every request its id, in the answer's `x-request-id` and in all log lines, and logs each answer: failures as `error`, the rest as `debug`. */
export function logRequests(fastify: FastifyInstance, logger: PinoLogger): void {
  fastify.addHook('onRequest', (request: FastifyRequest, reply: FastifyReply, done) => {
    void reply.header('x-request-id', request.id);
    withRequestId(request.id, done);
  });
  fastify.addHook('onResponse', (request, reply, done) => {
    const fields = {
      request_id: request.id,
      ...traceFieldsOf(request),
      method: request.method,
      // Without the query: it may hold what people typed.
      path: request.url.split('?')[0],
      status: reply.statusCode,
      total_ms: Math.round(reply.elapsedTime),
    };
    // That a process is not ready is an answer, and the drain of every restart gives it.
    if (reply.statusCode >= 500 && !/^(?:\/api\/v1)?\/health/.test(request.url)) logger.error(fields, 'request failed');
    else logger.debug(fields, 'request answered');
    done();
  });
}
