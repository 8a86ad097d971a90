import { setTimeout as delay } from 'node:timers/promises';
import { type BegunTurn, type FinishResult, type ModelChoice, type Outcome, TurnWorkService } from '@app/conversations';
import { type PersonaVersionSnapshot, PersonasService } from '@app/personas';
import { AppConfig, Database, isDatabaseUnavailable, withRequestId } from '@app/platform';
import { Inject, Injectable } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import { CompletionRequestBuilder } from './completion-request.builder';
import { LedgerService, type OpenCall, storedCount } from './ledger.service';
import { type CompletionProvider, type CompletionRequest, type CompletionResult, ProviderError } from './provider';
import {
  type CallPass,
  type CallWatch,
  costOf,
  type HoldCode,
  modelsOf,
  nextStep,
  Protection,
  UpstreamMetrics,
} from './protection';
import { COMPLETION_PROVIDER } from './provider-info';
import { decideRetry, fallbackText } from './retry';

const PERSONA_DELETED_TEXT = 'This persona is not available any more. Please start a conversation with another one.';

/** Largest value of an `integer` column. */
const MAX_INTEGER = 2_147_483_647;
const COMMIT_RETRY_MS = 200;

/** As wide as the columns. */
const MAX_MODEL_LENGTH = 200;

/** What the caller does next with the conversation. */
export type TurnResult = FinishResult | 'postponed';

interface Attempt {
  turn: BegunTurn;
  token: number;
  persona: PersonaVersionSnapshot;
  startedAt: number;
  call: OpenCall;
  /** The persona's models; `modelIndex` says which one this attempt calls. */
  models: string[];
  modelIndex: number;
  pass: CallPass;
}

/** Makes one attempt of one turn: ledger, model call, and the outcome in one transaction. */
@Injectable()
export class TurnRunner {
  constructor(
    private readonly turns: TurnWorkService,
    private readonly personas: PersonasService,
    private readonly requests: CompletionRequestBuilder,
    private readonly ledger: LedgerService,
    @Inject(COMPLETION_PROVIDER) private readonly provider: CompletionProvider,
    private readonly protection: Protection,
    private readonly metrics: UpstreamMetrics,
    private readonly database: Database,
    private readonly config: AppConfig,
    private readonly logger: PinoLogger,
  ) {}

  /** Log lines carry the id of the request that brought the message. */
  async run(turn: BegunTurn, token: number, signal: AbortSignal): Promise<TurnResult> {
    return withRequestId(turn.correlationId ?? `turn-${turn.turnId}`, () => this.attempt(turn, token, signal));
  }

  private async attempt(turn: BegunTurn, token: number, signal: AbortSignal): Promise<TurnResult> {
    const startedAt = performance.now();
    if (turn.isTakeover) await this.ledger.markLost(turn.turnId);
    const persona = await this.personaOf(turn);
    if (persona === null) return this.giveUp(turn, token, startedAt, 'PERSONA.DELETED', PERSONA_DELETED_TEXT);
    if (turn.lostAttempts >= this.config.engine.maxLostAttempts) {
      return this.giveUp(turn, token, startedAt, 'TURN.WORKER_LOST', fallbackText('TURN.WORKER_LOST'));
    }
    const request = this.requests.build(turn, persona);
    const models = modelsOf(request.model, persona.fallbackModels);
    const admission = await this.protection.admit({
      models,
      modelIndex: turn.modelIndex,
      heldMs: turn.heldMs,
      cost: costOf(request),
      signal,
    });
    if (admission.kind === 'held') return this.holdBack(turn, token, startedAt, admission);
    const { pass, modelIndex } = admission;
    try {
      request.model = models[modelIndex]!;
      const call = await this.openCall(turn, persona, request);
      return await this.call({ turn, token, persona, startedAt, call, models, modelIndex, pass }, request, signal);
    } finally {
      pass.release();
    }
  }

  private async call(attempt: Attempt, request: CompletionRequest, signal: AbortSignal): Promise<TurnResult> {
    try {
      const result = await this.complete(attempt, request, signal);
      return await persistently(() => this.commitReply(attempt, result), signal);
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      return this.handleFailure(attempt, error, signal);
    }
  }

  /** No call may be made now: back with it, or a visible end when that has gone on for too long. */
  private async holdBack(
    turn: BegunTurn,
    token: number,
    startedAt: number,
    { isTooLong, delayMs, code }: { isTooLong: boolean; delayMs: number; code: HoldCode },
  ): Promise<TurnResult> {
    if (isTooLong) return this.giveUp(turn, token, startedAt, code, fallbackText(code));
    return (await this.turns.holdBack(turn, token, delayMs)) ? 'postponed' : 'not-ours';
  }

  private async personaOf(turn: BegunTurn): Promise<PersonaVersionSnapshot | null> {
    return turn.personaVersion === null ? null : this.personas.version(turn.personaId, turn.personaVersion);
  }

  private openCall(turn: BegunTurn, persona: PersonaVersionSnapshot, request: CompletionRequest): Promise<OpenCall> {
    return this.ledger.open(
      {
        workspaceId: turn.workspaceId,
        userId: turn.userId,
        personaId: turn.personaId,
        personaVersionId: persona.id,
        conversationId: turn.conversationId,
        turnId: turn.turnId,
        attempt: turn.attempt,
        modelRequested: request.model.slice(0, MAX_MODEL_LENGTH),
        queueMs: Math.max(0, turn.queueMs),
      },
      this.provider.info,
    );
  }

  private complete(attempt: Attempt, request: CompletionRequest, signal: AbortSignal): Promise<CompletionResult> {
    const call = (watch: CallWatch): Promise<CompletionResult> =>
      this.provider.complete(request, {
        signal,
        onDelta: () => watch.onDelta(),
        onRateLimits: (limits) => watch.onRateLimits(limits),
        // The upstream got two requests, so the ledger gets two rows.
        onExtraRequest: async (refusal) => {
          await this.ledger.closeFailed(attempt.call, refusal);
          const next = await this.turns.beginExtraAttempt(attempt.turn, attempt.token);
          if (next === null) {
            throw new ProviderError('UPSTREAM.CANCELLED', { logDetail: 'the turn is not ours any more' });
          }
          attempt.turn = { ...attempt.turn, attempt: next };
          attempt.call = await this.openCall(attempt.turn, attempt.persona, request);
        },
      });
    return attempt.pass.run(call);
  }

  private async commitReply(attempt: Attempt, result: CompletionResult): Promise<TurnResult> {
    const { turn, token, persona, startedAt } = attempt;
    const outcome: Outcome = {
      status: 'completed',
      errorCode: null,
      message: {
        status: result.finish === 'max_tokens' ? 'truncated' : 'completed',
        content: storable(result.text),
        personaVersionId: persona.id,
        tokensUsed: storedCount(result.usage.totalTokens),
        modelUsed: result.model.slice(0, MAX_MODEL_LENGTH),
        fallbackFrom: attempt.modelIndex > 0 ? attempt.models[0]!.slice(0, MAX_MODEL_LENGTH) : null,
        responseTimeMs: responseTime(turn, startedAt),
      },
    };
    const closing = await this.ledger.rateAnswer(attempt.call, result);
    let [finish] = await this.database.transactionAtOnce(() =>
      Promise.all([this.turns.finish(turn, token, outcome), this.ledger.close(closing)]),
    );
    if (finish === 'not-ours') {
      if (!(await this.turns.wasFinished(turn, outcome.status))) return finish;
      finish = 'finished';
    }
    this.turns.announce(turn, 'completed');
    if (attempt.modelIndex > 0) this.metrics.fallbackUsed(attempt.models[attempt.modelIndex]!);
    this.log('info', attempt, { tokens: result.usage.totalTokens, model: result.model }, 'turn completed');
    return finish;
  }

  private async handleFailure(attempt: Attempt, error: ProviderError, signal: AbortSignal): Promise<TurnResult> {
    const { turn, token } = attempt;
    if (signal.aborted || error.code === 'UPSTREAM.CANCELLED') {
      // Stopped from our side (lease lost, or this process ends): the turn goes back, and that costs it none of its retries.
      const isBack = await this.database.transaction(async () => {
        const returned = await this.turns.putBack(turn, token);
        await this.ledger.closeFailed(attempt.call, error);
        return returned;
      });
      return isBack ? 'postponed' : 'not-ours';
    }
    // A model that was chosen only now has used up nothing yet.
    const failed = turn.attempt - turn.lostAttempts - turn.returnedAttempts;
    const spent = attempt.modelIndex === turn.modelIndex ? turn.spentAttempts : failed - 1;
    const decision = decideRetry({
      kind: error.kind,
      code: error.code,
      retryAfterMs: error.retryAfterMs,
      attempt: failed - spent,
      longestWaitMs: this.config.openai.protection.maxHoldMs,
      maxRetries: this.config.openai.maxRetries,
      random: Math.random,
    });
    const step = nextStep(error.code, decision, attempt.modelIndex, attempt.models.length);
    const level = error.kind === 'permanent' ? 'error' : 'warn';
    this.log(
      level,
      attempt,
      {
        code: error.code,
        detail: error.logDetail,
        retry_in_ms: step.kind === 'retry' ? step.delayMs : null,
        next_model: step.kind === 'next-model' ? attempt.models[step.modelIndex] : undefined,
      },
      'attempt failed',
    );
    if (step.kind === 'give-up') {
      return this.giveUp(turn, token, attempt.startedAt, error.code, fallbackText(error.code), { attempt, error });
    }
    this.metrics.retried(error.code);
    const isNext = step.kind === 'next-model';
    const next: ModelChoice = isNext
      ? { modelIndex: step.modelIndex, spentAttempts: failed }
      : { modelIndex: attempt.modelIndex, spentAttempts: spent };
    const isOurs = await this.database.transaction(async () => {
      const postponed = await this.turns.postpone(turn, token, isNext ? 0 : step.delayMs, next);
      await this.ledger.closeFailed(attempt.call, error);
      return postponed;
    });
    return isOurs ? 'postponed' : 'not-ours';
  }

  /** The visible failure: a message in plain words where the reply would have been. */
  private async giveUp(
    turn: BegunTurn,
    token: number,
    startedAt: number,
    code: string,
    text: string,
    failed?: { attempt: Attempt; error: ProviderError },
  ): Promise<TurnResult> {
    const outcome: Outcome = {
      status: 'failed',
      errorCode: code,
      message: {
        status: 'fallback',
        content: text,
        personaVersionId: failed?.attempt.persona.id ?? null,
        tokensUsed: null,
        modelUsed: null,
        responseTimeMs: responseTime(turn, startedAt),
      },
    };
    const finish = await this.database.transaction(async () => {
      const committed = await this.turns.finish(turn, token, outcome);
      if (failed !== undefined) await this.ledger.closeFailed(failed.attempt.call, failed.error);
      return committed;
    });
    if (finish !== 'not-ours') this.turns.announce(turn, 'failed');
    return finish;
  }

  private log(
    level: 'info' | 'warn' | 'error',
    attempt: Attempt,
    fields: Record<string, unknown>,
    message: string,
  ): void {
    const { turn } = attempt;
    this.logger[level](
      {
        conversation_id: turn.conversationId,
        turn_id: turn.turnId,
        attempt: turn.attempt,
        total_ms: Math.round(performance.now() - attempt.startedAt),
        ...fields,
      },
      message,
    );
  }
}

const responseTime = (turn: BegunTurn, startedAt: number): number =>
  Math.min(MAX_INTEGER, Math.max(0, Math.round(turn.ageMs + performance.now() - startedAt)));

/** The answer is paid for: a database that is away for a moment must not cost it. The fencing token makes repeating safe. */
async function persistently<T>(commit: () => Promise<T>, signal: AbortSignal): Promise<T> {
  for (;;) {
    try {
      return await commit();
    } catch (error) {
      // Once the lease may have run out, somebody else answers.
      if (!isDatabaseUnavailable(error) || signal.aborted) throw error;
      await delay(COMMIT_RETRY_MS);
    }
  }
}

/** PostgreSQL stores neither NUL nor half surrogate pairs; a model may produce both. */
const storable = (text: string): string => text.replaceAll('\0', '').toWellFormed();
