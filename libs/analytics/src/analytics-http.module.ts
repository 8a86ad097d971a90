import { AuthModule } from '@app/auth';
import { ConversationsModule } from '@app/conversations';
import { PersonasModule } from '@app/personas';
import { Module } from '@nestjs/common';
import { AnalyticsController } from './analytics.controller';
import { AnalyticsModule } from './analytics.module';
import { ChatStatsController } from './chat-stats.controller';
import { ExperimentReportsController } from './experiments/experiment-reports.controller';
import { ExperimentReportsService } from './experiments/experiment-reports.service';
import { ExperimentResultsRepository } from './persistence/experiment-results.repository';
import { LedgerMetrics } from './prometheus/ledger-metrics';
import { ConversationsReport } from './reports/conversations.report';
import { CostReport } from './reports/cost.report';
import { ErrorsReport } from './reports/errors.report';
import { LatencyReport } from './reports/latency.report';
import { ReportAccess } from './reports/report-access';
import { ReportReader } from './reports/report-reader';
import { UsageReport } from './reports/usage.report';

@Module({
  imports: [AuthModule, ConversationsModule, PersonasModule, AnalyticsModule],
  controllers: [AnalyticsController, ChatStatsController, ExperimentReportsController],
  providers: [
    ReportAccess,
    ReportReader,
    UsageReport,
    CostReport,
    LatencyReport,
    ErrorsReport,
    ConversationsReport,
    ExperimentResultsRepository,
    ExperimentReportsService,
    LedgerMetrics,
  ],
})
export class AnalyticsHttpModule {}
