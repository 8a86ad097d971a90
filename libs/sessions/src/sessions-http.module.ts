import { ConversationsHttpModule, ConversationsModule } from '@app/conversations';
import { PersonasModule } from '@app/personas';
import { Module } from '@nestjs/common';
import { ClientsController } from './clients/clients.controller';
import { ClientsService } from './clients/clients.service';
import { ClientsRepository } from './clients/persistence/clients.repository';
import { CoachingSessionsController } from './coaching/coaching-sessions.controller';
import { CoachingSessionsService } from './coaching/coaching-sessions.service';
import { CoachingSessionsRepository } from './coaching/persistence/coaching-sessions.repository';
import { SessionMessagesController } from './coaching/session-messages.controller';
import { SessionsModule } from './sessions.module';

/** For processes that serve HTTP. */
@Module({
  imports: [SessionsModule, PersonasModule, ConversationsModule, ConversationsHttpModule],
  controllers: [ClientsController, CoachingSessionsController, SessionMessagesController],
  providers: [ClientsRepository, ClientsService, CoachingSessionsRepository, CoachingSessionsService],
})
export class SessionsHttpModule {}
