import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AuthenticatedRequest } from '../principal';
import { RATE_LIMIT_CLASS, type RateLimitClass } from './rate-limit.decorator';
import { RateLimits } from './rate-limits';

/** Counts requests per user and class of routes; it comes after the guard that says who it is. `limitNetworks` has counted the network before. */
@Injectable()
export class RateLimitGuard implements CanActivate {
  constructor(
    private readonly limits: RateLimits,
    private readonly reflector: Reflector,
  ) {}

  canActivate(context: ExecutionContext): boolean {
    // Sockets count in their handshake.
    if (context.getType() !== 'http') return true;
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest & AuthenticatedRequest>();
    const limitClass = this.reflector.getAllAndOverride<RateLimitClass | undefined>(RATE_LIMIT_CLASS, [
      context.getHandler(),
      context.getClass(),
    ]);
    const refusal = this.limits.countRoute(limitClass, request.principal, request, http.getResponse<FastifyReply>());
    if (refusal !== undefined) throw refusal;
    return true;
  }
}
