import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type ActiveSpan, insideSpan } from './active-span';
import { readTraceParent } from './trace-parent';
import type { Tracing } from './tracing';

/** Asked every few seconds by machines. */
const UNTRACED = new Set(['/health', '/health/live', '/health/ready', '/metrics', '/api/v1/health']);

const spans = new WeakMap<FastifyRequest, ActiveSpan>();

/** The trace that a request belongs to; for what runs after its own context has ended. */
export function traceFieldsOf(request: FastifyRequest): { trace_id?: string } {
  const span = spans.get(request);
  return span === undefined ? {} : { trace_id: span.traceId };
}

/**
 * A span for every request, from its headers to the end of its answer, named after the route: neither the path, which has ids, nor the query,
 * which may have what people typed, is in it. A caller's `traceparent` is gone on with. Who hangs up ends it too, as readers of streams do; Fastify's
 * `onResponse` is not called then.
 */
export function traceRequests(fastify: FastifyInstance, tracing: Tracing): void {
  if (!tracing.isOn) return;
  fastify.addHook('onRequest', (request, reply, done) => {
    if (UNTRACED.has(request.url.split('?')[0] ?? '')) return done();
    const { traceparent } = request.headers;
    const span = tracing.begin(request.method, {
      kind: 'server',
      parent: readTraceParent(traceparent) === undefined ? null : (traceparent as string),
      attributes: {
        'http.request.method': request.method,
        'url.scheme': request.protocol,
        'parley.request_id': request.id,
      },
    });
    if (span === undefined) return done();
    spans.set(request, span);
    reply.raw.once('close', () => endSpan(span, request, reply));
    insideSpan(span, done);
  });
}

function endSpan(span: ActiveSpan, request: FastifyRequest, { raw }: FastifyReply): void {
  const route = request.is404 ? undefined : request.routeOptions.url;
  if (route !== undefined) span.rename(`${request.method} ${route}`);
  const status = raw.headersSent ? raw.statusCode : undefined;
  span.set({ 'http.route': route, 'http.response.status_code': status });
  if (!raw.writableFinished) span.set({ 'parley.is_cut_off': true });
  if (status !== undefined && status >= 500) span.fail(String(status));
  span.end();
}
