import { Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import type { ListedModel } from '../../provider';
import type { ModelStatus, WatchedModel } from '../judge-model';

/** The last look at the upstream's list. */
export interface ModelReading {
  readAt: Date | null;
  outcome: 'listed' | 'unsupported' | 'failed' | null;
  isComplete: boolean;
  hasShutdownDates: boolean;
  errorCode: string | null;
}

/** A model that somebody uses and should not. */
export interface StoredWarning {
  model: string;
  status: ModelStatus;
  /** YYYY-MM-DD */
  shutdownDate: string | null;
  /** How many personas name it, or follow a setting that does. */
  personas: number;
}

/** What was read of the upstream's models, and what is warned of. */
@Injectable()
export class ModelWatchRepository {
  constructor(private readonly database: Database) {}

  /**
   * Of several workers that ask at the same time one may read.
   * @param everyMs no sooner after the last good reading
   * @param retryMs no sooner after the last try
   */
  async claimReading(upstream: string, everyMs: number, retryMs: number): Promise<boolean> {
    const rows = await this.database.query(
      `INSERT INTO upstream_model_readings AS r (upstream, tried_at) VALUES ($1, now())
       ON CONFLICT (upstream) DO UPDATE SET tried_at = now()
       WHERE r.tried_at <= now() - $3 * interval '1 millisecond'
         AND (r.read_at IS NULL OR r.read_at <= now() - $2 * interval '1 millisecond')
       RETURNING upstream`,
      [upstream, everyMs, retryMs],
    );
    return rows.length > 0;
  }

  async reading(upstream: string): Promise<ModelReading | undefined> {
    const [row] = await this.database.query<ModelReading>(
      `SELECT read_at AS "readAt", outcome, is_complete AS "isComplete", has_shutdown_dates AS "hasShutdownDates", error_code AS "errorCode"
       FROM upstream_model_readings WHERE upstream = $1`,
      [upstream],
    );
    return row;
  }

  /** Models that are not in the list any more stay, marked as gone, unless the list is known to leave some out. */
  async store(
    upstream: string,
    list: { models: readonly ListedModel[]; isComplete: boolean; hasShutdownDates: boolean },
  ): Promise<void> {
    const models = [...new Map(list.models.map((model) => [model.id, model])).values()];
    await this.database.transaction(async () => {
      await this.database.query(
        `INSERT INTO upstream_models AS m (upstream, model, shutdown_date)
         SELECT $1, model, shutdown_date FROM unnest($2::text[], $3::date[]) AS listed (model, shutdown_date)
         ON CONFLICT (upstream, model) DO UPDATE
           SET shutdown_date = coalesce(excluded.shutdown_date, CASE WHEN $4::boolean THEN NULL ELSE m.shutdown_date END),
             last_seen_at = now(), is_gone = false`,
        [upstream, models.map(({ id }) => id), models.map(({ shutdownDate }) => shutdownDate), list.hasShutdownDates],
      );
      if (list.isComplete) {
        await this.database.query(
          `UPDATE upstream_models SET is_gone = true WHERE upstream = $1 AND NOT is_gone AND model <> ALL ($2::text[])`,
          [upstream, models.map(({ id }) => id)],
        );
      }
      await this.database.query(
        `UPDATE upstream_model_readings SET read_at = now(), outcome = 'listed', is_complete = $2, has_shutdown_dates = $3, error_code = NULL
         WHERE upstream = $1`,
        [upstream, list.isComplete, list.hasShutdownDates],
      );
    });
  }

  /** The server has no list: what was known of it counts no more. */
  async storeUnsupported(upstream: string): Promise<void> {
    await this.database.query(
      `UPDATE upstream_model_readings SET read_at = now(), outcome = 'unsupported', is_complete = false, has_shutdown_dates = false,
         error_code = NULL WHERE upstream = $1`,
      [upstream],
    );
  }

  /** What was read before stays. */
  async storeFailure(upstream: string, errorCode: string): Promise<void> {
    await this.database.query(
      `UPDATE upstream_model_readings SET outcome = 'failed', error_code = $2 WHERE upstream = $1`,
      [upstream, errorCode],
    );
  }

  models(upstream: string): Promise<WatchedModel[]> {
    return this.database.query<WatchedModel>(
      `SELECT model, shutdown_date::text AS "shutdownDate", is_gone AS "isGone" FROM upstream_models WHERE upstream = $1`,
      [upstream],
    );
  }

  warnings(upstream: string): Promise<StoredWarning[]> {
    return this.database.query<StoredWarning>(
      `SELECT model, status, shutdown_date::text AS "shutdownDate", personas FROM model_warnings WHERE upstream = $1
       ORDER BY shutdown_date NULLS LAST, model`,
      [upstream],
    );
  }

  /** Takes the place of all warnings of this upstream. @returns those that were not logged today; they are marked as logged */
  async replaceWarnings(upstream: string, warnings: readonly StoredWarning[]): Promise<StoredWarning[]> {
    return this.database.transaction(async () => {
      await this.database.query(`DELETE FROM model_warnings WHERE upstream = $1 AND model <> ALL ($2::text[])`, [
        upstream,
        warnings.map(({ model }) => model),
      ]);
      await this.database.query(
        `INSERT INTO model_warnings AS w (upstream, model, status, shutdown_date, personas)
         SELECT $1, model, status, shutdown_date, personas
         FROM unnest($2::text[], $3::text[], $4::date[], $5::integer[]) AS found (model, status, shutdown_date, personas)
         ON CONFLICT (upstream, model) DO UPDATE
           SET status = excluded.status, shutdown_date = excluded.shutdown_date, personas = excluded.personas`,
        [
          upstream,
          warnings.map(({ model }) => model),
          warnings.map(({ status }) => status),
          warnings.map(({ shutdownDate }) => shutdownDate),
          warnings.map(({ personas }) => personas),
        ],
      );
      const unlogged = await this.database.query<{ model: string }>(
        `UPDATE model_warnings SET logged_on = current_date WHERE upstream = $1 AND logged_on IS DISTINCT FROM current_date RETURNING model`,
        [upstream],
      );
      const fresh = new Set(unlogged.map(({ model }) => model));
      return warnings.filter(({ model }) => fresh.has(model));
    });
  }
}
