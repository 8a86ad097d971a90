import { AuthModule } from '@app/auth';
import { ConversationsModule } from '@app/conversations';
import { PersonasModule } from '@app/personas';
import { Module } from '@nestjs/common';
import { FollowedSessions } from './followed-sessions.service';
import { FollowedSessionsRepository } from './persistence/followed-sessions.repository';
import { SessionsRepository } from './persistence/sessions.repository';
import { SessionAccess } from './session-access.service';
import { SessionMessages } from './session-messages.service';

/** Clients, sessions, and the door for visitors. */
@Module({
  imports: [AuthModule, PersonasModule, ConversationsModule],
  providers: [SessionsRepository, SessionAccess, SessionMessages, FollowedSessionsRepository, FollowedSessions],
  exports: [SessionAccess, SessionMessages, FollowedSessions],
})
export class SessionsModule {}
