import { AuthModule } from '@app/auth';
import { ConversationsModule } from '@app/conversations';
import { Module } from '@nestjs/common';
import { BacktestService } from './backtest/backtest.service';
import { EscalationEvaluator } from './escalation-evaluator';
import { EscalationRules } from './escalation-rules';
import { BacktestController } from './http/backtest.controller';
import { RulesController } from './http/rules.controller';
import { EscalationRulesRepository } from './persistence/escalation-rules.repository';
import { RulesService } from './rules.service';

/** When people take over. */
@Module({
  providers: [EscalationRulesRepository, EscalationRules, EscalationEvaluator],
  exports: [EscalationRulesRepository, EscalationRules, EscalationEvaluator],
})
export class RulesModule {}

/** For processes that serve HTTP. */
@Module({
  imports: [RulesModule, AuthModule, ConversationsModule],
  controllers: [RulesController, BacktestController],
  providers: [RulesService, BacktestService],
})
export class RulesHttpModule {}
