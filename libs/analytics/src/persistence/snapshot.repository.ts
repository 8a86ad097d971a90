import { Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { type RollupState, monthStart } from '../rollups/segments';
import type { Point } from '../time/points';

/** One moment of the ledger and its sums, for all statements of a report: so they add up whatever is written meanwhile. */
@Injectable()
export class SnapshotRepository {
  constructor(private readonly database: Database) {}

  /** Runs `work` on one snapshot, which only reads. */
  async read<T>(work: () => Promise<T>): Promise<T> {
    return this.database.transaction(async () => {
      await this.database.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY');
      // The best plan depends on the range and on whose calls are asked for; and compiling it takes longer than running it.
      await this.database.query(
        `SELECT set_config('plan_cache_mode', 'force_custom_plan', true), set_config('jit', 'off', true), set_config('work_mem', '32MB', true)`,
      );
      return work();
    });
  }

  /** What is summed up around a range. */
  async state(range: Point): Promise<RollupState> {
    const [row] = await this.database.query<{ frontier: Date; hours: Date[] | null; months: Date[] | null }>(
      `SELECT frontier, array_agg(DISTINCT bucket) FILTER (WHERE NOT is_month) AS hours,
         array_agg(DISTINCT bucket) FILTER (WHERE is_month) AS months
       FROM rollup_state LEFT JOIN rollup_marks ON bucket >= $1 AND bucket < $2 GROUP BY frontier`,
      [new Date(monthStart(range.from, 0)), new Date(monthStart(range.to, 1))],
    );
    const times = (dates: Date[] | null): Set<number> => new Set((dates ?? []).map((date) => date.getTime()));
    return { frontier: row!.frontier.getTime(), markedHours: times(row!.hours), markedMonths: times(row!.months) };
  }
}
