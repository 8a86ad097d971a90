import { type BegunTurn, type ModelChoice, type Outcome, OutgoingStreams, TurnWorkService } from '@app/conversations';
import { storable } from '@app/kernel';
import { Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import { AnswerCacheService } from './answer-cache';
import { ConversationStateService } from './conversation-state';
import { LedgerService, type RatedCall, storedCount } from './ledger.service';
import { estimateUsage, messageUsage } from './message-usage';
import { UpstreamMetrics } from './protection';
import type { CompletionResult, ProviderError } from './provider';
import { SummaryRequests } from './summary';
import { type Ended, TurnEndings } from './turn-endings';
import {
  type Attempt,
  type BegunAttempt,
  type Ending,
  lastEventOf,
  logAttempt,
  MAX_MODEL_LENGTH,
  responseTime,
  type TurnResult,
} from './turn-attempt';
import { NO_VERDICT } from './verdict';

/** What the model has answered, and what it is decided by whether people take over; null: that is not asked. */
interface Answered {
  remoteId: string | null;
  result: CompletionResult | null;
  ended: Ended | null;
}

/** Writes down what became of an attempt: turn, reply and ledger row in one transaction, and nothing when the turn is not ours any more. */
@Injectable()
export class TurnOutcomes {
  constructor(
    private readonly turns: TurnWorkService,
    private readonly endings: TurnEndings,
    private readonly streams: OutgoingStreams,
    private readonly states: ConversationStateService,
    private readonly ledger: LedgerService,
    private readonly answers: AnswerCacheService,
    private readonly summaries: SummaryRequests,
    private readonly metrics: UpstreamMetrics,
    private readonly database: Database,
    private readonly logger: PinoLogger,
  ) {}

  async reply(attempt: Attempt, result: CompletionResult, remoteId: string | null): Promise<TurnResult> {
    const outcome: Outcome = {
      status: 'completed',
      errorCode: null,
      lastEvent: lastEventOf(attempt.stream),
      message: {
        status: result.finish === 'max_tokens' ? 'truncated' : 'completed',
        content: storable(result.text),
        personaVersionId: attempt.persona.id,
        tokensUsed: storedCount(result.usage.totalTokens),
        modelUsed: result.model.slice(0, MAX_MODEL_LENGTH),
        fallbackFrom: fallbackFrom(attempt),
        responseTimeMs: responseTime(attempt),
        usage: messageUsage(result.usage, false),
        toolCalls: result.toolCalls,
        citations: result.citations,
        confidence: result.verdict?.confidence ?? null,
      },
    };
    const { confidence, needsHuman } = result.verdict ?? NO_VERDICT;
    const ended = { reply: outcome.message.content, confidence, needsHuman, errorCode: null };
    return this.commit(attempt, outcome, await this.ledger.rateAnswer(attempt.call, result), {
      remoteId,
      result,
      ended,
    });
  }

  /** What was written until the sender stopped it is kept. Where the upstream did not say what it cost, it is estimated, and marked so. */
  async cancelled(attempt: Attempt, error: ProviderError): Promise<TurnResult> {
    const estimate = error.usage === null && error.partialText !== '';
    const usage = estimate ? estimateUsage(attempt.built.request, error.partialText) : error.usage;
    const content = storable(error.partialText);
    const outcome: Outcome = {
      status: 'cancelled',
      errorCode: null,
      lastEvent: lastEventOf(attempt.stream),
      message: {
        status: 'cancelled',
        // Nothing but white space is nothing to show.
        content: content.trim() === '' ? '' : content,
        personaVersionId: attempt.persona.id,
        tokensUsed: storedCount(usage?.totalTokens ?? null),
        modelUsed: attempt.built.request.model.slice(0, MAX_MODEL_LENGTH),
        fallbackFrom: fallbackFrom(attempt),
        responseTimeMs: responseTime(attempt),
        usage: messageUsage(usage, estimate),
        toolCalls: error.toolCalls,
      },
    };
    return this.commit(attempt, outcome, await this.ledger.rateFailure(attempt.call, error, usage, estimate));
  }

  private async commit(
    attempt: Attempt,
    outcome: Outcome,
    closing: RatedCall,
    { remoteId, result, ended }: Answered = { remoteId: null, result: null, ended: null },
  ): Promise<TurnResult> {
    const { turn, token, place, built } = attempt;
    const decision = ended === null ? null : await this.endings.decide(turn, ended);
    const { finish, recorded } = await this.endings.end(turn, token, outcome, decision, () => [
      this.ledger.close(closing),
      this.states.settle(turn, remoteId),
      ...(result === null ? [] : [this.answers.keep(turn, place, built.request, result, outcome.message.content)]),
    ]);
    const status = finish === 'not-ours' ? await this.turns.wasFinished(turn) : finish.status;
    if (status === undefined) return 'not-ours';
    this.endings.announce(turn, status, recorded);
    if (attempt.modelIndex > 0) this.metrics.fallbackUsed(attempt.built.request.model);
    // Inside a copy at the upstream nothing falls out of our window.
    if (remoteId === null) this.summaries.afterTurn(turn, attempt.built.fitted.firstSeq);
    const { tokensUsed, modelUsed } = outcome.message;
    logAttempt(this.logger, 'info', attempt, { tokens: tokensUsed, model: modelUsed }, `turn ${status}`);
    return finish !== 'not-ours' && finish.isReleased ? 'released' : 'finished';
  }

  /** The visible failure: a message in plain words where the reply would have been. */
  async giveUp(begun: BegunAttempt, { code, text, failed }: Ending): Promise<TurnResult> {
    const { turn, token } = begun;
    const outcome: Outcome = {
      status: 'failed',
      errorCode: code,
      lastEvent: lastEventOf(begun.stream),
      message: {
        status: 'fallback',
        content: text,
        personaVersionId: failed?.attempt.persona.id ?? null,
        tokensUsed: null,
        modelUsed: null,
        responseTimeMs: responseTime(begun),
        usage: null,
      },
    };
    const closing =
      failed === undefined
        ? null
        : await this.ledger.rateFailure(failed.attempt.call, failed.error, failed.error.usage, false);
    // Nobody has to take over what its sender has stopped.
    const decision = turn.isCancelled
      ? null
      : await this.endings.decide(turn, { reply: null, confidence: null, needsHuman: false, errorCode: code });
    const { finish, recorded } = await this.endings.end(turn, token, outcome, decision, () =>
      closing === null ? [] : [this.ledger.close(closing)],
    );
    if (finish === 'not-ours') return finish;
    this.endings.announce(turn, finish.status, recorded);
    return finish.isReleased ? 'released' : 'finished';
  }

  /** Stopped from our side (lease lost, or this process ends): the turn goes back, and that costs it none of its retries. */
  async putBack(attempt: Attempt, error: ProviderError): Promise<TurnResult> {
    return this.later(attempt, error, (turn, token) => this.turns.putBack(turn, token));
  }

  async postpone(attempt: Attempt, error: ProviderError, delayMs: number, next: ModelChoice): Promise<TurnResult> {
    return this.later(attempt, error, (turn, token) => this.turns.postpone(turn, token, delayMs, next));
  }

  /** No call may be made now, and none was: neither an attempt nor a ledger row comes of it. */
  async holdBack({ turn, token, stream }: BegunAttempt, delayMs: number): Promise<TurnResult> {
    await this.streams.close(stream);
    return (await this.turns.holdBack(turn, token, delayMs)) ? 'postponed' : 'not-ours';
  }

  private async later(
    { turn, token, stream, call }: Attempt,
    error: ProviderError,
    change: (turn: BegunTurn, token: number) => Promise<boolean>,
  ): Promise<TurnResult> {
    // The next attempt goes on after the numbers that this one has told.
    await this.streams.close(stream);
    const isOurs = await this.database.transaction(async () => {
      const changed = await change(turn, token);
      await this.ledger.closeFailed(call, error);
      return changed;
    });
    return isOurs ? 'postponed' : 'not-ours';
  }
}

/** The model that was asked for first, when another one answers. */
const fallbackFrom = ({ models, modelIndex }: Attempt): string | null =>
  modelIndex > 0 ? models[0]!.slice(0, MAX_MODEL_LENGTH) : null;
