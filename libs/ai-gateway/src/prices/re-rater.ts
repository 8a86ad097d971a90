import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import { PricesRepository } from './persistence/prices.repository';
import { RatedCallsRepository } from './persistence/rated-calls.repository';
import { ReRatingsRepository, type ReRatingWork } from './persistence/re-ratings.repository';
import { PriceList } from './price-list';
import { addCounts } from './re-rating';
import { partsOf } from './re-rating-parts';
import { addByModel, countsOf, deltasOf, isChanged, type ReRatedCall } from './re-rating-tally';
import { ReRatedListeners } from './re-rated-listeners';

/** A transaction of so many calls takes some tens of milliseconds; nobody else writes closed calls, so nobody waits for it. */
const BATCH_CALLS = 1000;
/** Models that nearly nobody asked for are gone through together. */
const BATCH_PARTS = 20;
/** Who is killed keeps others from its work for so long. */
const LEASE_MS = 15_000;
/** A call with the old price may still be running: when to look again. */
const LOOK_AGAIN_MS = 1000;

type Step = 'progress' | 'nothing' | 'busy';

/** Does re-ratings in short batches: each is a transaction that also keeps how far it has come, so a kill at any moment loses and doubles nothing. */
@Injectable()
export class ReRater {
  /** Says whose work it is, while this process lives. */
  private readonly worker = randomUUID();
  private isStopped = false;

  constructor(
    private readonly database: Database,
    private readonly reRatings: ReRatingsRepository,
    private readonly calls: RatedCallsRepository,
    private readonly prices: PricesRepository,
    private readonly listeners: ReRatedListeners,
    private readonly logger: PinoLogger,
  ) {}

  /**
   * Works until there is nothing to do now, or the time is over.
   * @returns when somebody should come again, in milliseconds from now; null when there is nothing left, or another process is at it
   */
  async work(forMs: number): Promise<number | null> {
    try {
      return await this.workUntil(performance.now() + forMs);
    } finally {
      // Whoever comes next may be another process.
      await this.reRatings.release(this.worker);
    }
  }

  private async workUntil(end: number): Promise<number | null> {
    while (!this.isStopped && performance.now() < end) {
      const startedAt = performance.now();
      const step = await this.database.transaction(() => this.step());
      if (step === 'busy') return null;
      if (step === 'nothing') return this.reRatings.msUntilNext();
      // Half of the time belongs to those who answer messages.
      await pause(performance.now() - startedAt);
    }
    return 0;
  }

  /** Ends the work after the batch that runs. */
  stop(): void {
    this.isStopped = true;
  }

  private async step(): Promise<Step> {
    if (!(await this.reRatings.tryLock())) return 'busy';
    const work = await this.reRatings.nextDue(this.worker);
    if (work === undefined) return 'nothing';
    if (work.isLeasedByAnother) return 'busy';
    if (work.parts !== null) return this.batch(work);
    return work.status === 'settling' ? this.settle(work) : this.begin(work, 'running', null);
  }

  private async begin(work: ReRatingWork, status: 'running' | 'settling', notBefore: string | null): Promise<Step> {
    const parts = partsOf(work.scopes, await this.calls.strands(), notBefore);
    await this.reRatings.saveParts(work.id, parts);
    return this.save({ ...work, status, partIndex: 0, cursor: null });
  }

  /** Once more over the calls that ended since the change, when the last one that may have got an old price has ended. */
  private async settle(work: ReRatingWork): Promise<Step> {
    if (!work.isKnown || (await this.calls.isOneOpen(work.settleAfter))) return this.save(work, LOOK_AGAIN_MS);
    return this.begin(work, 'settling', work.settleFrom);
  }

  private async batch(work: ReRatingWork): Promise<Step> {
    const parts = work.parts!;
    const list = new PriceList(await this.prices.all());
    const found: ReRatedCall[] = [];
    let { partIndex, cursor } = work;
    for (let looked = 0; looked < BATCH_PARTS && partIndex < parts.length && found.length < BATCH_CALLS; looked++) {
      const part = parts[partIndex]!;
      const room = BATCH_CALLS - found.length;
      const rows = await this.calls.batch(part, cursor ?? { startedAt: part.from, id: 0 }, room);
      found.push(...rows.map((row) => ({ row, rating: list.rate(row) })));
      const last = rows.at(-1);
      if (rows.length === room && last !== undefined) cursor = { startedAt: last.startedAtText, id: last.id };
      else [partIndex, cursor] = [partIndex + 1, null];
    }
    const changed = found.filter(isChanged);
    const written = changed.length === 0 ? new Set<number>() : await this.calls.write(changed);
    const isDone = (call: ReRatedCall): boolean => written.has(call.row.id);
    await this.listeners.tell(deltasOf(changed.filter(isDone)));
    // What the second pass finds right has been counted, or was never wrong.
    const counted = found.filter((call) => isDone(call) || (work.status === 'running' && !isChanged(call)));
    const { total, byModel } = countsOf(counted);
    const next = {
      ...work,
      ...addCounts(work, total),
      byModel: addByModel(work.byModel, byModel),
      partIndex,
      cursor,
    };
    return partIndex < parts.length ? this.save(next) : this.endPass(next);
  }

  private async endPass(work: ReRatingWork): Promise<Step> {
    await this.reRatings.saveParts(work.id, null);
    if (work.status === 'running') return this.save({ ...work, status: 'settling', cursor: null });
    const { id, callsLookedAt, callsChanged, costBeforeUsdMicros, costAfterUsdMicros } = work;
    this.logger.info(
      { re_rating: id, calls_looked_at: callsLookedAt, calls_changed: callsChanged, costBeforeUsdMicros, costAfterUsdMicros },
      'calls were rated again after a change of prices',
    ); // prettier-ignore
    return this.save({ ...work, status: 'completed', cursor: null });
  }

  private async save(work: ReRatingWork, nextInMs = 0): Promise<Step> {
    await this.reRatings.save(work, this.worker, LEASE_MS, nextInMs);
    return 'progress';
  }
}
