import { Module } from '@nestjs/common';
import { ConversationsController } from './conversations.controller';
import { ConversationsModule } from './conversations.module';
import { MessagesController } from './messages.controller';
import { SummariesController } from './summaries.controller';

@Module({
  imports: [ConversationsModule],
  controllers: [ConversationsController, MessagesController, SummariesController],
})
export class ConversationsHttpModule {}
