import { Module } from '@nestjs/common';
import { ConfigModule } from './config';
import { ConnectionCheck } from './connection-check';
import { DatabaseModule } from './database';
import { EncryptionModule } from './encryption';
import { EventsModule } from './events';
import { LoggingModule } from './logging';
import { MetricsModule } from './metrics';
import { QueueModule } from './queue';
import { TracingModule } from './tracing';

/** What every process needs: settings, logs, the database, the queue's producing side and the events bus. */
@Module({
  imports: [
    ConfigModule,
    LoggingModule,
    DatabaseModule,
    EncryptionModule,
    EventsModule,
    QueueModule,
    MetricsModule,
    TracingModule,
  ],
  providers: [ConnectionCheck],
})
export class PlatformModule {}
