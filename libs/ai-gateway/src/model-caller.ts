import { type BegunTurn, TurnWorkService } from '@app/conversations';
import type { PersonaVersionSnapshot } from '@app/personas';
import { Inject, Injectable } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import { CompletionRequestBuilder } from './completion-request.builder';
import { type Answer, ConversationStateService } from './conversation-state';
import { LedgerService, type OpenCall } from './ledger.service';
import { PromptPictures, withReadPictures } from './prompt-pictures';
import type { CallWatch } from './protection';
import { type CompletionProvider, type CompletionRequest, type CompletionResult, ProviderError } from './provider';
import { COMPLETION_PROVIDER } from './provider-info';
import { completeRedacted, type Redaction, RedactionService } from './redaction';
import { type Attempt, logAttempt, MAX_MODEL_LENGTH } from './turn-attempt';

/** One attempt while it asks. */
interface Asking {
  attempt: Attempt;
  /** Null: nothing is hidden from the upstream. */
  redaction: Redaction | null;
  watch: CallWatch;
  signal: AbortSignal;
}

/** Asks the model for one attempt of a turn: as many requests as that takes, each with a ledger row of its own. */
@Injectable()
export class ModelCaller {
  constructor(
    private readonly turns: TurnWorkService,
    private readonly requests: CompletionRequestBuilder,
    private readonly states: ConversationStateService,
    private readonly pictures: PromptPictures,
    private readonly ledger: LedgerService,
    private readonly redactions: RedactionService,
    @Inject(COMPLETION_PROVIDER) private readonly provider: CompletionProvider,
    private readonly logger: PinoLogger,
  ) {}

  /** Before the request goes out: what is not in the ledger must not have happened. */
  openCall(turn: BegunTurn, persona: PersonaVersionSnapshot, request: CompletionRequest): Promise<OpenCall> {
    return this.ledger.open(
      {
        workspaceId: turn.workspaceId,
        userId: turn.userId,
        personaId: turn.personaId,
        personaVersionId: persona.id,
        conversationId: turn.conversationId,
        turnId: turn.turnId,
        purpose: 'reply',
        channel: turn.channel,
        experimentId: turn.experimentId,
        attempt: turn.attempt,
        modelRequested: request.model.slice(0, MAX_MODEL_LENGTH),
        queueMs: Math.max(0, turn.queueMs),
        serviceTier: request.serviceTier ?? null,
      },
      this.provider.info,
    );
  }

  /** @throws ProviderError when there is no answer */
  async answer(attempt: Attempt, watch: CallWatch, signal: AbortSignal): Promise<Answer> {
    const { turn, token, persona, built } = attempt;
    const redaction = this.redactions.forTurn(persona.piiRedaction, turn);
    const { request, release } = await this.pictures.load(built.request, turn.userId, signal);
    const asking: Asking = { attempt, redaction, watch, signal };
    try {
      return await this.states.answer({
        turn,
        token,
        personaState: persona.conversationState,
        request,
        signal,
        hasBackground: (built.parts.background ?? []).length > 0,
        redaction,
        redactionSignature: this.redactions.signatureOf(persona.piiRedaction),
        // What a conversation at the upstream holds is not ours to cut.
        ask: (asked) =>
          asked.conversationId === undefined ? this.completeInWindow(asking, asked) : this.complete(asking, asked),
        onExtraRequest: (failure) => this.countExtraRequest(attempt, failure),
      });
    } finally {
      release();
    }
  }

  /** When the model refuses the prompt as too long, asks once more with less of the past. */
  private async completeInWindow(asking: Asking, request: CompletionRequest): Promise<CompletionResult> {
    const { attempt, signal } = asking;
    try {
      return await this.complete(asking, request);
    } catch (error) {
      if (!(error instanceof ProviderError) || error.code !== 'UPSTREAM.CONTEXT_TOO_LONG') throw error;
      const smaller = this.requests.shrink(attempt.built, error);
      if (smaller === null || signal.aborted || error.partialText !== '') throw error;
      logAttempt(
        this.logger,
        'warn',
        attempt,
        { detail: error.logDetail },
        'the prompt was too long; asking with less of the past',
      );
      attempt.built = smaller;
      await this.countExtraRequest(attempt, error);
      const input = withReadPictures(smaller.request.input, request.input);
      return this.complete(asking, { ...smaller.request, input });
    }
  }

  private complete(asking: Asking, request: CompletionRequest): Promise<CompletionResult> {
    const { attempt, redaction, watch, signal } = asking;
    return completeRedacted(this.provider, redaction, request, {
      signal,
      onRateLimits: (limits) => watch.onRateLimits(limits),
      onDelta: (text) => {
        watch.onDelta();
        attempt.stream.add(text);
      },
      onToolCall: (call) => attempt.stream.toolCall(call),
      onExtraRequest: async (refusal) => {
        const { code, refusedField: field, logDetail: detail } = refusal;
        logAttempt(
          this.logger,
          'warn',
          attempt,
          { code, field, detail },
          'the upstream refused a part of the request; asked without it',
        );
        await this.countExtraRequest(attempt, refusal);
      },
    });
  }

  /** The upstream gets two requests, so the ledger gets two rows. */
  private async countExtraRequest(attempt: Attempt, failure: ProviderError): Promise<void> {
    await this.ledger.closeFailed(attempt.call, failure);
    const next = await this.turns.beginExtraAttempt(attempt.turn, attempt.token);
    if (next === null) throw new ProviderError('UPSTREAM.CANCELLED', { logDetail: 'the turn is not ours any more' });
    // It is no retry, so it costs none.
    attempt.turn = { ...attempt.turn, attempt: next, spentAttempts: attempt.turn.spentAttempts + 1 };
    attempt.stream.attempt = next;
    attempt.call = await this.openCall(attempt.turn, attempt.persona, attempt.built.request);
  }
}
