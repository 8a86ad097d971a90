export { expiresAt, type Session } from './session';
export { SessionAccess } from './session-access.service';
export { SessionMessages } from './session-messages.service';
export { SessionsModule } from './sessions.module';
export { SessionsHttpModule } from './sessions-http.module';
export { type SessionPrompt, SessionPrompts } from './prompts/session-prompts.service';
export { SessionSummaries, type SummaryTicket } from './summaries/session-summaries.service';
export { SessionEndings } from './timeouts/session-endings.service';
export { SessionExpiry } from './timeouts/session-expiry.service';
