import { Global, Module } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import { AppConfig } from '../config';
import { RedisConnections } from './redis-connections';

@Global()
@Module({
  providers: [
    {
      provide: RedisConnections,
      inject: [AppConfig, PinoLogger],
      // Nest waits for it before it builds whatever uses Redis.
      useFactory: (config: AppConfig, logger: PinoLogger) => RedisConnections.create(config.queue, logger),
    },
  ],
  exports: [RedisConnections],
})
export class RedisModule {}
