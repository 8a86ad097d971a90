import { Module } from '@nestjs/common';
import { ConversationsController } from './conversations.controller';
import { ConversationsModule } from './conversations.module';
import { MessagesController } from './messages.controller';

@Module({ imports: [ConversationsModule], controllers: [ConversationsController, MessagesController] })
export class ConversationsHttpModule {}
