import { Injectable } from '@nestjs/common';
import {
  type ClosedModelCall,
  ModelCallsRepository,
  type NewModelCall,
  type UserTotals,
} from './persistence/model-calls.repository';
import { PriceBook } from './price-book';
import {
  type CompletionResult,
  type CompletionUsage,
  type ProviderDescription,
  type ProviderError,
  UNKNOWN_USAGE,
} from './provider';

/** Largest value of an `integer` column. */
const MAX_TOKENS = 2_147_483_647;

/** An attempt that has been written down and not closed. */
export interface OpenCall {
  id: number;
  provider: ProviderDescription['provider'];
  modelRequested: string;
  openedAt: Date;
}

export interface RatedCall {
  id: number;
  closed: ClosedModelCall;
}

/** The one place that writes the usage ledger. */
@Injectable()
export class LedgerService {
  constructor(
    private readonly calls: ModelCallsRepository,
    private readonly prices: PriceBook,
  ) {}

  /** Write an attempt down before the request goes out: what is not in the ledger must not have happened. */
  async open(call: Omit<NewModelCall, 'provider' | 'api'>, provider: ProviderDescription): Promise<OpenCall> {
    const openedAt = new Date();
    const id = await this.calls.open({ ...call, provider: provider.provider, api: provider.api });
    return { id, provider: provider.provider, modelRequested: call.modelRequested, openedAt };
  }

  /** A reply that came from the cache; after `finish` in its transaction. It cost nothing, and nobody was asked. */
  async recordCached(
    call: Omit<NewModelCall, 'provider' | 'api'>,
    { provider, api }: ProviderDescription,
    answer: { model: string; totalMs: number },
  ): Promise<void> {
    await this.calls.addCached({ ...call, provider, api }, answer);
  }

  /** What `close` writes for an answer. Rated beforehand, because prices may have to be read. */
  async rateAnswer(call: OpenCall, result: CompletionResult): Promise<RatedCall> {
    const rating = await this.prices.rate(
      call.provider,
      [result.model, call.modelRequested],
      result.usage,
      call.openedAt,
    );
    return {
      id: call.id,
      closed: {
        ...storedUsage(result.usage),
        ...rating,
        isUsageEstimated: false,
        status: 'succeeded',
        model: result.model.slice(0, 200),
        upstreamId: result.upstreamId?.slice(0, 200) ?? null,
        firstTokenMs: rounded(result.firstTokenMs),
        totalMs: Math.round(result.totalMs),
        httpStatus: 200,
        errorCode: null,
      },
    };
  }

  /** One statement, issued without waiting; after `finish` in its transaction, so that the ledger knows whether the answer counts. */
  async close({ id, closed }: RatedCall): Promise<void> {
    await this.calls.close(id, closed);
  }

  async closeFailed(call: OpenCall, error: ProviderError): Promise<void> {
    await this.close(await this.rateFailure(call, error, error.usage, false));
  }

  /** What `close` writes for an attempt without a reply. @param isEstimated the usage is ours, because the upstream gave none */
  async rateFailure(
    call: OpenCall,
    error: ProviderError,
    known: CompletionUsage | null,
    isEstimated: boolean,
  ): Promise<RatedCall> {
    const usage = known ?? UNKNOWN_USAGE;
    const rating = await this.prices.rate(call.provider, [call.modelRequested], usage, call.openedAt);
    return {
      id: call.id,
      closed: {
        ...storedUsage(usage),
        ...rating,
        isUsageEstimated: isEstimated,
        status: error.code === 'UPSTREAM.CANCELLED' ? 'cancelled' : 'failed',
        model: null,
        upstreamId: null,
        firstTokenMs: rounded(error.firstTokenMs),
        totalMs: Math.round(error.totalMs),
        httpStatus: error.httpStatus,
        errorCode: error.code,
      },
    };
  }

  /** Closes rows whose worker died and whose turn was cancelled before anybody took it over. */
  async closeAbandoned(olderThanMs: number): Promise<void> {
    await this.calls.closeAbandoned(olderThanMs);
  }

  async markLost(turnId: number): Promise<void> {
    await this.calls.markLost(turnId);
  }

  async nextAttempt(turnId: number, purpose: NewModelCall['purpose']): Promise<number> {
    return this.calls.nextAttempt(turnId, purpose);
  }

  async totalsForUser(userId: number): Promise<UserTotals> {
    return this.calls.totalsForUser(userId);
  }
}

/** A count that no model can have used is a fault of the server that reports it, and counts as unknown. */
export const storedCount = (tokens: number | null): number | null =>
  tokens !== null && tokens > MAX_TOKENS ? null : tokens;

const storedUsage = (usage: CompletionUsage): CompletionUsage => ({
  inputTokens: storedCount(usage.inputTokens),
  cachedTokens: storedCount(usage.cachedTokens),
  cacheWriteTokens: storedCount(usage.cacheWriteTokens),
  outputTokens: storedCount(usage.outputTokens),
  reasoningTokens: storedCount(usage.reasoningTokens),
  totalTokens: storedCount(usage.totalTokens),
});

const rounded = (ms: number | null): number | null => (ms === null ? null : Math.round(ms));
