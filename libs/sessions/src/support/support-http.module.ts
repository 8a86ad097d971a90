import { AuthModule } from '@app/auth';
import { ConversationsHttpModule, ConversationsModule } from '@app/conversations';
import { PersonasModule } from '@app/personas';
import { HealthModule, HttpModule } from '@app/platform';
import { Module } from '@nestjs/common';
import { SessionsModule } from '../sessions.module';
import { SupportDoorsModule } from './doors/support-doors.module';
import { SupportChatController } from './http/support-chat.controller';
import { SupportDoorsController } from './http/support-doors.controller';
import { SupportHealthController } from './http/support-health.controller';
import { Visits } from './http/visit';
import { SupportSessionsRepository } from './persistence/support-sessions.repository';
import { SupportHealthService } from './support-health.service';
import { SupportReplies } from './support-replies.service';
import { SupportSessions } from './support-sessions.service';
import { SupportSettings } from './support-settings.service';

/** Support chat over HTTP. */
@Module({
  imports: [
    AuthModule,
    ConversationsModule,
    ConversationsHttpModule,
    HealthModule,
    HttpModule,
    PersonasModule,
    SessionsModule,
    SupportDoorsModule,
  ],
  controllers: [SupportChatController, SupportDoorsController, SupportHealthController],
  providers: [
    SupportSessionsRepository,
    SupportSessions,
    SupportReplies,
    SupportSettings,
    SupportHealthService,
    Visits,
  ],
  exports: [SupportDoorsModule, SupportSessions, Visits],
})
export class SupportHttpModule {}
