import { AuthModule } from '@app/auth';
import { ConversationsModule } from '@app/conversations';
import { PersonasModule } from '@app/personas';
import { Module } from '@nestjs/common';
import { SessionsRepository } from './persistence/sessions.repository';
import { SessionAccess } from './session-access.service';
import { SessionMessages } from './session-messages.service';
import { SupportDoorsModule } from './support/doors/support-doors.module';
import { VisitorDataCipher } from './support/visitors/visitor-data.service';

/** Clients, sessions, and the door for visitors. */
@Module({
  imports: [AuthModule, PersonasModule, ConversationsModule, SupportDoorsModule],
  providers: [SessionsRepository, SessionAccess, SessionMessages, VisitorDataCipher],
  exports: [SessionsRepository, SessionAccess, SessionMessages, SupportDoorsModule, VisitorDataCipher],
})
export class SessionsModule {}
