import { setTimeout as delay } from 'node:timers/promises';
import { AppError } from '@app/kernel';
import {
  contentOf,
  isSameContent,
  personaForbidden,
  PersonaHistoryService,
  PersonasService,
  type PersonaVersionSnapshot,
} from '@app/personas';
import { AppConfig, type Principal } from '@app/platform';
import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { CompletionRequestBuilder } from '../completion-request.builder';
import { ProviderError } from '../provider';
import { type Preview, PREVIEW_CHANNEL, type PreviewInput, turnsOf } from './preview';
import { type OpenPreview, type PreviewAnswer, PreviewCaller, type PreviewHooks } from './preview-caller';
import { previewCutOff, previewProblem, tooManyPreviews } from './preview.errors';

/** At one api process. Each holds a connection to the model. */
const PREVIEWS_PER_USER = 3;
/** On top of what one request may take: for waiting, and for asking again without a field that the upstream refuses. */
const TOTAL_SLACK_MS = 10_000;
/** How long running previews may go on when the process is asked to end. */
const SHUTDOWN_GRACE_MS = 3_000;

/** A preview that runs; `finish` makes the call, and must be called. */
export interface RunningPreview {
  preview: Preview;
  /** @throws AppError when there is no answer */
  finish(hooks: PreviewHooks): Promise<PreviewAnswer>;
}

/** Shows how a persona answers, without keeping anything of what is said. */
@Injectable()
export class PreviewsService implements BeforeApplicationShutdown {
  private readonly runningByUser = new Map<number, number>();
  private readonly running = new Set<Promise<unknown>>();
  private readonly shutdown = new AbortController();

  constructor(
    private readonly personas: PersonasService,
    private readonly history: PersonaHistoryService,
    private readonly requests: CompletionRequestBuilder,
    private readonly caller: PreviewCaller,
    private readonly config: AppConfig,
  ) {}

  /**
   * Checks everything that can be checked before the model is asked, and writes the call into the ledger.
   * @param signal aborted when nobody waits for the answer any more
   * @throws 403 PERSONA.FORBIDDEN, 404 PERSONA.NOT_FOUND or PERSONA.VERSION_NOT_FOUND, 429 PREVIEW.TOO_MANY, 503 while the model is held back
   */
  async begin(
    principal: Principal,
    personaId: number,
    input: PreviewInput,
    { correlationId, signal }: { correlationId: string; signal: AbortSignal },
  ): Promise<RunningPreview> {
    const release = this.count(principal.userId);
    try {
      const preview = await this.prepare(principal, personaId, input, correlationId);
      const deadline = AbortSignal.timeout(this.config.openai.totalTimeoutMs + TOTAL_SLACK_MS);
      const either = AbortSignal.any([signal, deadline, this.shutdown.signal]);
      const open = await this.caller.open(preview, either);
      return {
        preview,
        finish: (hooks) => this.track(this.finish(open, hooks, either, { caller: signal, deadline }).finally(release)),
      };
    } catch (error) {
      release();
      throw error instanceof AppError && signal.aborted ? previewCutOff() : error;
    }
  }

  async beforeApplicationShutdown(): Promise<void> {
    const all = Promise.allSettled(this.running);
    await Promise.race([all, delay(SHUTDOWN_GRACE_MS, undefined, { ref: false })]);
    this.shutdown.abort();
    await all;
  }

  private async prepare(
    principal: Principal,
    personaId: number,
    input: PreviewInput,
    correlationId: string,
  ): Promise<Preview> {
    const persona = await this.personas.get(principal, personaId);
    if (!persona.canEdit) throw personaForbidden(personaId);
    const stored = await this.history.get(principal, personaId, input.version ?? persona.version);
    const content = { ...contentOf(stored), ...input.changes };
    const { id, workspaceId, version } = stored;
    const snapshot: PersonaVersionSnapshot = { id, personaId, workspaceId, version, ...content };
    const built = this.requests.build(
      {
        workspaceId,
        channel: PREVIEW_CHANNEL,
        userId: principal.userId,
        conversationId: null,
        content: input.content,
        images: input.images,
        history: turnsOf(input.history),
        summary: null,
        correlationId,
      },
      snapshot,
    );
    if (built.fitted.isSurelyTooLong) throw previewProblem(new ProviderError('UPSTREAM.CONTEXT_TOO_LONG'));
    return {
      userId: principal.userId,
      persona: snapshot,
      isChanged: !isSameContent(stored, content),
      built,
    };
  }

  private async finish(
    open: OpenPreview,
    hooks: PreviewHooks,
    signal: AbortSignal,
    { caller, deadline }: Record<'caller' | 'deadline', AbortSignal>,
  ): Promise<PreviewAnswer> {
    try {
      return await this.caller.run(open, hooks, signal);
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      if (caller.aborted) throw previewCutOff();
      throw previewProblem(deadline.aborted ? new ProviderError('UPSTREAM.TIMEOUT', { cause: error }) : error);
    }
  }

  /** @returns what is to be called when it has ended */
  private count(userId: number): () => void {
    const running = this.runningByUser.get(userId) ?? 0;
    if (running >= PREVIEWS_PER_USER) throw tooManyPreviews(PREVIEWS_PER_USER);
    this.runningByUser.set(userId, running + 1);
    return () => {
      const left = (this.runningByUser.get(userId) ?? 1) - 1;
      if (left > 0) this.runningByUser.set(userId, left);
      else this.runningByUser.delete(userId);
    };
  }

  private track<T>(work: Promise<T>): Promise<T> {
    this.running.add(work);
    void work.catch(() => undefined).finally(() => this.running.delete(work));
    return work;
  }
}
