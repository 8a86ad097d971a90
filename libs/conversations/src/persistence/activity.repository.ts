import { Database } from '@app/platform';
import { Injectable } from '@nestjs/common';

export interface Activity {
  /** Messages that wait for their answer, or are being answered. */
  openTurns: number;
  /** Answers that the latencies are of. */
  answers: number;
  /** From message to answer, in milliseconds; null when there was none. */
  p50Ms: number | null;
  p95Ms: number | null;
}

/** Latencies are those of the last minutes, and of so many turns at most: the newest by their number, so that no index on a time is needed. */
export const LATENCY_WINDOW_MINUTES = 5;
const LATENCY_TURNS = 1000;

@Injectable()
export class ActivityRepository {
  constructor(private readonly database: Database) {}

  async now(): Promise<Activity> {
    const [open] = await this.database.query<{ count: number }>(
      'SELECT count(*) AS count FROM turns WHERE finished_at IS NULL',
    );
    const [latency] = await this.database.query<Omit<Activity, 'openTurns'>>(
      `SELECT count(*) AS answers, round(percentile_cont(0.5) WITHIN GROUP (ORDER BY ms))::integer AS "p50Ms",
         round(percentile_cont(0.95) WITHIN GROUP (ORDER BY ms))::integer AS "p95Ms"
       FROM (
         SELECT status, created_at, extract(epoch FROM finished_at - created_at)::double precision * 1000 AS ms FROM turns ORDER BY id DESC LIMIT ${LATENCY_TURNS}
       ) AS newest WHERE status = 'completed' AND created_at > now() - interval '${LATENCY_WINDOW_MINUTES} minutes'`,
    );
    return { openTurns: open!.count, ...latency! };
  }
}
