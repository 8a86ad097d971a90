import { Inject, Injectable } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import { CallBudgets, type Release } from '../budgets';
import { LedgerService, type OpenCall } from '../ledger.service';
import { estimateUsage } from '../message-usage';
import { PromptPictures } from '../prompt-pictures';
import { admitOrWait, CallPass, Protection } from '../protection';
import { type CompletionHooks, type CompletionProvider, type CompletionResult, ProviderError } from '../provider';
import { COMPLETION_PROVIDER } from '../provider-info';
import { completeRedacted, RedactionService } from '../redaction';
import { MAX_MODEL_LENGTH } from '../turn-attempt';
import { type Preview, PREVIEW_CHANNEL } from './preview';
import { previewHeld } from './preview.errors';

/** Somebody waits in front of a screen: a model that is held back for longer is told instead. */
const LONGEST_WAIT_MS = 5_000;

/** A preview that may be made, and is in the ledger. It must be `run`. */
export interface OpenPreview {
  preview: Preview;
  pass: CallPass;
  call: OpenCall;
  /** What was held in the budgets. */
  giveBack: Release;
}

export interface PreviewAnswer {
  result: CompletionResult;
  /** Null when it is not known. */
  costUsdMicros: number | null;
}

export type PreviewHooks = Pick<CompletionHooks, 'onDelta' | 'onToolCall'>;

/** Makes the one model call of a preview: no retry, no other model, but everything that protects and accounts for a call. */
@Injectable()
export class PreviewCaller {
  constructor(
    private readonly ledger: LedgerService,
    private readonly budgets: CallBudgets,
    private readonly pictures: PromptPictures,
    private readonly protection: Protection,
    private readonly redactions: RedactionService,
    @Inject(COMPLETION_PROVIDER) private readonly provider: CompletionProvider,
    private readonly logger: PinoLogger,
  ) {}

  /**
   * Takes room in the budgets, and asks whether the model may be called.
   * @throws AppError 429 BUDGET.EXCEEDED, 409 BUDGET.PRICE_UNKNOWN, 503 when no call may be made now; nothing is in the ledger then
   */
  async open(preview: Preview, signal: AbortSignal): Promise<OpenPreview> {
    const { persona, userId, built } = preview;
    const { workspaceId, personaId } = persona;
    const giveBack = await this.budgets.hold({ workspaceId, userId, personaId }, built.request);
    let pass: CallPass | undefined;
    try {
      const admission = await admitOrWait(this.protection, built.request, LONGEST_WAIT_MS, signal);
      if (!(admission instanceof CallPass)) throw previewHeld(admission);
      pass = admission;
      return { preview, pass, giveBack, call: await this.begin(preview, 1) };
    } catch (error) {
      pass?.release();
      await giveBack();
      throw error;
    }
  }

  /** @throws ProviderError when there is no answer. Whatever happens, the ledger row is closed and the pass is given back. */
  async run(open: OpenPreview, hooks: PreviewHooks, signal: AbortSignal): Promise<PreviewAnswer> {
    const { pass, giveBack } = open;
    try {
      const { result, call } = await this.ask(open, hooks, signal);
      const rated = await this.ledger.rateAnswer(call, result);
      await this.ledger.close(rated);
      return { result, costUsdMicros: rated.closed.costUsdMicros };
    } finally {
      pass.release();
      await giveBack();
    }
  }

  /** @throws ProviderError after the ledger row is closed */
  private async ask(
    { preview, pass, call: first }: OpenPreview,
    hooks: PreviewHooks,
    signal: AbortSignal,
  ): Promise<{ result: CompletionResult; call: OpenCall }> {
    const { persona, userId } = preview;
    const redaction = this.redactions.forText(persona.piiRedaction, `preview:${userId}:${persona.id}`);
    let call = first;
    let attempt = 1;
    try {
      const result = await pass.run(async (watch) => {
        const { request, release } = await this.pictures.load(preview.built.request, preview.userId, signal);
        try {
          return await completeRedacted(this.provider, redaction, request, {
            ...hooks,
            signal,
            onRateLimits: (limits) => watch.onRateLimits(limits),
            onDelta: (text) => {
              watch.onDelta();
              hooks.onDelta(text);
            },
            // The upstream gets two requests, so the ledger gets two rows.
            onExtraRequest: async (refusal) => {
              await this.ledger.closeFailed(call, refusal);
              attempt += 1;
              call = await this.begin(preview, attempt);
            },
          });
        } finally {
          release();
        }
      });
      return { result, call };
    } catch (error) {
      const failure =
        error instanceof ProviderError ? error : new ProviderError('UPSTREAM.CANCELLED', { cause: error });
      await this.fail(preview, call, failure);
      throw error;
    }
  }

  /** Before the request goes out: what is not in the ledger must not have happened. */
  private async begin({ userId, persona, built }: Preview, attempt: number): Promise<OpenCall> {
    return this.ledger.open(
      {
        workspaceId: persona.workspaceId,
        userId,
        personaId: persona.personaId,
        personaVersionId: persona.id,
        conversationId: null,
        turnId: null,
        purpose: 'preview',
        channel: PREVIEW_CHANNEL,
        attempt,
        modelRequested: built.request.model.slice(0, MAX_MODEL_LENGTH),
        queueMs: null,
        serviceTier: built.request.serviceTier ?? null,
      },
      this.provider.info,
    );
  }

  /** Where it was stopped after text had come, and the upstream did not say what that cost, it is estimated, and marked so. */
  private async fail(preview: Preview, call: OpenCall, error: ProviderError): Promise<void> {
    const isEstimate = error.usage === null && error.code === 'UPSTREAM.CANCELLED' && error.partialText !== '';
    const usage = isEstimate ? estimateUsage(preview.built.request, error.partialText) : error.usage;
    await this.ledger.close(await this.ledger.rateFailure(call, error, usage, isEstimate));
    const level = error.code === 'UPSTREAM.CANCELLED' ? 'info' : 'warn';
    const { personaId, version } = preview.persona;
    this.logger[level](
      { persona_id: personaId, persona_version: version, code: error.code, detail: error.logDetail },
      'a preview has no answer',
    );
  }
}
