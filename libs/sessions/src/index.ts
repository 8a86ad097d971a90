export { expiresAt, type Session } from './session';
export { SessionAccess } from './session-access.service';
export { SessionMessages } from './session-messages.service';
export { SessionsModule } from './sessions.module';
export { SupportOrigins } from './support/doors/support-origins.service';
export { SupportHttpModule } from './support/support-http.module';
export { type VisitorData, VisitorDataCipher } from './support/visitors/visitor-data.service';
