import { setTimeout as delay } from 'node:timers/promises';
import {
  type BegunTurn,
  type ModelChoice,
  type Outcome,
  type OutgoingStream,
  OutgoingStreams,
  TurnWorkService,
} from '@app/conversations';
import { type PersonaVersionSnapshot, PersonasService } from '@app/personas';
import { AppConfig, Database, isDatabaseUnavailable, withRequestId } from '@app/platform';
import { Inject, Injectable } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import { type BuiltRequest, CompletionRequestBuilder } from './completion-request.builder';
import { LedgerService, type OpenCall, type RatedCall, storedCount } from './ledger.service';
import { estimateUsage, messageUsage } from './message-usage';
import { type CompletionProvider, type CompletionRequest, type CompletionResult, ProviderError } from './provider';
import {
  type Admission,
  type CallPass,
  type CallWatch,
  costOf,
  modelsOf,
  nextStep,
  Protection,
  UpstreamMetrics,
} from './protection';
import { PromptPictures } from './prompt-pictures';
import { COMPLETION_PROVIDER } from './provider-info';
import { decideRetry, fallbackText } from './retry';
import { SummaryRequests } from './summary';

const PERSONA_DELETED_TEXT = 'This persona is not available any more. Please start a conversation with another one.';

/** Largest value of an `integer` column. */
const MAX_INTEGER = 2_147_483_647;
const COMMIT_RETRY_MS = 200;

/** As wide as the columns. */
const MAX_MODEL_LENGTH = 200;

/** What the caller does next with the conversation. 'released': its lease has ended with the turn. */
export type TurnResult = 'released' | 'finished' | 'not-ours' | 'postponed';

interface Attempt {
  turn: BegunTurn;
  token: number;
  persona: PersonaVersionSnapshot;
  startedAt: number;
  built: BuiltRequest;
  call: OpenCall;
  stream: OutgoingStream;
  /** Aborted when the sender does not want the answer any more. */
  cancelled: AbortSignal;
  /** The persona's models; `modelIndex` says which one this attempt calls. */
  models: string[];
  modelIndex: number;
  pass: CallPass;
}

/** How a turn ends without a reply of the model. */
interface Ending {
  code: string;
  text: string;
  failed?: { attempt: Attempt; error: ProviderError };
}

/** Makes one attempt of one turn: ledger, model call, and the outcome in one transaction. */
@Injectable()
export class TurnRunner {
  constructor(
    private readonly turns: TurnWorkService,
    private readonly streams: OutgoingStreams,
    private readonly personas: PersonasService,
    private readonly requests: CompletionRequestBuilder,
    private readonly pictures: PromptPictures,
    private readonly ledger: LedgerService,
    private readonly summaries: SummaryRequests,
    @Inject(COMPLETION_PROVIDER) private readonly provider: CompletionProvider,
    private readonly protection: Protection,
    private readonly metrics: UpstreamMetrics,
    private readonly database: Database,
    private readonly config: AppConfig,
    private readonly logger: PinoLogger,
  ) {}

  /** Log lines carry the id of the request that brought the message. */
  async run(turn: BegunTurn, token: number, signal: AbortSignal): Promise<TurnResult> {
    return withRequestId(turn.correlationId ?? `turn-${turn.turnId}`, async () => {
      const cancel = new AbortController();
      const stream = await this.streams.open(turn, () => cancel.abort());
      try {
        return await this.attempt(turn, token, signal, stream, cancel.signal);
      } finally {
        // What is not written down yet is not worth a pause: the outcome is stored.
        void this.streams.close(stream);
      }
    });
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
      this.giveUp({ turn, token, startedAt, stream }, { code, text });
    if (turn.isCancelled) return giveUp('UPSTREAM.CANCELLED', '');
    const persona = await this.personaOf(turn);
    if (persona === null) return giveUp('PERSONA.DELETED', PERSONA_DELETED_TEXT);
    if (turn.lostAttempts >= this.config.engine.maxLostAttempts) {
      return giveUp('TURN.WORKER_LOST', fallbackText('TURN.WORKER_LOST'));
    }
    const models = modelsOf(persona.model ?? this.config.openai.model, persona.fallbackModels);
    // Models differ in how much of the past they take.
    const buildFor = (index: number): BuiltRequest => this.requests.build(turn, { ...persona, model: models[index]! });
    const expected = Math.min(turn.modelIndex, models.length - 1);
    let built = buildFor(expected);
    const admission = await this.protection.admit({
      models,
      modelIndex: expected,
      heldMs: turn.heldMs,
      cost: costOf(built.request),
      signal: AbortSignal.any([signal, cancelled]),
    });
    if (admission.kind === 'held') {
      if (admission.isTooLong) return giveUp(admission.code, fallbackText(admission.code));
      return this.holdBack(turn, token, stream, admission);
    }
    const { pass, modelIndex } = admission;
    try {
      if (modelIndex !== expected) built = buildFor(modelIndex);
      if (built.fitted.isSurelyTooLong) {
        return await giveUp('UPSTREAM.CONTEXT_TOO_LONG', fallbackText('UPSTREAM.CONTEXT_TOO_LONG'));
      }
      const call = await this.openCall(turn, persona, built.request);
      const begun = { turn, token, persona, startedAt, built, call, stream, cancelled, models, modelIndex, pass };
      return await this.call(begun, signal);
    } finally {
      pass.release();
    }
  }

  private async call(attempt: Attempt, signal: AbortSignal): Promise<TurnResult> {
    const { cancelled } = attempt;
    try {
      const either = AbortSignal.any([signal, cancelled]);
      const result = await attempt.pass.run((watch) => this.completeInWindow(attempt, watch, either));
      return await persistently(() => this.commitReply(attempt, result), signal);
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      if (cancelled.aborted && error.code === 'UPSTREAM.CANCELLED') {
        return persistently(() => this.commitCancelled(attempt, error), signal);
      }
      return this.handleFailure(attempt, error, signal);
    }
  }

  /** No call may be made now, and none was: neither an attempt nor a ledger row comes of it. */
  private async holdBack(
    turn: BegunTurn,
    token: number,
    stream: OutgoingStream,
    { delayMs }: Extract<Admission, { kind: 'held' }>,
  ): Promise<TurnResult> {
    await this.streams.close(stream);
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
        purpose: 'reply',
        attempt: turn.attempt,
        modelRequested: request.model.slice(0, MAX_MODEL_LENGTH),
        queueMs: Math.max(0, turn.queueMs),
      },
      this.provider.info,
    );
  }

  /** When the model refuses the prompt as too long, asks once more with less of the past. */
  private async completeInWindow(attempt: Attempt, watch: CallWatch, signal: AbortSignal): Promise<CompletionResult> {
    try {
      return await this.complete(attempt, watch, signal);
    } catch (error) {
      if (!(error instanceof ProviderError) || error.code !== 'UPSTREAM.CONTEXT_TOO_LONG') throw error;
      const smaller = this.requests.shrink(attempt.built, error);
      if (smaller === null || signal.aborted || error.partialText !== '') throw error;
      this.log('warn', attempt, { detail: error.logDetail }, 'the prompt was too long; asking with less of the past');
      attempt.built = smaller;
      await this.countExtraRequest(attempt, error);
      return this.complete(attempt, watch, signal);
    }
  }

  private async complete(attempt: Attempt, watch: CallWatch, signal: AbortSignal): Promise<CompletionResult> {
    const { stream, turn, built } = attempt;
    const { request, release } = await this.pictures.load(built.request, turn.userId);
    try {
      return await this.provider.complete(request, {
        signal,
        onRateLimits: (limits) => watch.onRateLimits(limits),
        onDelta: (text) => {
          watch.onDelta();
          stream.add(text);
        },
        onToolCall: (call) => stream.toolCall(call),
        onExtraRequest: async (refusal) => {
          const { code, refusedField: field, logDetail: detail } = refusal;
          this.log(
            'warn',
            attempt,
            { code, field, detail },
            'the upstream refused a part of the request; asked without it',
          );
          await this.countExtraRequest(attempt, refusal);
        },
      });
    } finally {
      release();
    }
  }

  /** The upstream gets two requests, so the ledger gets two rows. */
  private async countExtraRequest(attempt: Attempt, refusal: ProviderError): Promise<void> {
    await this.ledger.closeFailed(attempt.call, refusal);
    const next = await this.turns.beginExtraAttempt(attempt.turn, attempt.token);
    if (next === null) throw new ProviderError('UPSTREAM.CANCELLED', { logDetail: 'the turn is not ours any more' });
    attempt.turn = { ...attempt.turn, attempt: next };
    attempt.call = await this.openCall(attempt.turn, attempt.persona, attempt.built.request);
  }

  private async commitReply(attempt: Attempt, result: CompletionResult): Promise<TurnResult> {
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
      },
    };
    return this.commit(attempt, outcome, await this.ledger.rateAnswer(attempt.call, result));
  }

  /** What was written until the sender stopped it is kept. Where the upstream did not say what it cost, it is estimated, and marked so. */
  private async commitCancelled(attempt: Attempt, error: ProviderError): Promise<TurnResult> {
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

  private async commit(attempt: Attempt, outcome: Outcome, closing: RatedCall): Promise<TurnResult> {
    const { turn, token } = attempt;
    const [finish] = await this.database.transactionAtOnce(() =>
      Promise.all([this.turns.finish(turn, token, outcome), this.ledger.close(closing)]),
    );
    const status = finish === 'not-ours' ? await this.turns.wasFinished(turn) : finish.status;
    if (status === undefined) return 'not-ours';
    this.turns.announce(turn, status);
    if (attempt.modelIndex > 0) this.metrics.fallbackUsed(attempt.built.request.model);
    this.summaries.afterTurn(turn, attempt.built.fitted.firstSeq);
    const { tokensUsed, modelUsed } = outcome.message;
    this.log('info', attempt, { tokens: tokensUsed, model: modelUsed }, `turn ${status}`);
    return finish !== 'not-ours' && finish.isReleased ? 'released' : 'finished';
  }

  private async handleFailure(attempt: Attempt, error: ProviderError, signal: AbortSignal): Promise<TurnResult> {
    const { turn, token, stream } = attempt;
    if (signal.aborted || error.code === 'UPSTREAM.CANCELLED') {
      // Stopped from our side (lease lost, or this process ends): the turn goes back, and that costs it none of its retries.
      await this.streams.close(stream);
      const isBack = await this.database.transaction(async () => {
        const returned = await this.turns.putBack(turn, token);
        await this.ledger.closeFailed(attempt.call, error);
        return returned;
      });
      return isBack ? 'postponed' : 'not-ours';
    }
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
    this.log(
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
      return this.giveUp(attempt, { code: error.code, text: fallbackText(error.code), failed: { attempt, error } });
    }
    this.metrics.retried(error.code);
    const next: ModelChoice =
      step.kind === 'next-model'
        ? { modelIndex: step.modelIndex, spentAttempts: failed }
        : { modelIndex: attempt.modelIndex, spentAttempts: spent };
    // The next attempt goes on after the numbers that this one has told.
    await this.streams.close(stream);
    const isOurs = await this.database.transaction(async () => {
      const postponed = await this.turns.postpone(turn, token, step.kind === 'retry' ? step.delayMs : 0, next);
      await this.ledger.closeFailed(attempt.call, error);
      return postponed;
    });
    return isOurs ? 'postponed' : 'not-ours';
  }

  /** The visible failure: a message in plain words where the reply would have been. */
  private async giveUp(
    begun: Pick<Attempt, 'turn' | 'token' | 'startedAt' | 'stream'>,
    { code, text, failed }: Ending,
  ): Promise<TurnResult> {
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
    const finish = await this.database.transaction(async () => {
      const committed = await this.turns.finish(turn, token, outcome);
      if (failed !== undefined) await this.ledger.closeFailed(failed.attempt.call, failed.error);
      return committed;
    });
    if (finish === 'not-ours') return finish;
    this.turns.announce(turn, finish.status);
    return finish.isReleased ? 'released' : 'finished';
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

/** The model that was asked for first, when another one answers. */
const fallbackFrom = ({ models, modelIndex }: Attempt): string | null =>
  modelIndex > 0 ? models[0]!.slice(0, MAX_MODEL_LENGTH) : null;

/** Ends the stream's text, so that the turn's end has the number after it. */
function lastEventOf(stream: OutgoingStream): number | null {
  stream.end();
  return stream.finalNumber;
}

const responseTime = ({ turn, startedAt }: Pick<Attempt, 'turn' | 'startedAt'>): number =>
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
