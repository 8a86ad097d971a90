import { Module } from '@nestjs/common';
import { ConfigModule } from './config';
import { DatabaseModule } from './database';
import { EventsModule } from './events';
import { LoggingModule } from './logging';
import { QueueModule } from './queue';

/** What every process needs: settings, logs, the database, the queue's producing side and the events bus. */
@Module({ imports: [ConfigModule, LoggingModule, DatabaseModule, EventsModule, QueueModule] })
export class PlatformModule {}
