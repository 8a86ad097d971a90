import { networkOf, RateLimits } from '@app/platform';
import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Visit } from '../support-sessions.service';

const READABLE_BY = 'access-control-allow-origin';

/** What a request says about who asks. */
@Injectable()
export class Visits {
  constructor(private readonly rateLimits: RateLimits) {}

  of(request: FastifyRequest, reply: FastifyReply): Visit {
    return {
      network: networkOf(request.ip),
      origin: request.headers.origin,
      ownHost: request.host,
      onForeignOrigin: () => {
        void reply.removeHeader(READABLE_BY);
        // Nest puts it there, too.
        reply.raw.removeHeader(READABLE_BY);
      },
      show: (take) => this.rateLimits.show('visitor', take, reply),
    };
  }
}
