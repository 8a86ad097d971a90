import { Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import type { RateLimits, RateWindow } from '../provider';

export interface SharedLimit {
  model: string;
  /** 0 when it is not held back. */
  heldMs: number;
  limits: RateLimits;
}

/** `waitMs` of who got nothing: until more may be left. */
export type Reservation = { isGranted: true } | { isGranted: false; waitMs: number };

interface ReservationRow {
  is_granted: boolean;
  held_ms: number;
  requests_ms: number | null;
  tokens_ms: number | null;
}

/** After this everything that was reserved has been counted by the upstream, so what it announces is the whole truth again. */
const SETTLED_AFTER = `interval '2 seconds'`;
/** A window that has ended starts again with the next reservation; how long it is, the first answer says. OpenAI's are minutes. */
const NEXT_WINDOW = `interval '1 minute'`;
/** Rows of limits that nobody announced for so long say nothing. */
const FORGOTTEN_AFTER = `interval '10 minutes'`;
/** When what was asked for is more than is left, and no time is known. */
const UNKNOWN_WAIT_MS = 1000;

const left = (name: string): string =>
  `CASE WHEN l.${name}_reset_at <= now() THEN l.${name}_limit ELSE l.${name}_remaining END`;

/** A call larger than the whole limit may go when everything is there; else it would wait for ever. */
const price = (name: string): string => (name === 'tokens' ? `least($3::bigint, l.tokens_limit)` : '1');

const spent = (name: string): string => `
  ${name}_remaining = ${left(name)} - ${price(name)},
  ${name}_reset_at = CASE WHEN l.${name}_reset_at <= now() AND l.${name}_limit IS NOT NULL THEN now() + ${NEXT_WINDOW} ELSE l.${name}_reset_at END`;

const hasEnough = (name: string): string =>
  `(l.${name}_remaining IS NULL OR ${left(name)} IS NULL OR ${left(name)} >= ${price(name)})`;

const msUntil = (column: string): string =>
  `greatest(0, least(ceil(extract(epoch FROM ${column} - now()) * 1000), 2147483647))::integer`;

/**
 * How an announcement meets what is written down already. One whose window has ended only brings the calls under way: the row knows better
 * what came after. `underWay`: of the announcing process, taken off in every case.
 */
const merged = (name: string, underWay: string): string => `
  ${name}_limit = coalesce(excluded.${name}_limit, l.${name}_limit),
  ${name}_remaining = CASE WHEN excluded.${name}_remaining IS NULL THEN l.${name}_remaining
    WHEN l.${name}_remaining IS NULL THEN excluded.${name}_remaining
    WHEN excluded.${name}_reset_at <= now() THEN l.${name}_remaining - ${underWay}
    WHEN l.${name}_reset_at <= now() OR l.touched_at < now() - ${SETTLED_AFTER} THEN excluded.${name}_remaining
    ELSE least(l.${name}_remaining, excluded.${name}_remaining + ${underWay}) - ${underWay} END,
  ${name}_reset_at = CASE WHEN excluded.${name}_remaining IS NULL OR (l.${name}_remaining IS NOT NULL AND excluded.${name}_reset_at <= now())
    THEN l.${name}_reset_at ELSE excluded.${name}_reset_at END`;

/** What all workers share of the limits of the models, by the database's clock. */
@Injectable()
export class UpstreamLimitsRepository {
  constructor(private readonly database: Database) {}

  /**
   * Takes one request and its tokens out of what is left: one statement, so however many ask at once, no more are given out than there are.
   * Undefined when nobody has written down anything about the model.
   */
  async reserve(upstream: string, model: string, tokens: number): Promise<Reservation | undefined> {
    const [row] = await this.database.query<ReservationRow>(
      `WITH reserved AS (
         UPDATE upstream_limits l SET touched_at = now(), ${spent('requests')}, ${spent('tokens')}
         WHERE upstream = $1 AND model = $2 AND held_until <= now() AND ${hasEnough('requests')} AND ${hasEnough('tokens')}
         RETURNING 1
       )
       SELECT EXISTS (SELECT 1 FROM reserved) AS is_granted, ${msUntil('l.held_until')} AS held_ms,
         CASE WHEN NOT ${hasEnough('requests')} THEN ${msUntil('l.requests_reset_at')} END AS requests_ms,
         CASE WHEN NOT ${hasEnough('tokens')} THEN ${msUntil('l.tokens_reset_at')} END AS tokens_ms
       FROM upstream_limits l WHERE l.upstream = $1 AND l.model = $2`,
      [upstream, model, tokens],
    );
    if (row === undefined) return undefined;
    if (row.is_granted) return { isGranted: true };
    return {
      isGranted: false,
      waitMs: Math.max(row.held_ms, row.requests_ms ?? 0, row.tokens_ms ?? 0) || UNKNOWN_WAIT_MS,
    };
  }

  /**
   * Writes down what the upstream announced. While reservations are on their way the smaller number counts: the upstream answers calls that were
   * sent together in any order, and may not have seen them all. After a pause, and in a new window, the announcement is the whole truth.
   * A `resetMs` of 0 stands for a window that has ended.
   * @param unanswered calls of this process that the upstream may not have counted and that have no reservation
   */
  async announce(upstream: string, model: string, limits: RateLimits, unanswered = 0): Promise<void> {
    await this.database.query(
      `INSERT INTO upstream_limits AS l (upstream, model, requests_limit, requests_remaining, requests_reset_at, tokens_limit,
         tokens_remaining, tokens_reset_at, announced_at)
       VALUES ($1, $2, $3, $4::bigint - $9::bigint, now() + $5 * interval '1 millisecond', $6, $7, now() + $8 * interval '1 millisecond', now())
       ON CONFLICT (upstream, model) DO UPDATE SET announced_at = now(), touched_at = now(), 
         ${merged('requests', '$9')}, ${merged('tokens', '0')}`,
      [upstream, model, ...columns(limits.requests), ...columns(limits.tokens), unanswered],
    );
  }

  /** Nobody calls the model before this time has passed, also workers that start later. */
  async hold(upstream: string, model: string, ms: number): Promise<void> {
    await this.database.query(
      `INSERT INTO upstream_limits AS l (upstream, model, held_until) VALUES ($1, $2, now() + $3 * interval '1 millisecond')
       ON CONFLICT (upstream, model) DO UPDATE SET held_until = greatest(l.held_until, excluded.held_until)`,
      [upstream, model, ms],
    );
  }

  /** Everything that counts now. */
  async current(upstream: string): Promise<SharedLimit[]> {
    const rows = await this.database.query<{
      model: string;
      held_ms: number;
      is_known: boolean;
      requests_limit: number | null;
      requests_left: number | null;
      requests_ms: number;
      tokens_limit: number | null;
      tokens_left: number | null;
      tokens_ms: number;
    }>(
      `SELECT model, ${msUntil('held_until')} AS held_ms, announced_at > now() - ${FORGOTTEN_AFTER} AS is_known,
         requests_limit, ${left('requests')} AS requests_left, ${msUntil('requests_reset_at')} AS requests_ms,
         tokens_limit, ${left('tokens')} AS tokens_left, ${msUntil('tokens_reset_at')} AS tokens_ms
       FROM upstream_limits l WHERE upstream = $1 AND (held_until > now() OR announced_at > now() - ${FORGOTTEN_AFTER})`,
      [upstream],
    );
    return rows.map((row) => ({
      model: row.model,
      heldMs: row.held_ms,
      limits: {
        requests: row.is_known ? windowOf(row.requests_limit, row.requests_left, row.requests_ms) : null,
        tokens: row.is_known ? windowOf(row.tokens_limit, row.tokens_left, row.tokens_ms) : null,
      },
    }));
  }

  /** Removes what says nothing any more. */
  async clean(): Promise<void> {
    await this.database.query(
      `DELETE FROM upstream_limits WHERE held_until < now() - interval '1 day' AND touched_at < now() - interval '1 day'`,
    );
  }
}

const columns = (window: RateWindow | null): (number | null)[] =>
  window === null ? [null, null, 0] : [window.limit, window.remaining, window.resetMs];

const windowOf = (limit: number | null, remaining: number | null, resetMs: number): RateWindow | null =>
  remaining === null ? null : { limit, remaining: Math.max(0, remaining), resetMs };
