import { ConversationsModule } from '@app/conversations';
import { PersonasModule } from '@app/personas';
import { Webhooks } from '@app/platform';
import { SessionsModule } from '@app/sessions';
import { Module } from '@nestjs/common';
import { LedgerModule } from '../ledger.module';
import { ReRatingModule } from '../prices';
import { ProviderModule } from '../provider.module';
import { BudgetAlerts } from './budget-alerts';
import { BudgetIndex } from './budget-index';
import { BudgetsService } from './budgets.service';
import { CallBudgets } from './call-budgets';
import { BudgetsController } from './http/budgets.controller';
import { BudgetUpkeepRepository } from './persistence/budget-upkeep.repository';
import { BudgetsRepository } from './persistence/budgets.repository';
import { ReservationsRepository } from './persistence/reservations.repository';
import { ReRatedBudgets } from './re-rated-budgets';
import { BudgetAdmission } from './turn-admission';

/** Room for calls, and for messages: those of channels come in where there is work in the background. */
@Module({
  imports: [LedgerModule, ProviderModule, ConversationsModule, PersonasModule, SessionsModule],
  providers: [
    BudgetsRepository,
    BudgetUpkeepRepository,
    ReservationsRepository,
    BudgetIndex,
    CallBudgets,
    BudgetAdmission,
  ],
  exports: [BudgetsRepository, BudgetUpkeepRepository, ReservationsRepository, BudgetIndex, CallBudgets],
})
export class BudgetsModule {}

/** For processes that serve HTTP. */
@Module({
  imports: [BudgetsModule],
  controllers: [BudgetsController],
  providers: [Webhooks, BudgetsService],
})
export class BudgetsHttpModule {}

/** For processes that work in the background. */
@Module({
  imports: [BudgetsModule, ReRatingModule],
  providers: [Webhooks, BudgetAlerts, ReRatedBudgets],
  exports: [BudgetAlerts],
})
export class BudgetsWorkerModule {}
