import { PersonasModule } from '@app/personas';
import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ConversationsService } from './conversations.service';
import { MessageIntakeService } from './message-intake.service';
import { MessagesService } from './messages.service';
import { ConversationEntity } from './persistence/conversation.entity';
import { ConversationsRepository } from './persistence/conversations.repository';
import { LeasesRepository } from './persistence/leases.repository';
import { MessageEntity } from './persistence/message.entity';
import { MessagesRepository } from './persistence/messages.repository';
import { SummariesRepository } from './persistence/summaries.repository';
import { TurnWorkRepository } from './persistence/turn-work.repository';
import { TurnsRepository } from './persistence/turns.repository';
import { SummariesService } from './summaries.service';
import { TurnWaiter } from './turn-waiter';
import { TurnWorkService } from './turn-work.service';

@Module({
  imports: [PersonasModule, TypeOrmModule.forFeature([ConversationEntity, MessageEntity])],
  providers: [
    ConversationsRepository,
    MessagesRepository,
    TurnsRepository,
    TurnWorkRepository,
    LeasesRepository,
    SummariesRepository,
    SummariesService,
    ConversationsService,
    MessageIntakeService,
    MessagesService,
    TurnWaiter,
    TurnWorkService,
  ],
  exports: [ConversationsService, MessageIntakeService, MessagesService, SummariesService, TurnWaiter, TurnWorkService],
})
export class ConversationsModule {}
