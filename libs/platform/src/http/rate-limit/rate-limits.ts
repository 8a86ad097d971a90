import { AppError } from '@app/kernel';
import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { PinoLogger } from 'nestjs-pino';
import { AppConfig } from '../../config';
import type { Principal } from '../principal';
import { networkOf } from './network-of';
import type { RateLimitClass } from './rate-limit.decorator';
import { SlidingCounters, type Take } from './sliding-counters';

/** Which limit a number in the headers belongs to. */
export type RateLimitPolicy = 'network' | 'auth' | 'send' | 'check' | 'user';
/** With those that doors of their own count. */
export type ShownPolicy = RateLimitPolicy | 'visitor';

/** Monitoring must get an answer while somebody floods us. Each of these costs next to nothing, however often it is asked. */
const EXEMPT = new Set(['/health', '/health/live', '/health/ready', '/metrics', '/api/v1/health']);

/** Other systems send in bursts, from few addresses, and what is not taken they send again: these count only when they are refused. */
const COUNTED_WHEN_REFUSED = /^\/webhooks\/[a-z]/;

/** The headers of every answer. They tell of the limit that has the least left. */
export const RATE_LIMIT_HEADERS = [
  'x-ratelimit-limit',
  'x-ratelimit-remaining',
  'x-ratelimit-reset',
  'x-ratelimit-policy',
] as const;

/** How often one user and one network may ask, per process and minute. */
@Injectable()
export class RateLimits {
  private readonly counters: Record<RateLimitPolicy, SlidingCounters> = {
    network: new SlidingCounters(),
    auth: new SlidingCounters(),
    send: new SlidingCounters(),
    check: new SlidingCounters(),
    user: new SlidingCounters(),
  };
  /** The tightest limit that each open request has met. */
  private readonly shown = new WeakMap<FastifyReply, number>();
  private hasWarnedOfProxy = false;

  constructor(
    private readonly config: AppConfig,
    private readonly logger: PinoLogger,
  ) {}

  /** Counts a request for its network, whatever it asks for. @returns the refusal when it is one too many */
  countNetwork(request: FastifyRequest, reply: FastifyReply): AppError | undefined {
    const path = request.url.split('?')[0] ?? '';
    if (EXEMPT.has(path) || COUNTED_WHEN_REFUSED.test(path)) return undefined;
    return this.countRefused(request, reply);
  }

  /**
   * Counts a request that is not counted before it is looked at. @param times as so many, for one that cost more than others
   * @returns the refusal when it is one too many
   */
  countRefused(request: FastifyRequest, reply: FastifyReply, times = 1): AppError | undefined {
    let refusal: AppError | undefined;
    for (let counted = 0; counted < Math.max(times, 1) && refusal === undefined; counted += 1) {
      refusal = this.count('network', networkOf(request.ip), this.config.limits.perIp, reply);
    }
    if (refusal !== undefined) this.warnOfProxy(request);
    return refusal;
  }

  /** For what is expensive even to refuse, and counts only when it is. Counts nothing. @returns the refusal when the network has had its share */
  refusalOf(request: FastifyRequest, reply: FastifyReply): AppError | undefined {
    const isUsedUp = this.counters.network.isFull(networkOf(request.ip), this.config.limits.perIp);
    return isUsedUp ? this.countRefused(request, reply) : undefined;
  }

  /** Counts a request for the limit of its route. @returns the refusal when it is one too many */
  countRoute(
    limitClass: RateLimitClass | undefined,
    principal: Principal | undefined,
    request: FastifyRequest,
    reply: FastifyReply,
  ): AppError | undefined {
    const { authPerIp, sendPerUser, checksPerUser, otherPerUser } = this.config.limits;
    if (limitClass === 'auth') return this.count('auth', networkOf(request.ip), authPerIp, reply);
    // Whoever has no login counts with the network only.
    if (principal === undefined) return undefined;
    const user = String(principal.userId);
    if (limitClass === 'send') return this.count('send', user, sendPerUser, reply);
    if (limitClass === 'check') return this.count('check', user, checksPerUser, reply);
    return this.count('user', user, otherPerUser, reply);
  }

  /** Counts a message that came through another door than HTTP, together with those of that. @returns the refusal when it is one too many */
  countSend(userId: number): AppError | undefined {
    const take = this.counters.send.take(String(userId), this.config.limits.sendPerUser);
    return take.isRefused ? tooManyRequests('from this account', take) : undefined;
  }

  private count(policy: RateLimitPolicy, key: string, limit: number, reply: FastifyReply): AppError | undefined {
    const take = this.counters[policy].take(key, limit);
    this.show(policy, take, reply);
    if (!take.isRefused) return undefined;
    const who = policy === 'network' || policy === 'auth' ? 'from this network' : 'from this account';
    return tooManyRequests(who, take);
  }

  /** Puts a limit into the headers of an answer, unless a tighter one is there. */
  show(policy: ShownPolicy, take: Take, reply: FastifyReply): void {
    const left = take.isRefused ? -1 : take.remaining;
    if (left >= (this.shown.get(reply) ?? Infinity)) return;
    this.shown.set(reply, left);
    void reply.headers({
      'x-ratelimit-limit': String(take.limit),
      'x-ratelimit-remaining': String(take.remaining),
      'x-ratelimit-reset': String(take.resetSeconds),
      'x-ratelimit-policy': policy,
    });
  }

  /** Behind a proxy that is not trusted everybody comes from one address, and would share one limit. */
  private warnOfProxy(request: FastifyRequest): void {
    const isProxied = request.headers['x-forwarded-for'] !== undefined || request.headers.forwarded !== undefined;
    if (!isProxied || this.hasWarnedOfProxy || this.config.http.trustedProxies.length > 0) return;
    this.hasWarnedOfProxy = true;
    this.logger.warn(
      'Requests were refused for RATE_LIMIT_PER_IP that came through a proxy. Name the proxy in TRUSTED_PROXIES, or all people behind it share one limit.',
    );
  }
}

const tooManyRequests = (who: string, { limit, resetSeconds }: Take): AppError =>
  new AppError(
    'REQUEST.TOO_MANY',
    429,
    `Too many requests ${who}: ${limit} a minute are taken. Try again in ${resetSeconds} seconds.`,
    { retryAfterSeconds: resetSeconds },
  );
