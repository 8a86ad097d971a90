export { networkOf } from './network-of';
export { SlidingCounters, type Take } from './sliding-counters';
export { limitNetworks } from './limit-networks';
export { RateLimit, type RateLimitClass } from './rate-limit.decorator';
export { RateLimitGuard } from './rate-limit.guard';
export { RATE_LIMIT_HEADERS, RateLimits } from './rate-limits';
