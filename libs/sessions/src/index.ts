export { expiresAt, type Session } from './session';
export { SessionAccess } from './session-access.service';
export { SessionMessages } from './session-messages.service';
export { SessionsModule } from './sessions.module';
