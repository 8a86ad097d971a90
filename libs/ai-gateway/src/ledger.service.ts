import { Injectable, Optional } from '@nestjs/common';
import { CallMetrics } from './call-metrics';
import { type ClosedModelCall, ModelCallsRepository, type NewModelCall } from './persistence/model-calls.repository';
import { PriceBook } from './prices';
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
  /** What the request asks for; null where it leaves that open. */
  serviceTier: string | null;
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
    @Optional() private readonly metrics?: CallMetrics,
  ) {}

  /** Write an attempt down before the request goes out: what is not in the ledger must not have happened. */
  async open(
    { serviceTier, ...call }: Omit<NewModelCall, 'provider' | 'api'> & Pick<OpenCall, 'serviceTier'>,
    { provider, api }: ProviderDescription,
  ): Promise<OpenCall> {
    const { id, startedAt } = await this.calls.open({ ...call, provider, api });
    this.prices.warm();
    this.metrics?.opened(call.queueMs);
    return { id, provider, modelRequested: call.modelRequested, serviceTier, openedAt: startedAt };
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
    const usage = storedUsage(result.usage);
    const model = result.model.slice(0, 200);
    return {
      id: call.id,
      closed: {
        ...usage,
        ...(await this.rating(call, model, result.serviceTier, usage)),
        isUsageEstimated: false,
        status: 'succeeded',
        model,
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
    this.metrics?.closed(closed);
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
    const usage = storedUsage(known ?? UNKNOWN_USAGE);
    return {
      id: call.id,
      closed: {
        ...usage,
        ...(await this.rating(call, null, error.serviceTier, usage)),
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

  /**
   * The tier and the cost in it. Where the upstream did not say how it ran a call, the tier asked for counts, unless that leaves it open:
   * a cancelled call of the dear tier must not pass for one of the default tier.
   */
  private async rating(
    { provider, modelRequested, serviceTier: asked, openedAt: startedAt }: OpenCall,
    model: string | null,
    reported: string | null,
    usage: CompletionUsage,
  ): Promise<Pick<ClosedModelCall, 'serviceTier' | 'costUsdMicros' | 'priceId'>> {
    const serviceTier = reported ?? (asked === 'auto' ? null : asked);
    const rating = await this.prices.rate({ provider, model, modelRequested, serviceTier, usage, startedAt });
    return { serviceTier, ...rating };
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
