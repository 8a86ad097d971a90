import {
  AppConfig,
  decodeCursor,
  EventsBus,
  JobQueue,
  type Page,
  type Principal,
  SeldomLog,
  toPage,
} from '@app/platform';
import { Injectable } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import { type PriceChange, PriceChangesRepository } from './persistence/price-changes.repository';
import { ReRatingsRepository } from './persistence/re-ratings.repository';
import { reRatingNotFound, requirePriceAdmin } from './price.errors';
import type { ReRating, ReRatingCause, ReRatingScope } from './re-rating';

/** What the clean-up of abandoned calls gives a call beyond its time-out and its worker's lease; see apps/worker/src/housekeeping.ts. */
const ABANDONED_MS = 300_000;
/** From a change to its commit, and from a rating to its. */
const SLACK_MS = 2000;
/** A price that holds from a little later on concerns no call yet, whatever the clocks of workers say. */
const CLOCK_SKEW_MS = 60_000;

/** A re-rating with the changes of prices that it was made for. */
export type ReRatingWithChanges = ReRating & { changes: PriceChange[] };

/** Orders re-ratings and tells what became of them; `ReRater` does them. */
@Injectable()
export class ReRatingsService {
  private readonly trouble: SeldomLog;

  constructor(
    private readonly reRatings: ReRatingsRepository,
    private readonly changes: PriceChangesRepository,
    private readonly queue: JobQueue,
    private readonly events: EventsBus,
    private readonly config: AppConfig,
    logger: PinoLogger,
  ) {
    this.trouble = new SeldomLog(logger, 'a re-rating could not be started at once; it will be within a minute');
  }

  /**
   * Inside the transaction of the change that it is for; `announce` must follow its commit.
   * @returns null when no call can be concerned: nothing to do
   */
  async order(
    principal: Principal,
    cause: ReRatingCause,
    reason: string | null,
    scopes: readonly ReRatingScope[],
  ): Promise<number | null> {
    const latest = new Date(Date.now() + CLOCK_SKEW_MS).toISOString();
    const begun = scopes.filter(({ from, to }) => from < latest && (to === null || to > from));
    if (begun.length === 0) return null;
    const { openai, engine, limits } = this.config;
    return this.reRatings.create({
      cause,
      reason,
      requestedBy: principal.userId,
      scopes: begun,
      longestCallMs: openai.totalTimeoutMs + engine.leaseMs + ABANDONED_MS,
      knownAfterMs: limits.priceCacheSeconds * 1000 + SLACK_MS,
    });
  }

  /** After the commit: every process learns that prices have changed, and a worker that there is something to do. Never fails. */
  announce(reRatingId: number | null): void {
    this.events.publish({ type: 'prices.changed' });
    if (reRatingId === null) return;
    this.queue
      .add('prices.re-rate', {}, { dedupeKey: 'prices.re-rate' })
      .catch((error: unknown) => this.trouble.warn(error));
  }

  /** By hand, for calls of a time. @param models names that prices are looked up by; none: all */
  async request(
    principal: Principal,
    { from, to, models, reason }: { from: Date; to: Date | null; models: readonly string[]; reason: string | null },
  ): Promise<ReRatingWithChanges> {
    requirePriceAdmin(principal);
    const range = { provider: null, from: from.toISOString(), to: to?.toISOString() ?? null };
    const scopes = models.length === 0 ? [{ ...range, model: null }] : models.map((model) => ({ ...range, model }));
    const id = await this.order(principal, 'requested', reason, scopes);
    if (id === null) throw new Error('The range was checked before.');
    this.announce(id);
    return this.get(principal, id);
  }

  async get(principal: Principal, id: number): Promise<ReRatingWithChanges> {
    requirePriceAdmin(principal);
    const run = await this.reRatings.find(id);
    if (run === undefined) throw reRatingNotFound(id);
    return { ...run, changes: await this.changes.ofReRatings([id]) };
  }

  /** The newest first. */
  async list(principal: Principal, limit: number, cursor: string | undefined): Promise<Page<ReRatingWithChanges>> {
    requirePriceAdmin(principal);
    const found = await this.reRatings.list(limit + 1, cursor === undefined ? null : decodeCursor(cursor));
    const changes = await this.changes.ofReRatings(found.map(({ id }) => id));
    const withChanges = found.map((run) => ({
      ...run,
      changes: changes.filter(({ reRatingId }) => reRatingId === run.id),
    }));
    return toPage(withChanges, limit, ({ id }) => id);
  }
}
