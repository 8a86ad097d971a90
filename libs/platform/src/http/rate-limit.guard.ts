import { isIPv6 } from 'node:net';
import { AppError } from '@app/kernel';
import { applyDecorators, Injectable, SetMetadata, type ExecutionContext } from '@nestjs/common';
import { ThrottlerGuard, type ThrottlerLimitDetail, type ThrottlerModuleOptions } from '@nestjs/throttler';
import { ApiProblems } from './api-problems';
import type { AuthenticatedRequest } from './principal';
import { WindowCounters } from './rate-limit.storage';

export type RateLimitClass = 'auth' | 'send';
export const RATE_LIMIT_CLASS = 'parley:rate-limit-class';

/** Which of the configured limits counts for this route; without it, the one for everything else. */
export const RateLimit = (limitClass: RateLimitClass): MethodDecorator & ClassDecorator =>
  applyDecorators(SetMetadata(RATE_LIMIT_CLASS, limitClass), ApiProblems(429));

/** What one customer of a provider has: an IPv4 address, or the first 64 bits of an IPv6 address. */
export function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  if (!isIPv6(address)) return address;
  const [head = '', tail] = (address.split('%')[0] ?? '').split('::');
  const first = head.split(':').filter(Boolean);
  const last = (tail ?? '').split(':').filter(Boolean);
  const zeros =
    tail === undefined ? [] : Array.from({ length: Math.max(0, 8 - first.length - last.length) }, () => '0');
  return [...first, ...zeros, ...last]
    .slice(0, 4)
    .map((part) => part.toLowerCase().replace(/^0+(?=.)/, ''))
    .join(':');
}

/** Counts per user where there is a login, else per IP address, per process and minute. Every answer tells what is left. */
@Injectable()
export class RateLimitGuard extends ThrottlerGuard {
  protected override getTracker(request: Record<string, unknown>): Promise<string> {
    const { principal } = request as AuthenticatedRequest;
    return Promise.resolve(
      principal === undefined ? `ip:${networkOf(String(request.ip))}` : `user:${principal.userId}`,
    );
  }

  /** One counter per class of routes, not one per route. */
  protected override generateKey(_context: ExecutionContext, tracker: string, name: string): string {
    return `${name}:${tracker}`;
  }

  protected override throwThrottlingException(_context: ExecutionContext, detail: ThrottlerLimitDetail): Promise<void> {
    const seconds = Math.max(1, detail.timeToBlockExpire || detail.timeToExpire);
    throw new AppError('REQUEST.TOO_MANY', 429, `Too many requests. Try again in ${seconds} seconds.`, {
      retryAfterSeconds: seconds,
    });
  }
}

export const ONE_MINUTE_MS = 60_000;

export function throttlers(limits: {
  authPerIp: number;
  sendPerUser: number;
  otherPerUser: number;
}): ThrottlerModuleOptions {
  const isClass = (context: ExecutionContext, wanted: RateLimitClass | undefined): boolean =>
    (Reflect.getMetadata(RATE_LIMIT_CLASS, context.getHandler()) as RateLimitClass | undefined) === wanted;
  const throttler = (name: string, limit: number, wanted: RateLimitClass | undefined) => ({
    name,
    limit,
    ttl: ONE_MINUTE_MS,
    skipIf: (context: ExecutionContext) => !isClass(context, wanted),
  });
  return {
    storage: new WindowCounters(),
    throttlers: [
      throttler('auth', limits.authPerIp, 'auth'),
      throttler('send', limits.sendPerUser, 'send'),
      throttler('default', limits.otherPerUser, undefined),
    ],
  };
}
