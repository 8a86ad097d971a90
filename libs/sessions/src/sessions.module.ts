import { AuthModule } from '@app/auth';
import { ConversationsModule } from '@app/conversations';
import { PersonasModule } from '@app/personas';
import { KeyRotation } from '@app/platform';
import { Module } from '@nestjs/common';
import { ENCRYPTED_TABLES } from './persistence/encrypted-tables';
import { SessionsRepository } from './persistence/sessions.repository';
import { SessionAccess } from './session-access.service';
import { SessionMessages } from './session-messages.service';

/** Clients, sessions, and the door for visitors. */
@Module({
  imports: [AuthModule, PersonasModule, ConversationsModule],
  providers: [SessionsRepository, SessionAccess, SessionMessages],
  exports: [SessionAccess, SessionMessages],
})
export class SessionsModule {
  constructor(rotation: KeyRotation) {
    rotation.register(...ENCRYPTED_TABLES);
  }
}
