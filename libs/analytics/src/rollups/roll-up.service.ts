import { Injectable } from '@nestjs/common';
import { RollupsRepository } from '../persistence/rollups.repository';

/** Below the minute after which the job comes again. */
const BUDGET_MS = 50_000;

/** Keeps the sums of the ledger up to date. Losing or doubling a run is harmless: what is not summed up is read from the ledger. */
@Injectable()
export class RollUpService {
  constructor(private readonly rollups: RollupsRepository) {}

  /** Sums up what has been marked, for at most `budgetMs`, then what is left waits for the next run. */
  async run(budgetMs = BUDGET_MS): Promise<void> {
    const until = performance.now() + budgetMs;
    await this.rollups.moveFrontier();
    while (performance.now() < until) {
      if ((await this.rollups.rebuildDay()) || (await this.rollups.rebuildMonth())) continue;
      return;
    }
  }
}
