import { AuthModule } from '@app/auth';
import { ConversationsModule } from '@app/conversations';
import { PersonasModule } from '@app/personas';
import { KeyRotation } from '@app/platform';
import { Module } from '@nestjs/common';
import { ENCRYPTED_TABLES } from './persistence/encrypted-tables';
import { SessionsRepository } from './persistence/sessions.repository';
import { SessionAccess } from './session-access.service';
import { SessionPromptsRepository } from './prompts/persistence/session-prompts.repository';
import { SessionPrompts } from './prompts/session-prompts.service';
import { SessionMessages } from './session-messages.service';
import { SessionSummariesRepository } from './summaries/persistence/session-summaries.repository';
import { SessionSummaries } from './summaries/session-summaries.service';
import { SessionEndingsRepository } from './timeouts/persistence/session-endings.repository';
import { SessionEndings } from './timeouts/session-endings.service';
import { SessionExpiry } from './timeouts/session-expiry.service';
import { SupportDoorsModule } from './support/doors/support-doors.module';
import { VisitorDataCipher } from './support/visitors/visitor-data.service';

/** Clients, sessions, and the door for visitors. */
@Module({
  imports: [AuthModule, PersonasModule, ConversationsModule, SupportDoorsModule],
  providers: [
    SessionsRepository,
    SessionAccess,
    SessionMessages,
    SessionEndingsRepository,
    SessionEndings,
    SessionExpiry,
    SessionSummariesRepository,
    SessionSummaries,
    SessionPromptsRepository,
    SessionPrompts,
    VisitorDataCipher,
  ],
  exports: [
    SessionsRepository,
    SessionAccess,
    SessionMessages,
    SessionEndings,
    SessionExpiry,
    SessionSummaries,
    SessionPrompts,
    SupportDoorsModule,
    VisitorDataCipher,
  ],
})
export class SessionsModule {
  constructor(rotation: KeyRotation) {
    rotation.register(...ENCRYPTED_TABLES);
  }
}
