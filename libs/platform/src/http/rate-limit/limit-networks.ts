import type { FastifyInstance } from 'fastify';
import type { RateLimits } from './rate-limits';

/**
 * Counts every request for the network that it comes from, below Nest: also those that no route takes, that have no login, or that ask for
 * the documentation.
 */
export function limitNetworks(fastify: FastifyInstance, limits: RateLimits): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    const refusal = limits.countNetwork(request, reply);
    if (refusal === undefined) done();
    else done(refusal as never);
  });
}
