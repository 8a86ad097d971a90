import { Module } from '@nestjs/common';
import { ConversationFiguresRepository } from './persistence/conversations.repository';
import { ErrorsRepository } from './persistence/errors.repository';
import { FiguresRepository } from './persistence/figures.repository';
import { PercentilesRepository } from './persistence/percentiles.repository';
import { PresentStateRepository } from './persistence/present-state.repository';
import { RollupsRepository } from './persistence/rollups.repository';
import { SnapshotRepository } from './persistence/snapshot.repository';
import { AllTimeFigures } from './reports/all-time.service';
import { RollUpService } from './rollups/roll-up.service';

/** The ledger's sums: making and reading them. */
@Module({
  providers: [
    RollupsRepository,
    SnapshotRepository,
    FiguresRepository,
    PercentilesRepository,
    ErrorsRepository,
    ConversationFiguresRepository,
    PresentStateRepository,
    AllTimeFigures,
    RollUpService,
  ],
  exports: [
    SnapshotRepository,
    FiguresRepository,
    PercentilesRepository,
    ErrorsRepository,
    ConversationFiguresRepository,
    PresentStateRepository,
    AllTimeFigures,
    RollUpService,
  ],
})
export class AnalyticsModule {}
