import { Global, Module } from '@nestjs/common';
import { MetricsController } from './metrics.controller';
import { Metrics } from './metrics.service';

/** Counting, for everybody who has something to count. */
@Global()
@Module({ providers: [Metrics], exports: [Metrics] })
export class MetricsModule {}

/** Showing what was counted, for processes that serve HTTP. */
@Module({ controllers: [MetricsController] })
export class MetricsHttpModule {}
