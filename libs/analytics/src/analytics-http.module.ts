import { LedgerModule } from '@app/ai-gateway';
import { ConversationsModule } from '@app/conversations';
import { PersonasModule } from '@app/personas';
import { Module } from '@nestjs/common';
import { ChatStatsController } from './chat-stats.controller';
import { ExperimentReportsController } from './experiments/experiment-reports.controller';
import { ExperimentReportsService } from './experiments/experiment-reports.service';
import { ExperimentResultsRepository } from './persistence/experiment-results.repository';

@Module({
  imports: [ConversationsModule, LedgerModule, PersonasModule],
  controllers: [ChatStatsController, ExperimentReportsController],
  providers: [ExperimentReportsService, ExperimentResultsRepository],
})
export class AnalyticsHttpModule {}
