import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';

/** Knows that this process is ending: the first thing that an orderly shutdown does. */
@Injectable()
export class Draining implements OnModuleDestroy {
  isDraining = false;

  onModuleDestroy(): void {
    this.isDraining = true;
  }
}

/** The last answers close their connections; a client that keeps one open would keep the process running. */
export function closeConnectionsWhenDraining(fastify: FastifyInstance, draining: Draining): void {
  fastify.addHook('onSend', (_request, reply, payload, done) => {
    if (draining.isDraining) void reply.header('connection', 'close');
    done(null, payload);
  });
}
