import { Injectable } from '@nestjs/common';

/** What a batch of a re-rating adds to the costs of one workspace, user and persona in a quarter of an hour. */
export interface CostDelta {
  workspaceId: number;
  userId: number;
  personaId: number;
  /** The beginning of the quarter of an hour in which the calls started: days begin at a full quarter in every time zone. */
  quarter: Date;
  /** Negative when the calls became cheaper. A call without a cost counts as 0 here. */
  costDeltaUsdMicros: number;
  /** Calls that have lost their price, less those that have got one. */
  unpricedCallsDelta: number;
}

export interface ReRatedListener {
  /**
   * Runs in the transaction of the batch: what it writes is kept exactly when the new costs are. The batch holds its rows meanwhile, so it
   * should take milliseconds. When it throws, the batch is rolled back and tried again later.
   */
  onRerated(deltas: readonly CostDelta[]): Promise<void>;
}

/** Who keeps sums of costs is told here when costs of the past change. */
@Injectable()
export class ReRatedListeners {
  private readonly listeners: ReRatedListener[] = [];

  add(listener: ReRatedListener): void {
    this.listeners.push(listener);
  }

  async tell(deltas: readonly CostDelta[]): Promise<void> {
    if (deltas.length === 0) return;
    // One after the other: they share the batch's connection, and the order of their locks.
    for (const listener of this.listeners) await listener.onRerated(deltas);
  }
}
