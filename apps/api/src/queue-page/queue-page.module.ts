import { Module } from '@nestjs/common';
import { QueuePageController } from './queue-page.controller';

@Module({ controllers: [QueuePageController] })
export class QueuePageModule {}
