import { applyDecorators, SetMetadata } from '@nestjs/common';
import { ApiProblems } from '../api-problems';

/** `auth`: routes that check a password or a token; `send`: routes that make the model or its provider work; `check`: routes that ask another system how it is. */
export type RateLimitClass = 'auth' | 'send' | 'check';
export const RATE_LIMIT_CLASS = 'parley:rate-limit-class';

/** Which of the configured limits counts for this route; without it, the one for everything else. */
export const RateLimit = (limitClass: RateLimitClass): MethodDecorator & ClassDecorator =>
  applyDecorators(SetMetadata(RATE_LIMIT_CLASS, limitClass), ApiProblems(429));
