import { setTimeout as delay } from 'node:timers/promises';
import { NO_CONTEXT } from '@app/contracts';
import {
  type BegunTurn,
  ConversationDelivery,
  type ModelChoice,
  type OutgoingStream,
  OutgoingStreams,
  TurnSurroundings,
  UNREADABLE_CODE,
} from '@app/conversations';
import { type PersonaVersionSnapshot, PersonasService } from '@app/personas';
import { activeSpan, AppConfig, isDatabaseUnavailable, Tracing, withRequestId } from '@app/platform';
import { SessionPrompts } from '@app/sessions';
import { Injectable } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import { AnswerCacheService, CachedReplies } from './answer-cache';
import { CallBudgets } from './budgets';
import { type BuiltRequest, CompletionRequestBuilder } from './completion-request.builder';
import { LedgerService } from './ledger.service';
import { ModelCaller } from './model-caller';
import { costOf, modelsOf, nextStep, Protection, UpstreamMetrics } from './protection';
import { ProviderError } from './provider';
import { decideRetry, fallbackText } from './retry';
import { type Attempt, logAttempt, type TurnResult } from './turn-attempt';
import { TurnEndings } from './turn-endings';
import { TurnOutcomes } from './turn-outcomes';
import { traceAttempt } from './trace-attempt';

/** A turn whose key is missing waits for a process that has it, such as one of the next version, this long and not for ever. */
const MAX_KEY_WAIT_MS = 600_000;
const KEY_WAIT_MS = 5_000;

const PERSONA_DELETED_TEXT = 'This persona is not available any more. Please start a conversation with another one.';
const COMMIT_RETRY_MS = 200;

/** Makes one attempt of one turn. */
@Injectable()
export class TurnRunner {
  constructor(
    private readonly streams: OutgoingStreams,
    private readonly personas: PersonasService,
    private readonly sessions: SessionPrompts,
    private readonly endings: TurnEndings,
    private readonly delivery: ConversationDelivery,
    private readonly surroundings: TurnSurroundings,
    private readonly requests: CompletionRequestBuilder,
    private readonly caller: ModelCaller,
    private readonly outcomes: TurnOutcomes,
    private readonly answers: AnswerCacheService,
    private readonly cachedReplies: CachedReplies,
    private readonly ledger: LedgerService,
    private readonly budgets: CallBudgets,
    private readonly protection: Protection,
    private readonly metrics: UpstreamMetrics,
    private readonly tracing: Tracing,
    private readonly config: AppConfig,
    private readonly logger: PinoLogger,
  ) {}

  /** Log lines carry the id of the request that brought the message. */
  async run(turn: BegunTurn, token: number, signal: AbortSignal): Promise<TurnResult> {
    return withRequestId(turn.correlationId ?? `turn-${turn.turnId}`, () =>
      traceAttempt(this.tracing, turn, async () => {
        const cancel = new AbortController();
        const stream = await this.streams.open(turn, () => cancel.abort());
        try {
          return await this.attempt(turn, token, signal, stream, cancel.signal);
        } finally {
          // What is not written down yet is not worth a pause: the outcome is stored.
          void this.streams.close(stream);
        }
      }),
    );
  }

  private async attempt(
    turn: BegunTurn,
    token: number,
    signal: AbortSignal,
    stream: OutgoingStream,
    cancelled: AbortSignal,
  ): Promise<TurnResult> {
    const startedAt = performance.now();
    if (turn.isTakeover) await this.ledger.markLost(turn.turnId);
    const giveUp = (code: string, text: string): Promise<TurnResult> =>
      this.outcomes.giveUp({ turn, token, startedAt, stream }, { code, text });
    if (turn.isCancelled) return giveUp('UPSTREAM.CANCELLED', '');
    if (turn.lacksKey && turn.heldMs < MAX_KEY_WAIT_MS) {
      return this.outcomes.holdBack({ turn, token, startedAt, stream }, KEY_WAIT_MS);
    }
    if (turn.isUnreadable) return giveUp(UNREADABLE_CODE, fallbackText(UNREADABLE_CODE));
    const persona = await this.personaOf(turn);
    if (persona === null) return giveUp('PERSONA.DELETED', PERSONA_DELETED_TEXT);
    if (turn.lostAttempts >= this.config.engine.maxLostAttempts) {
      return giveUp('TURN.WORKER_LOST', fallbackText('TURN.WORKER_LOST'));
    }
    // The lease has gone with the conversation.
    if (await this.endings.takeFirst(turn)) return 'not-ours';
    const end = this.delivery.carries(turn.channel) ? this.delivery.begins(turn.conversationId) : undefined;
    try {
      return await this.answer({ turn, token, startedAt, stream }, persona, signal, cancelled);
    } finally {
      end?.();
    }
  }

  private async answer(
    ending: { turn: BegunTurn; token: number; startedAt: number; stream: OutgoingStream },
    persona: PersonaVersionSnapshot,
    signal: AbortSignal,
    cancelled: AbortSignal,
  ): Promise<TurnResult> {
    const { turn, token, startedAt, stream } = ending;
    const giveUp = (code: string, text: string): Promise<TurnResult> => this.outcomes.giveUp(ending, { code, text });
    const models = modelsOf(persona.model ?? this.config.openai.model, persona.fallbackModels);
    const session = await this.sessions.of(turn);
    const context = this.surroundings.has(turn.channel)
      ? await this.surroundings.of(turn, AbortSignal.any([signal, cancelled]))
      : NO_CONTEXT;
    // Models differ in how much of the past they take.
    const buildFor = (index: number): BuiltRequest =>
      this.tracing.spanOf('prompt.build', () =>
        this.requests.build(turn, { ...persona, model: models[index]! }, session, context),
      );
    const expected = Math.min(turn.modelIndex, models.length - 1);
    let built = buildFor(expected);
    // What others write is another thing every time, and nothing for those who ask the same later.
    const place = context.notes.length > 0 ? null : this.answers.placeOf(turn, persona, built.request);
    const known = await this.answers.find(turn, place);
    if (known !== undefined) {
      return persistently(() => this.cachedReplies.reply(ending, persona, built, known), signal);
    }
    const admission = await this.protection.admit({
      models,
      modelIndex: expected,
      heldMs: turn.heldMs,
      cost: costOf(built.request),
      signal: AbortSignal.any([signal, cancelled]),
    });
    if (admission.kind === 'held') {
      if (admission.isTooLong) return giveUp(admission.code, fallbackText(admission.code));
      return this.outcomes.holdBack(ending, admission.delayMs);
    }
    const { pass, modelIndex } = admission;
    try {
      if (modelIndex !== expected) built = buildFor(modelIndex);
      if (built.fitted.isSurelyTooLong) {
        return await giveUp('UPSTREAM.CONTEXT_TOO_LONG', fallbackText('UPSTREAM.CONTEXT_TOO_LONG'));
      }
      const refusal = turn.hasReservation ? await this.budgets.renewForTurn(turn, built.request) : undefined;
      if (refusal !== undefined) return await giveUp(refusal.code, fallbackText(refusal.code));
      const call = await this.caller.openCall(turn, persona, built.request);
      const begun = {
        turn,
        token,
        persona,
        startedAt,
        built,
        call,
        stream,
        cancelled,
        models,
        modelIndex,
        pass,
        place,
      };
      return await this.call(begun, signal);
    } finally {
      pass.release();
    }
  }

  private async call(attempt: Attempt, signal: AbortSignal): Promise<TurnResult> {
    const { cancelled } = attempt;
    try {
      const either = AbortSignal.any([signal, cancelled]);
      const { result, remoteId } = await attempt.pass.run((watch) => this.caller.answer(attempt, watch, either));
      return await this.commit(() => this.outcomes.reply(attempt, result, remoteId), signal);
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      if (cancelled.aborted && error.code === 'UPSTREAM.CANCELLED') {
        return this.commit(() => this.outcomes.cancelled(attempt, error), signal);
      }
      return this.handleFailure(attempt, error, signal);
    }
  }

  private commit(write: () => Promise<TurnResult>, signal: AbortSignal): Promise<TurnResult> {
    return this.tracing.span('turn.commit', {}, () => persistently(write, signal));
  }

  private async personaOf(turn: BegunTurn): Promise<PersonaVersionSnapshot | null> {
    return turn.personaVersion === null ? null : this.personas.version(turn.personaId, turn.personaVersion);
  }

  private async handleFailure(attempt: Attempt, error: ProviderError, signal: AbortSignal): Promise<TurnResult> {
    const { turn } = attempt;
    activeSpan()?.fail(error.code);
    if (signal.aborted || error.code === 'UPSTREAM.CANCELLED') return this.outcomes.putBack(attempt, error);
    const failed = turn.attempt - turn.lostAttempts - turn.returnedAttempts;
    // A model that was chosen only now has used up none of its retries.
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
    logAttempt(
      this.logger,
      level,
      attempt,
      {
        code: error.code,
        detail: error.logDetail,
        retry_in_ms: step.kind === 'retry' ? step.delayMs : null,
        ...(step.kind === 'next-model' ? { next_model: attempt.models[step.modelIndex] } : {}),
      },
      'attempt failed',
    );
    if (step.kind === 'give-up') {
      return this.outcomes.giveUp(attempt, {
        code: error.code,
        text: fallbackText(error.code),
        failed: { attempt, error },
      });
    }
    this.metrics.retried(error.code);
    const next: ModelChoice =
      step.kind === 'next-model'
        ? { modelIndex: step.modelIndex, spentAttempts: failed }
        : { modelIndex: attempt.modelIndex, spentAttempts: spent };
    return this.outcomes.postpone(attempt, error, step.kind === 'retry' ? step.delayMs : 0, next);
  }
}

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
