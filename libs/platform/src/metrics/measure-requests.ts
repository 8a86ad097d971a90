import type { FastifyInstance } from 'fastify';
import type { Metrics } from './metrics.service';

/** Seconds; a send waits for its reply for a minute. */
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

/** Counts and times the requests of this process, by the route as it is written in the documentation: what people put into paths makes no label. */
export function measureRequests(fastify: FastifyInstance, metrics: Metrics): void {
  const duration = metrics.histogram(
    'parley_http_request_seconds',
    'How long requests took, by route and status.',
    ['method', 'route', 'status'],
    BUCKETS,
  );
  fastify.addHook('onResponse', (request, reply, done) => {
    const route = reply.statusCode === 404 && request.is404 ? 'none' : (request.routeOptions.url ?? 'none');
    const method = route === 'none' ? 'any' : request.method;
    duration.observe({ method, route, status: String(reply.statusCode) }, reply.elapsedTime / 1000);
    done();
  });
}
