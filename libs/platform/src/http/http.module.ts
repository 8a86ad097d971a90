import { Module } from '@nestjs/common';
import { APP_FILTER, APP_PIPE } from '@nestjs/core';
import { ThrottlerModule } from '@nestjs/throttler';
import { AppConfig } from '../config';
import { Draining } from './draining';
import { ProblemFilter } from './problem.filter';
import { throttlers } from './rate-limit.guard';
import { StrictValidationPipe } from './strict-validation.pipe';

/** What every HTTP process shares: strict input, errors as problem documents, rate limits (the guard is put after the auth guard by the app). */
@Module({
  imports: [
    ThrottlerModule.forRootAsync({ inject: [AppConfig], useFactory: (config: AppConfig) => throttlers(config.limits) }),
  ],
  providers: [
    Draining,
    { provide: APP_FILTER, useClass: ProblemFilter },
    { provide: APP_PIPE, useClass: StrictValidationPipe },
  ],
  exports: [ThrottlerModule, Draining],
})
export class HttpModule {}
