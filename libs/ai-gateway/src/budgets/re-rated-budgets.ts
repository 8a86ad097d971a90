import { Injectable, type OnModuleInit } from '@nestjs/common';
import { type CostDelta, ReRatedListeners } from '../prices';
import { BudgetUpkeepRepository } from './persistence/budget-upkeep.repository';

/** Budgets in dollars follow when costs of the past change. */
@Injectable()
export class ReRatedBudgets implements OnModuleInit {
  constructor(
    private readonly listeners: ReRatedListeners,
    private readonly upkeep: BudgetUpkeepRepository,
  ) {}

  onModuleInit(): void {
    this.listeners.add({ onRerated: (deltas) => this.follow(deltas) });
  }

  private async follow(deltas: readonly CostDelta[]): Promise<void> {
    const changed = deltas.filter(({ costDeltaUsdMicros }) => costDeltaUsdMicros !== 0);
    if (changed.length > 0) await this.upkeep.addCosts(changed);
  }
}
