import { Database } from '@app/platform';
import { Injectable } from '@nestjs/common';

export interface SharedBreaker {
  position: 'closed' | 'open' | 'half_open';
  retryMs: number;
  probeMs: number;
  errorCode: string | null;
}

/** A probe whose worker did not renew it for this long is lost, and another one may be made. */
const PROBE_LEASE = `interval '15 seconds'`;

/** Doubles with each opening in a row, up to a minute. */
const pauseAfter = (openings: string): string =>
  `least(60000, $2 * power(2, least(${openings}, 10))) * interval '1 millisecond'`;

const ms = (column: string): string => `greatest(0, ceil(extract(epoch FROM ${column} - now()) * 1000))::integer`;

/** The circuit breaker that all workers share, by the database's clock. Each change names what it expects, so only one of several happens. */
@Injectable()
export class UpstreamBreakersRepository {
  constructor(private readonly database: Database) {}

  /** Undefined: it never opened. */
  async current(upstream: string): Promise<SharedBreaker | undefined> {
    const [row] = await this.database.query<SharedBreaker>(
      `SELECT state AS position, CASE WHEN state = 'open' THEN ${ms('retry_at')} ELSE 0 END AS "retryMs",
         CASE WHEN state = 'half_open' THEN ${ms('probe_until')} ELSE 0 END AS "probeMs", error_code AS "errorCode"
       FROM upstream_breakers WHERE upstream = $1`,
      [upstream],
    );
    return row;
  }

  /** @returns false when it was not closed: then somebody else has opened it */
  async open(upstream: string, cooldownMs: number, errorCode: string): Promise<boolean> {
    const rows = await this.database.query(
      `INSERT INTO upstream_breakers AS b (upstream, state, openings, retry_at, error_code)
       VALUES ($1, 'open', 1, now() + ${pauseAfter('0')}, $3)
       ON CONFLICT (upstream) DO UPDATE SET state = 'open', openings = b.openings + 1, retry_at = now() + ${pauseAfter('b.openings')},
         error_code = $3, changed_at = now()
       WHERE b.state = 'closed' RETURNING upstream`,
      [upstream, cooldownMs, errorCode],
    );
    return rows.length > 0;
  }

  /** Makes the caller's next call the one probe. Null when it is not time, or somebody else's probe is under way. */
  async claimProbe(upstream: string): Promise<number | null> {
    const [row] = await this.database.query<{ token: number }>(
      `UPDATE upstream_breakers SET state = 'half_open', probe_token = probe_token + 1, probe_until = now() + ${PROBE_LEASE}, changed_at = now()
       WHERE upstream = $1 AND ((state = 'open' AND retry_at <= now()) OR (state = 'half_open' AND probe_until <= now()))
       RETURNING probe_token AS token`,
      [upstream],
    );
    return row?.token ?? null;
  }

  async renewProbe(upstream: string, token: number): Promise<void> {
    await this.database.query(
      `UPDATE upstream_breakers SET probe_until = now() + ${PROBE_LEASE} WHERE upstream = $1 AND state = 'half_open' AND probe_token = $2`,
      [upstream, token],
    );
  }

  async closeByProbe(upstream: string, token: number): Promise<boolean> {
    const rows = await this.database.query(
      `UPDATE upstream_breakers SET state = 'closed', openings = 0, error_code = NULL, changed_at = now()
       WHERE upstream = $1 AND state = 'half_open' AND probe_token = $2 RETURNING upstream`,
      [upstream, token],
    );
    return rows.length > 0;
  }

  /** The probe failed: a longer pause. */
  async reopen(upstream: string, cooldownMs: number, errorCode: string, token: number): Promise<void> {
    await this.database.query(
      `UPDATE upstream_breakers SET state = 'open', openings = openings + 1, retry_at = now() + ${pauseAfter('openings')}, error_code = $3,
         changed_at = now()
       WHERE upstream = $1 AND state = 'half_open' AND probe_token = $4`,
      [upstream, cooldownMs, errorCode, token],
    );
  }

  /** The probe was stopped from our side and tells nothing: another one may be made at once. */
  async giveBackProbe(upstream: string, token: number): Promise<void> {
    await this.database.query(
      `UPDATE upstream_breakers SET state = 'open', retry_at = now(), changed_at = now()
       WHERE upstream = $1 AND state = 'half_open' AND probe_token = $2`,
      [upstream, token],
    );
  }
}
