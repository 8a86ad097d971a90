import type { SummarySubject } from '@app/conversations';
import { Inject, Injectable } from '@nestjs/common';
import { CallBudgets, isBudgetRefusal, type Release } from '../budgets';
import { CompletionRequestBuilder } from '../completion-request.builder';
import { LedgerService, type OpenCall } from '../ledger.service';
import { admitOrWait, CallPass, Protection } from '../protection';
import { type CompletionProvider, type CompletionRequest, type CompletionResult, ProviderError } from '../provider';
import { COMPLETION_PROVIDER } from '../provider-info';
import { completeRedacted, type Redaction } from '../redaction';

const MAX_MODEL_LENGTH = 200;

/** A model that is held back for longer is asked after the pause that follows a failure. */
const LONGEST_WAIT_MS = 10_000;

/** One call for a summary. */
export interface SummaryCall {
  /** As what the ledger books it; a summary unless said. */
  purpose?: 'summary' | 'draft';
  conversationId: number;
  /** The turn after which it is made; the ledger books it there. */
  turnId: number;
  subject: SummarySubject;
  personaVersionId: number;
  model: string;
  instructions: string;
  input: string;
  /** Longest answer. */
  maxTokens: number;
  /** Null: nothing is hidden from the upstream. */
  redaction: Redaction | null;
}

/** Makes the model call of a summary: its own rows in the ledger, the same provider, nothing of the persona's prompt. */
@Injectable()
export class SummaryCaller {
  constructor(
    private readonly ledger: LedgerService,
    private readonly requests: CompletionRequestBuilder,
    private readonly protection: Protection,
    private readonly budgets: CallBudgets,
    @Inject(COMPLETION_PROVIDER) private readonly provider: CompletionProvider,
  ) {}

  /** @throws ProviderError when there is no answer; its ledger row is closed then. Without one, and a call, while the model is held back. */
  async call(summary: SummaryCall, signal: AbortSignal): Promise<CompletionResult> {
    const request: CompletionRequest = {
      model: summary.model,
      instructions: summary.instructions,
      input: [{ role: 'user', content: summary.input }],
      temperature: 0,
      maxOutputTokens: summary.maxTokens,
      // A stored prompt is about answering people.
      prompt: null,
      safetyIdentifier: this.requests.safetyIdentifier(summary.subject.userId),
      correlationId: `${summary.purpose ?? 'summary'}-${summary.turnId}`,
    };
    const giveBack = await this.hold(summary, request);
    try {
      const pass = await this.admit(request, signal);
      try {
        return await this.make(summary, request, pass, signal);
      } finally {
        pass.release();
      }
    } finally {
      await giveBack();
    }
  }

  private async hold({ subject }: SummaryCall, request: CompletionRequest): Promise<Release> {
    try {
      return await this.budgets.hold(subject, request);
    } catch (error) {
      if (!isBudgetRefusal(error)) throw error;
      throw new ProviderError('UPSTREAM.RATE_LIMITED', { logDetail: `not asked: ${error.code}` });
    }
  }

  /** A summary can wait: replies need what is left of the model's limit. */
  private async admit(request: CompletionRequest, signal: AbortSignal): Promise<CallPass> {
    const admission = await admitOrWait(this.protection, request, LONGEST_WAIT_MS, signal);
    if (admission instanceof CallPass) return admission;
    throw new ProviderError('UPSTREAM.RATE_LIMITED', {
      retryAfterMs: admission.delayMs,
      logDetail: `not asked: ${admission.code}`,
    });
  }

  private async make(
    summary: SummaryCall,
    request: CompletionRequest,
    pass: CallPass,
    signal: AbortSignal,
  ): Promise<CompletionResult> {
    let open = await this.open(summary);
    try {
      const result = await pass.run((watch) =>
        completeRedacted(this.provider, summary.redaction, request, {
          signal,
          onRateLimits: (limits) => watch.onRateLimits(limits),
          onDelta: () => watch.onDelta(),
          onExtraRequest: async (refusal) => {
            await this.ledger.closeFailed(open, refusal);
            open = await this.open(summary);
          },
        }),
      );
      await this.ledger.close(await this.ledger.rateAnswer(open, result));
      return result;
    } catch (error) {
      if (error instanceof ProviderError) await this.ledger.closeFailed(open, error);
      throw error;
    }
  }

  private async open({
    purpose = 'summary',
    conversationId,
    turnId,
    subject,
    personaVersionId,
    model,
  }: SummaryCall): Promise<OpenCall> {
    return this.ledger.open(
      {
        workspaceId: subject.workspaceId,
        userId: subject.userId,
        personaId: subject.personaId,
        personaVersionId,
        conversationId,
        turnId,
        purpose,
        channel: subject.channel,
        experimentId: subject.experimentId,
        attempt: await this.ledger.nextAttempt(turnId, purpose),
        modelRequested: model.slice(0, MAX_MODEL_LENGTH),
        queueMs: null,
        serviceTier: null,
      },
      this.provider.info,
    );
  }
}
