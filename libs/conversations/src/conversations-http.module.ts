import { Module } from '@nestjs/common';
import { ConversationsController } from './conversations.controller';
import { ConversationsModule } from './conversations.module';
import { MessageActionsController } from './message-actions.controller';
import { MessagesController } from './messages.controller';
import { TurnEventsService } from './stream/turn-events.service';
import { SummariesController } from './summaries.controller';
import { TurnResponder } from './turn-responder';
import { TurnsController } from './turns.controller';
import { UploadReads } from './uploads/upload-reads';
import { UploadsController } from './uploads/uploads.controller';

@Module({
  imports: [ConversationsModule],
  controllers: [
    ConversationsController,
    SummariesController,
    MessagesController,
    MessageActionsController,
    TurnsController,
    UploadsController,
  ],
  providers: [TurnEventsService, TurnResponder, { provide: UploadReads, useFactory: () => new UploadReads() }],
  exports: [TurnResponder, TurnEventsService],
})
export class ConversationsHttpModule {}
