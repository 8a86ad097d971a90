import { AiGatewayHttpModule } from '@app/ai-gateway';
import { AnalyticsHttpModule } from '@app/analytics';
import { AuthGuard, AuthHttpModule, AuthModule } from '@app/auth';
import { ConversationsHttpModule } from '@app/conversations';
import { PersonasHttpModule } from '@app/personas';
import { DrainPause, HealthModule, HttpModule, MetricsHttpModule, PlatformModule, RateLimitGuard } from '@app/platform';
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
    SupportHttpModule,
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
