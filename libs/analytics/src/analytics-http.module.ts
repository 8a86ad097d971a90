import { AuthModule } from '@app/auth';
import { ConversationsModule } from '@app/conversations';
import { Module } from '@nestjs/common';
import { AnalyticsController } from './analytics.controller';
import { AnalyticsModule } from './analytics.module';
import { ChatStatsController } from './chat-stats.controller';
import { LedgerMetrics } from './prometheus/ledger-metrics';
import { ConversationsReport } from './reports/conversations.report';
import { CostReport } from './reports/cost.report';
import { ErrorsReport } from './reports/errors.report';
import { LatencyReport } from './reports/latency.report';
import { ReportAccess } from './reports/report-access';
import { ReportReader } from './reports/report-reader';
import { UsageReport } from './reports/usage.report';

@Module({
  imports: [AuthModule, ConversationsModule, AnalyticsModule],
  controllers: [AnalyticsController, ChatStatsController],
  providers: [
    ReportAccess,
    ReportReader,
    UsageReport,
    CostReport,
    LatencyReport,
    ErrorsReport,
    ConversationsReport,
    LedgerMetrics,
  ],
})
export class AnalyticsHttpModule {}
