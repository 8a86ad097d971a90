import { Module } from '@nestjs/common';
import { APP_FILTER, APP_PIPE } from '@nestjs/core';
import { Draining } from './draining';
import { ProblemFilter } from './problem.filter';
import { RateLimits } from './rate-limit/rate-limits';
import { StrictValidationPipe } from './strict-validation.pipe';

/** What every HTTP process shares: strict input, errors as problem documents, rate limits (the guard is put after the auth guard by the app). */
@Module({
  providers: [
    Draining,
    RateLimits,
    { provide: APP_FILTER, useClass: ProblemFilter },
    { provide: APP_PIPE, useClass: StrictValidationPipe },
  ],
  exports: [Draining, RateLimits],
})
export class HttpModule {}
