import { AiGatewayWorkerModule, LedgerModule } from '@app/ai-gateway';
import { AnalyticsModule } from '@app/analytics';
import { AuthModule } from '@app/auth';
import { ChannelsWorkerModule } from '@app/channels';
import { ConversationsModule } from '@app/conversations';
import { EscalationsWorkerModule } from '@app/escalations';
import { HealthModule, HttpModule, MetricsHttpModule, PlatformModule, QueueWorkerModule } from '@app/platform';
import { SessionsModule } from '@app/sessions';
import { Module } from '@nestjs/common';
import { Housekeeping } from './housekeeping';

/** Everything that works in the background. */
@Module({
  imports: [
    PlatformModule,
    AuthModule,
    QueueWorkerModule,
    ConversationsModule,
    AiGatewayWorkerModule,
    SessionsModule,
    LedgerModule,
    AnalyticsModule,
    EscalationsWorkerModule,
    ChannelsWorkerModule,
  ],
  providers: [Housekeeping],
})
export class BackgroundModule {}

/** The worker process: over HTTP it only says how it is. */
@Module({ imports: [HttpModule, HealthModule, MetricsHttpModule, BackgroundModule] })
export class WorkerModule {}
