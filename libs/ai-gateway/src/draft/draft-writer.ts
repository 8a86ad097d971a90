import { type HistoryTurn, SummariesService } from '@app/conversations';
import { PersonasService } from '@app/personas';
import { AppConfig } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { RedactionService } from '../redaction';
import { chunkOf, SummaryCaller } from '../summary';
import { type Draft, DRAFT_INSTRUCTIONS, DRAFT_MAX_TOKENS, draftInput, readDraft } from './draft-prompt';

/** What one call reads at most: the newest. */
const READ_TOKENS = 8_000;
const READ_TURNS = 50;

/** Writes a summary and a reply for the person who takes a conversation over. */
@Injectable()
export class DraftWriter {
  constructor(
    private readonly summaries: SummariesService,
    private readonly personas: PersonasService,
    private readonly caller: SummaryCaller,
    private readonly redactions: RedactionService,
    private readonly config: AppConfig,
  ) {}

  /** Null when there is nothing to read, or nobody to ask: the persona is deleted. Its call is in the ledger (purpose `draft`). @throws ProviderError */
  async write(conversationId: number, signal: AbortSignal): Promise<(Draft & { throughSeq: number }) | null> {
    const turns = await this.summaries.newestTurns(conversationId, READ_TURNS);
    const newest = turns.at(-1);
    if (newest === undefined) return null;
    const subject = await this.summaries.subjectOf(conversationId, newest.turnId);
    if (subject === undefined || subject.personaVersion === null) return null;
    const persona = await this.personas.version(subject.personaId, subject.personaVersion);
    if (persona === null) return null;
    const team = await this.wordsOfTeam(conversationId);
    const said = [...turns, ...team].sort((one, other) => one.userSeq - other.userSeq);
    const result = await this.caller.call(
      {
        purpose: 'draft',
        conversationId,
        turnId: newest.turnId,
        subject,
        personaVersionId: persona.id,
        model: persona.model ?? this.config.openai.model,
        instructions: DRAFT_INSTRUCTIONS,
        input: draftInput(newestFirst(said), new Set(team.map(({ userSeq }) => userSeq))),
        maxTokens: DRAFT_MAX_TOKENS,
        redaction: this.redactions.forConversation(persona.piiRedaction, conversationId),
      },
      signal,
    );
    if (result.finish === 'refusal' || result.text.trim() === '') return null;
    return { ...readDraft(result.text), throughSeq: said.at(-1)!.userSeq };
  }

  /** As turns in which nobody else says anything. */
  private async wordsOfTeam(conversationId: number): Promise<HistoryTurn[]> {
    const words = await this.summaries.newestOfTeam(conversationId, READ_TURNS);
    return words.map(({ seq, content }) => ({ turnId: 0, userSeq: seq, user: null, reply: content }));
  }
}

/** As many of the newest as fit, in their order. */
const newestFirst = (turns: readonly HistoryTurn[]): HistoryTurn[] =>
  chunkOf(turns.toReversed(), READ_TOKENS).toReversed();
