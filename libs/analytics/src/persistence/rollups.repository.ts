import { Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import {
  ACTIVITY_CHAINS,
  ACTIVITY_HOURS,
  CONVERSATION_DAY,
  CONVERSATION_HOURS,
  CONVERSATION_MONTH,
} from './conversation-rollup.sql';
import { DAYS, ERROR_HOURS, HOURS, MONTHS, PERSONA_HOURS, QUARTERS } from './rollup.sql';

/** How young calls may be that are summed up; more than five minutes, so that changes of those are marked. */
const LAG = '30 minutes';

/** Writes the sums of the ledger. One at a time works; others find `false`. */
@Injectable()
export class RollupsRepository {
  constructor(private readonly database: Database) {}

  /** Takes the hours that have ended into account: marks them, for the first time. */
  async moveFrontier(): Promise<void> {
    await this.database.query(
      `WITH former AS (SELECT frontier FROM rollup_state WHERE id = 1 FOR UPDATE SKIP LOCKED),
       moved AS (
         UPDATE rollup_state s SET frontier = date_trunc('hour', now() - interval '${LAG}', 'UTC'), moved_by = pg_current_xact_id()
         FROM former WHERE s.frontier < date_trunc('hour', now() - interval '${LAG}', 'UTC')
         RETURNING former.frontier AS since, s.frontier AS until
       )
       INSERT INTO rollup_marks (bucket) SELECT generate_series(since, until - interval '1 hour', '1 hour') FROM moved`,
    );
  }

  /** Sums one marked day up anew, the latest first. @returns false when there was none, or somebody else is at it */
  async rebuildDay(): Promise<boolean> {
    return this.exclusively(async () => {
      const [marked] = await this.database.query<{ day: Date; next: Date; isOver: boolean; isMonthOver: boolean }>(
        `WITH latest AS (
           SELECT date_trunc('day', max(bucket), 'UTC') AS day FROM rollup_marks
           WHERE NOT is_month AND bucket < (SELECT frontier FROM rollup_state)
         )
         SELECT day, day + interval '1 day' AS next, day + interval '1 day' <= frontier AS "isOver",
           date_add(date_trunc('month', day, 'UTC'), '1 month', 'UTC') <= frontier AS "isMonthOver"
         FROM latest, rollup_state WHERE day IS NOT NULL`,
      );
      if (marked === undefined) return false;
      const { day, next } = marked;
      // Before anything is read: what is changed after this leaves a mark that stays.
      const taken = await this.database.query<{ bucket: Date }>(
        `DELETE FROM rollup_marks WHERE NOT is_month AND bucket >= $1 AND bucket < $2 AND bucket < (SELECT frontier FROM rollup_state)
         RETURNING bucket`,
        [day, next],
      );
      const hours = [...new Set(taken.map(({ bucket }) => bucket.getTime()))].map((time) => new Date(time));
      await this.rebuildHours(hours, day, next);
      if (marked.isOver) await this.rebuildWhole(2, [...DAYS, CONVERSATION_DAY], day, next);
      if (marked.isMonthOver) await this.markMonth(day);
      return true;
    });
  }

  /** Sums up anew one month whose days are up to date. */
  async rebuildMonth(): Promise<boolean> {
    return this.exclusively(async () => {
      const [month] = await this.database.query<{ from: Date; to: Date }>(
        `DELETE FROM rollup_marks WHERE id = (
           SELECT m.id FROM rollup_marks m WHERE m.is_month AND NOT EXISTS (
             SELECT FROM rollup_marks h WHERE NOT h.is_month AND h.bucket >= m.bucket AND h.bucket < date_add(m.bucket, '1 month', 'UTC')
           ) ORDER BY m.bucket DESC LIMIT 1
         ) RETURNING bucket AS from, date_add(bucket, '1 month', 'UTC') AS to`,
      );
      if (month === undefined) return false;
      await this.rebuildWhole(3, [...MONTHS, CONVERSATION_MONTH], month.from, month.to);
      return true;
    });
  }

  private async rebuildHours(hours: Date[], day: Date, next: Date): Promise<void> {
    await this.database.query(
      'DELETE FROM usage_rollups WHERE cube IN (1, 2, 4, 5) AND grain = 1 AND bucket = ANY ($1)',
      [hours],
    );
    await this.database.query(
      `DELETE FROM usage_rollups WHERE cube = 4 AND grain = 4 AND bucket >= $2 AND bucket < $3
         AND date_trunc('hour', bucket, 'UTC') = ANY ($1::timestamptz[])`,
      [hours, day, next],
    );
    await this.database.query(PERSONA_HOURS, [hours, day, next]);
    for (const statement of HOURS) await this.database.query(statement, [hours]);
    await this.database.query(QUARTERS, [hours, day, next]);
    await this.database.query('DELETE FROM error_rollups WHERE bucket = ANY ($1)', [hours]);
    await this.database.query(ERROR_HOURS, [hours, day, next]);
    await this.rebuildActivity(hours, day, next);
    await this.rebuildConversations(hours, day, next);
  }

  private async rebuildActivity(hours: Date[], day: Date, next: Date): Promise<void> {
    const conversations = `SELECT DISTINCT conversation_id AS id FROM conversation_activity
      WHERE bucket >= $2 AND bucket < $3 AND date_trunc('hour', bucket, 'UTC') = ANY ($1::timestamptz[])`;
    const range = [hours, day, next];
    const before = await this.database.query<{ id: number }>(conversations, range);
    await this.database.query(
      `DELETE FROM conversation_activity
       WHERE bucket >= $2 AND bucket < $3 AND date_trunc('hour', bucket, 'UTC') = ANY ($1::timestamptz[])`,
      range,
    );
    await this.database.query(ACTIVITY_HOURS, range);
    const after = await this.database.query<{ id: number }>(conversations, range);
    await this.database.query(ACTIVITY_CHAINS, [[...new Set([...before, ...after].map(({ id }) => id))], hours]);
  }

  private async rebuildConversations(hours: Date[], day: Date, next: Date): Promise<void> {
    await this.database.query(
      `DELETE FROM conversation_rollups
       WHERE cube IN (1, 2, 3) AND grain IN (1, 4) AND bucket >= $2 AND bucket < $3 AND date_trunc('hour', bucket, 'UTC') = ANY ($1::timestamptz[])`,
      [hours, day, next],
    );
    await this.database.query(CONVERSATION_HOURS, [hours, day, next]);
  }

  private async rebuildWhole(grain: 2 | 3, statements: readonly string[], from: Date, to: Date): Promise<void> {
    await this.database.query(
      'DELETE FROM usage_rollups WHERE cube IN (1, 2, 3, 4, 5, 6, 7) AND grain = $1 AND bucket = $2',
      [grain, from],
    );
    await this.database.query(
      'DELETE FROM conversation_rollups WHERE cube IN (1, 2, 3, 4, 5, 6) AND grain = $1 AND bucket = $2',
      [grain, from],
    );
    for (const statement of statements) await this.database.query(statement, [from, to]);
  }

  private async markMonth(day: Date): Promise<void> {
    await this.database.query(
      `INSERT INTO rollup_marks (is_month, bucket)
       SELECT true, month FROM (SELECT date_trunc('month', $1::timestamptz, 'UTC') AS month) AS of_day
       WHERE NOT EXISTS (SELECT FROM rollup_marks WHERE is_month AND bucket = month)`,
      [day],
    );
  }

  /**
   * Alone, and only when every transaction has ended that may have changed a call before the frontier without knowing that it should leave a mark:
   * until then what it changed cannot be seen, so nothing may be called summed up.
   */
  private exclusively(work: () => Promise<boolean>): Promise<boolean> {
    return this.database.transaction(async () => {
      // Compiling such statements takes longer than running them.
      await this.database.query(`SELECT set_config('jit', 'off', true)`);
      const [free] = await this.database.query<{ isSettled: boolean }>(
        `SELECT pg_snapshot_xmin(pg_current_snapshot()) > moved_by AS "isSettled" FROM rollup_state WHERE id = 1 FOR UPDATE SKIP LOCKED`,
      );
      return free?.isSettled === true ? work() : false;
    });
  }
}
