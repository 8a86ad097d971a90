import { Global, Module } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import { AppConfig } from '../config';
import { Database } from '../database';
import { RedisConnections, RedisModule } from '../redis';
import { EVENT_TRANSPORT, type EventTransport } from './event-transport';
import { EventsBus } from './events-bus';
import { PostgresTransport } from './postgres-transport';
import { RedisTransport } from './redis-transport';

@Global()
@Module({
  imports: [RedisModule],
  providers: [
    {
      provide: EVENT_TRANSPORT,
      inject: [AppConfig, Database, RedisConnections, PinoLogger],
      useFactory: (
        config: AppConfig,
        database: Database,
        redis: RedisConnections,
        logger: PinoLogger,
      ): EventTransport =>
        config.queue.backend === 'redis'
          ? new RedisTransport(config.queue, redis, database, logger)
          : new PostgresTransport(config, logger),
    },
    EventsBus,
  ],
  exports: [EventsBus],
})
export class EventsModule {}
