import { SummariesService, type SummaryClaim } from '@app/conversations';
import { PersonasService } from '@app/personas';
import { AppConfig, JobWorker } from '@app/platform';
import { SessionPrompts } from '@app/sessions';
import { type BeforeApplicationShutdown, Injectable, type OnModuleInit } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import { CompletionRequestBuilder } from '../completion-request.builder';
import { PromptFitter } from '../context';
import { notesOf } from '../prompt';
import { storedCount } from '../ledger.service';
import { ProviderError } from '../provider';
import { RedactionService } from '../redaction';
import { SummaryCaller, type SummaryCall } from './summary-caller';
import { chunkOf, isEnough } from './summary-need';
import { storedSummary, SUMMARY_INSTRUCTIONS, SUMMARY_MAX_TOKENS, summaryInput } from './summary-prompt';
import { SummaryRequests } from './summary-requests';

/** Jobs share one set of slots with wake-ups; of ten at most one may be held by a summary, so that none of them keeps a reply waiting. */
const SLOTS_PER_SUMMARY = 10;
/** Longer than a call can take: a claim that was left by a dead worker ends by itself. */
const CLAIM_SLACK_MS = 30_000;
/** After failures in a row the pause doubles, from here to there: an upstream that refuses is not asked once per turn. */
const FIRST_PAUSE_MS = 60_000;
const LONGEST_PAUSE_MS = 3_600_000;
/** What one call reads at most: more makes summaries shallow, and a long conversation catches up over several calls. */
const CHUNK_TURNS = 100;
const CHUNK_TOKENS = 8_000;
const MAX_SEQ = 2_147_483_647;

interface Plan {
  call: SummaryCall;
  throughSeq: number;
  /** Turns are left for another call. */
  hasMore: boolean;
}

/** Keeps the rolling summary of conversations. Nothing here is on the way of a reply: whatever fails is logged and done again after a later turn. */
@Injectable()
export class ConversationSummariser implements OnModuleInit, BeforeApplicationShutdown {
  private readonly running = new Set<Promise<void>>();
  private readonly shutdown = new AbortController();

  constructor(
    private readonly worker: JobWorker,
    private readonly summaries: SummariesService,
    private readonly personas: PersonasService,
    private readonly sessions: SessionPrompts,
    private readonly requests: CompletionRequestBuilder,
    private readonly fitter: PromptFitter,
    private readonly caller: SummaryCaller,
    private readonly asking: SummaryRequests,
    private readonly redactions: RedactionService,
    private readonly config: AppConfig,
    private readonly logger: PinoLogger,
  ) {}

  onModuleInit(): void {
    this.worker.register('conversation.summarise', ({ conversationId, turnId }) => this.run(conversationId, turnId));
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.shutdown.abort();
    await Promise.allSettled(this.running);
  }

  private async run(conversationId: number, turnId: number): Promise<void> {
    const slots = Math.max(1, Math.floor(this.config.engine.workerConcurrency / SLOTS_PER_SUMMARY));
    if (!this.config.limits.summarises || this.running.size >= slots || this.shutdown.signal.aborted) return;
    const work = this.summarise(conversationId, turnId);
    this.running.add(work);
    try {
      await work;
    } catch (error) {
      // The queue must not try again: the next turn does.
      this.logger.warn({ err: error, conversation_id: conversationId }, 'a summary could not be made');
    } finally {
      this.running.delete(work);
    }
  }

  private async summarise(conversationId: number, turnId: number): Promise<void> {
    const claim = await this.summaries.claim(conversationId, this.config.openai.totalTimeoutMs + CLAIM_SLACK_MS);
    if (claim === undefined) return;
    let failed: { delayMs: number } | null = null;
    try {
      const plan = await this.plan(conversationId, turnId, claim);
      if (plan === null) return;
      const result = await this.caller.call(plan.call, this.shutdown.signal);
      const content = result.finish === 'refusal' ? '' : storedSummary(result.text);
      if (content === '') throw new ProviderError('UPSTREAM.EMPTY_ANSWER', { logDetail: 'no summary in the answer' });
      const isStored = await this.summaries.store(conversationId, claim, {
        content,
        throughSeq: plan.throughSeq,
        tokens: storedCount(result.usage.outputTokens),
        model: result.model.slice(0, 200),
      });
      this.logger.info({ conversation_id: conversationId, turn_id: turnId, through_seq: plan.throughSeq, is_stored: isStored }, 'summary made'); // prettier-ignore
      if (plan.hasMore && isStored) this.asking.ask(conversationId, turnId);
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      if (this.shutdown.signal.aborted) return;
      failed = { delayMs: pauseAfter(claim.failures, error.retryAfterMs) };
      this.logger.warn(
        { conversation_id: conversationId, code: error.code, detail: error.logDetail, pause_ms: failed.delayMs },
        'a summary could not be made',
      );
    } finally {
      // Changes nothing when one was stored: then the claim's revision has passed.
      await this.summaries.giveBack(conversationId, claim, failed);
    }
  }

  /** Null when there is nothing to do. */
  private async plan(conversationId: number, turnId: number, claim: SummaryClaim): Promise<Plan | null> {
    const subject = await this.summaries.subjectOf(conversationId, turnId);
    if (subject === undefined || subject.personaVersion === null) return null;
    const persona = await this.personas.version(subject.personaId, subject.personaVersion);
    if (persona === null) return null;
    const { limits, openai } = this.config;
    const history = await this.summaries.newestTurns(conversationId, limits.maxConversationHistory);
    // Where the next prompt will begin.
    const { firstSeq } = this.fitter.fit({
      model: persona.model ?? openai.model,
      instructions: this.requests.instructionsOf(persona, await this.sessions.of({ ...subject, conversationId })),
      notes: claim.content === '' ? null : notesOf(claim.content),
      history,
      content: '',
      images: [],
      maxOutputTokens: persona.maxTokens ?? openai.maxTokens,
    });
    const fallen = await this.summaries.turnsBetween(
      conversationId,
      claim.throughSeq,
      firstSeq ?? MAX_SEQ,
      CHUNK_TURNS,
    );
    if (!isEnough(fallen)) return null;
    const model = limits.summaryModel ?? persona.model ?? openai.model;
    const room = this.fitter.room(model, SUMMARY_MAX_TOKENS) - 2 * SUMMARY_MAX_TOKENS;
    const chunk = chunkOf(fallen, Math.max(100, Math.min(CHUNK_TOKENS, room)));
    return {
      call: {
        conversationId,
        turnId,
        subject,
        personaVersionId: persona.id,
        model,
        instructions: SUMMARY_INSTRUCTIONS,
        maxTokens: SUMMARY_MAX_TOKENS,
        input: summaryInput(claim.content, chunk),
        redaction: this.redactions.forConversation(persona.piiRedaction, conversationId),
      },
      throughSeq: chunk.at(-1)!.userSeq,
      hasMore: fallen.length === CHUNK_TURNS || isEnough(fallen.slice(chunk.length)),
    };
  }
}

const pauseAfter = (failures: number, retryAfterMs: number | null): number =>
  Math.min(LONGEST_PAUSE_MS, Math.max(retryAfterMs ?? 0, FIRST_PAUSE_MS * 2 ** Math.min(failures, 10)));
