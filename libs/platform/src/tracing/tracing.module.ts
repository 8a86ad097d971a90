import { Global, Module } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import { AppConfig } from '../config';
import { Tracing } from './tracing';

@Global()
@Module({
  providers: [
    {
      provide: Tracing,
      inject: [AppConfig, PinoLogger],
      useFactory: (config: AppConfig, logger: PinoLogger): Promise<Tracing> => Tracing.start(config.tracing, logger),
    },
  ],
  exports: [Tracing],
})
export class TracingModule {}
