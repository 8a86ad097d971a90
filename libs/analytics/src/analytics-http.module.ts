import { LedgerModule } from '@app/ai-gateway';
import { ConversationsModule } from '@app/conversations';
import { Module } from '@nestjs/common';
import { ChatStatsController } from './chat-stats.controller';

@Module({ imports: [ConversationsModule, LedgerModule], controllers: [ChatStatsController] })
export class AnalyticsHttpModule {}
