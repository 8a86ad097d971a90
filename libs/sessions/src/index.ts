export { FollowedSessions } from './followed-sessions.service';
export type { ConversationNews, KnownConversation } from './persistence/followed-sessions.repository';
export { expiresAt, type Session, type SessionStatus } from './session';
export { SessionAccess } from './session-access.service';
export { SessionMessages } from './session-messages.service';
export { SessionsModule } from './sessions.module';
