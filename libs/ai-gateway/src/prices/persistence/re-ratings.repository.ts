import { Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import type { ReRating, ReRatingCause, ReRatingPart, ReRatingScope } from '../re-rating';
import type { CallCursor } from './rated-calls.repository';

export interface NewReRating {
  cause: ReRatingCause;
  reason: string | null;
  requestedBy: number | null;
  scopes: ReRatingScope[];
  /** Calls that started so long ago are over. */
  longestCallMs: number;
  /** After so long every process knows the prices of now. */
  knownAfterMs: number;
}

/** A re-rating that is worked on, and what only the work needs. */
export interface ReRatingWork extends ReRating {
  /** Null at the beginning of a part. */
  cursor: CallCursor | null;
  /** ISO: no call that started earlier can have ended with an old price after the change. */
  settleFrom: string;
  settleAfter: string;
  isKnown: boolean;
  isLeasedByAnother: boolean;
}

type FlatWork = Omit<ReRatingWork, 'cursor'> & { lastStartedAt: string | null; lastId: number };

const COLUMNS = `id, status, cause, reason, requested_by AS "requestedBy", scopes, parts, part_index AS "partIndex", by_model AS "byModel",
  calls_looked_at AS "callsLookedAt", calls_changed AS "callsChanged", calls_newly_priced AS "callsNewlyPriced",
  calls_newly_unpriced AS "callsNewlyUnpriced", cost_before_usd_micros AS "costBeforeUsdMicros",
  cost_after_usd_micros AS "costAfterUsdMicros", created_at AS "createdAt", started_at AS "startedAt", finished_at AS "finishedAt"`;

const ISO = `'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'`;

@Injectable()
export class ReRatingsRepository {
  constructor(private readonly database: Database) {}

  async create(run: NewReRating): Promise<number> {
    const [row] = await this.database.query<{ id: number }>(
      `INSERT INTO re_ratings (cause, reason, requested_by, scopes, settle_from, settle_after)
       VALUES ($1, $2, $3, $4, clock_timestamp() - $5 * interval '1 millisecond', clock_timestamp() + $6 * interval '1 millisecond')
       RETURNING id`,
      [run.cause, run.reason, run.requestedBy, JSON.stringify(run.scopes), run.longestCallMs, run.knownAfterMs],
    );
    return row!.id;
  }

  async find(id: number): Promise<ReRating | undefined> {
    const [run] = await this.database.query<ReRating>(`SELECT ${COLUMNS} FROM re_ratings WHERE id = $1`, [id]);
    return run;
  }

  /** The newest first. */
  async list(limit: number, beforeId: number | null): Promise<ReRating[]> {
    return this.database.query<ReRating>(
      `SELECT ${COLUMNS} FROM re_ratings WHERE $1::bigint IS NULL OR id < $1 ORDER BY id DESC LIMIT $2`,
      [beforeId, limit],
    );
  }

  /** Whether this transaction may write costs now; only one can at a time, so that batches never wait for each other's rows. */
  async tryLock(): Promise<boolean> {
    const [row] = await this.database.query<{ isLocked: boolean }>(
      `SELECT pg_try_advisory_xact_lock(hashtext('parley.re-rating')) AS "isLocked"`,
    );
    return row!.isLocked;
  }

  /** The oldest one that has something to do now. Whoever asks must hold the lock. */
  async nextDue(worker: string): Promise<ReRatingWork | undefined> {
    const [row] = await this.database.query<FlatWork>(
      `SELECT ${COLUMNS}, last_started_at::text AS "lastStartedAt", last_id AS "lastId",
         to_char(settle_from AT TIME ZONE 'UTC', ${ISO}) AS "settleFrom", to_char(settle_after AT TIME ZONE 'UTC', ${ISO}) AS "settleAfter",
         settle_after <= now() AS "isKnown", coalesce(leased_by <> $1::uuid AND leased_until > now(), false) AS "isLeasedByAnother"
       FROM re_ratings WHERE finished_at IS NULL AND next_at <= now() ORDER BY id LIMIT 1`,
      [worker],
    );
    if (row === undefined) return undefined;
    const { lastStartedAt, lastId, ...work } = row;
    return { ...work, cursor: lastStartedAt === null ? null : { startedAt: lastStartedAt, id: lastId } };
  }

  /** How long until one of them has something to do, in milliseconds; null when all are completed. */
  async msUntilNext(): Promise<number | null> {
    const [row] = await this.database.query<{ ms: number | null }>(
      `SELECT (extract(epoch FROM min(next_at) - now()) * 1000)::float8 AS ms FROM re_ratings WHERE finished_at IS NULL`,
    );
    const { ms } = row!;
    return ms === null ? null : Math.max(0, ms);
  }

  /** What is to be gone through, from the beginning; apart from `save`, because it can be long. */
  async saveParts(id: number, parts: readonly ReRatingPart[] | null): Promise<void> {
    await this.database.query(`UPDATE re_ratings SET parts = $2 WHERE id = $1`, [
      id,
      parts === null ? null : JSON.stringify(parts),
    ]);
  }

  /** Writes down how far it has come, and keeps it for this worker. @param nextInMs nothing is to be done before */
  async save(work: ReRatingWork, worker: string, leaseMs: number, nextInMs = 0): Promise<void> {
    await this.database.query(
      `UPDATE re_ratings SET status = $2::varchar, part_index = $3, last_started_at = $4::timestamptz, last_id = $5,
         calls_looked_at = $6, calls_changed = $7, calls_newly_priced = $8, calls_newly_unpriced = $9, cost_before_usd_micros = $10,
         cost_after_usd_micros = $11, by_model = $12, started_at = coalesce(started_at, now()),
         finished_at = CASE WHEN $2::varchar = 'completed' THEN clock_timestamp() END, leased_by = $13::uuid,
         leased_until = now() + $14 * interval '1 millisecond', next_at = now() + $15 * interval '1 millisecond'
       WHERE id = $1`,
      [
        work.id,
        work.status,
        work.partIndex,
        work.cursor?.startedAt ?? null,
        work.cursor?.id ?? 0,
        work.callsLookedAt,
        work.callsChanged,
        work.callsNewlyPriced,
        work.callsNewlyUnpriced,
        work.costBeforeUsdMicros,
        work.costAfterUsdMicros,
        JSON.stringify(work.byModel),
        worker,
        leaseMs,
        nextInMs,
      ],
    );
  }

  /** Lets others go on with what this worker was at. */
  async release(worker: string): Promise<void> {
    await this.database.query(
      `UPDATE re_ratings SET leased_until = NULL WHERE finished_at IS NULL AND leased_by = $1::uuid`,
      [worker],
    );
  }
}
