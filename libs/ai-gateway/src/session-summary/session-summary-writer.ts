import { type HistoryTurn, SummariesService } from '@app/conversations';
import { PersonasService } from '@app/personas';
import { AppConfig } from '@app/platform';
import type { SummaryTicket } from '@app/sessions';
import { Injectable } from '@nestjs/common';
import { PromptFitter } from '../context';
import { ProviderError } from '../provider';
import { RedactionService } from '../redaction';
import { chunkOf, storedSummary, type SummaryCall, SummaryCaller } from '../summary';
import {
  SESSION_SUMMARY_INSTRUCTIONS,
  SESSION_SUMMARY_MAX_CHARACTERS,
  SESSION_SUMMARY_MAX_TOKENS,
  sessionSummaryInput,
} from './session-summary-prompt';

/** What one call reads at most; most sessions are shorter, so one call is all they take. */
const CHUNK_TOKENS = 24_000;
const PAGE_TURNS = 100;
/** A session of more than a million tokens is summed up as far as that. */
const MAX_CALLS = 50;
const MAX_SEQ = 2_147_483_647;

/** Everything about the calls of one summary but what they read. */
type Frame = Omit<SummaryCall, 'input'>;

/** Writes the summary of one session, in as many calls as its length takes. */
@Injectable()
export class SessionSummaryWriter {
  constructor(
    private readonly summaries: SummariesService,
    private readonly personas: PersonasService,
    private readonly fitter: PromptFitter,
    private readonly caller: SummaryCaller,
    private readonly redactions: RedactionService,
    private readonly config: AppConfig,
  ) {}

  /** Null when there is nothing to sum up, or nobody to do it: the persona is deleted. @throws ProviderError */
  async write({ conversationId, goals }: SummaryTicket, signal: AbortSignal): Promise<string | null> {
    const frame = await this.frameOf(conversationId);
    if (frame === null) return null;
    const room = this.fitter.room(frame.model, SESSION_SUMMARY_MAX_TOKENS) - 2 * SESSION_SUMMARY_MAX_TOKENS;
    const tokens = Math.max(100, Math.min(CHUNK_TOKENS, room));
    let summary = '';
    let throughSeq = 0;
    for (let calls = 0; calls < MAX_CALLS; calls += 1) {
      const page = await this.summaries.turnsBetween(conversationId, throughSeq, MAX_SEQ, PAGE_TURNS, 'whole');
      const turns = page.filter(saysSomething);
      const chunk = chunkOf(turns, tokens);
      if (chunk.length > 0) {
        summary = await this.ask({ ...frame, input: sessionSummaryInput(goals, summary, chunk) }, signal);
      }
      const isPageDone = chunk.length === turns.length;
      if (isPageDone && page.length < PAGE_TURNS) break;
      throughSeq = (isPageDone ? page : chunk).at(-1)!.userSeq;
    }
    return summary === '' ? null : summary;
  }

  private async frameOf(conversationId: number): Promise<Frame | null> {
    const [newest] = await this.summaries.newestTurns(conversationId, 1, 'whole');
    if (newest === undefined) return null;
    const subject = await this.summaries.subjectOf(conversationId, newest.turnId);
    if (subject === undefined || subject.personaVersion === null) return null;
    const persona = await this.personas.version(subject.personaId, subject.personaVersion);
    if (persona === null) return null;
    return {
      conversationId,
      turnId: newest.turnId,
      subject,
      personaVersionId: persona.id,
      model: this.config.limits.summaryModel ?? persona.model ?? this.config.openai.model,
      instructions: SESSION_SUMMARY_INSTRUCTIONS,
      maxTokens: SESSION_SUMMARY_MAX_TOKENS,
      redaction: this.redactions.forConversation(persona.piiRedaction, conversationId),
    };
  }

  private async ask(call: SummaryCall, signal: AbortSignal): Promise<string> {
    const result = await this.caller.call(call, signal);
    const text = result.finish === 'refusal' ? '' : storedSummary(result.text, SESSION_SUMMARY_MAX_CHARACTERS);
    if (text === '') throw new ProviderError('UPSTREAM.EMPTY_ANSWER', { logDetail: 'no summary in the answer' });
    return text;
  }
}

const saysSomething = ({ user, reply }: HistoryTurn): boolean => Boolean(user ?? reply);
