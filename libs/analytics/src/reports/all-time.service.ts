import { Injectable } from '@nestjs/common';
import { FiguresRepository } from '../persistence/figures.repository';
import type { Group, Selection } from '../persistence/figures.sql';
import type { Figures, Measure } from '../persistence/measures';
import { SnapshotRepository } from '../persistence/snapshot.repository';
import { noFigures } from './sum-source';

/** Before the first call and after the last one there can be: no clock decides what belongs to it. */
const ALL_TIME = { from: Date.UTC(2000, 0, 1), to: Date.UTC(2200, 0, 1) };

/** Sums of all that the ledger has. */
@Injectable()
export class AllTimeFigures {
  constructor(
    private readonly figures: FiguresRepository,
    private readonly snapshots: SnapshotRepository,
  ) {}

  async sums<M extends Measure>(selection: Selection, measures: readonly M[]): Promise<Figures<M>> {
    return (await this.byGroup(selection, null, measures)).get(null) ?? noFigures(measures);
  }

  /** By the name of the group. */
  async byGroup<M extends Measure>(
    selection: Selection,
    group: Group | null,
    measures: readonly M[],
  ): Promise<Map<string | null, Figures<M>>> {
    return this.snapshots.read(async () => {
      const state = await this.snapshots.state(ALL_TIME);
      const found = await this.figures.sums([ALL_TIME], state, { selection, group }, measures);
      return found.get(0) ?? new Map<string | null, Figures<M>>();
    });
  }
}
