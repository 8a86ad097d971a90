import { AiGatewayHttpModule } from '@app/ai-gateway';
import { AnalyticsHttpModule } from '@app/analytics';
import { AuthGuard, AuthHttpModule, AuthModule } from '@app/auth';
import { ChannelsHttpModule } from '@app/channels';
import { ConversationsHttpModule } from '@app/conversations';
import { EscalationsHttpModule } from '@app/escalations';
import { PersonasHttpModule } from '@app/personas';
import { DrainPause, HealthModule, HttpModule, MetricsHttpModule, PlatformModule, RateLimitGuard } from '@app/platform';
import { RealtimeModule } from '@app/realtime';
import { SessionsHttpModule, SupportHttpModule } from '@app/sessions';
import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { QueuePageModule } from './queue-page/queue-page.module';

/** Every door over HTTP. Guards run in this order: who is it, then how often. */
@Module({
  imports: [
    PlatformModule,
    HttpModule,
    HealthModule,
    MetricsHttpModule,
    AuthModule,
    AuthHttpModule,
    PersonasHttpModule,
    ConversationsHttpModule,
    SessionsHttpModule,
    AiGatewayHttpModule,
    AnalyticsHttpModule,
    EscalationsHttpModule,
    RealtimeModule,
    SupportHttpModule,
    ChannelsHttpModule,
    QueuePageModule,
  ],
  providers: [
    { provide: APP_GUARD, useExisting: AuthGuard },
    { provide: APP_GUARD, useClass: RateLimitGuard },
  ],
})
export class ApiModule {}

/** The api as a process of its own, which may stand behind a load balancer. */
@Module({ imports: [ApiModule], providers: [DrainPause] })
export class ApiProcessModule {}
