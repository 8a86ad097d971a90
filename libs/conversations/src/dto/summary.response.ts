import type { SummaryRow } from '../persistence/summaries.repository';

const iso = (value: Date | string): string => new Date(value).toISOString();

/** What the model is told about the part of a conversation that is not sent along any more. */
export class ConversationSummaryResponse {
  /** @example "Dana trains for a marathon in May and prefers to run in the morning." */
  content: string;

  /** The seq of the last user message that it covers.
   * @example 41 */
  through_seq: number;

  /** Its length in tokens as the model counted them; null when that is not known.
   * @example 180 */
  tokens: number | null;

  /** The model that wrote it.
   * @example gpt-6-luna */
  model: string | null;

  /** @example 2026-11-21T12:05:00.000Z */
  created_at: string;

  /** When it was last extended.
   * @example 2026-11-21T12:25:00.000Z */
  updated_at: string;

  static from(row: SummaryRow): ConversationSummaryResponse {
    return {
      content: row.content,
      through_seq: row.through_seq,
      tokens: row.tokens,
      model: row.model,
      created_at: iso(row.created_at),
      updated_at: iso(row.updated_at),
    };
  }
}

/** The answer about a summary. */
export class SummaryAnswerResponse {
  /** Null while there is none: the whole conversation still goes along, or nothing was summarised yet. */
  summary: ConversationSummaryResponse | null;
}

/** Something that the model is told and people are not. */
export class SystemNoteResponse {
  /** @example summary */
  kind: 'summary';

  /** @example "Dana trains for a marathon in May and prefers to run in the morning." */
  content: string;

  /** The seq of the last user message that it covers.
   * @example 41 */
  through_seq: number;

  /** @example 2026-11-21T12:25:00.000Z */
  created_at: string;

  /** The model that wrote it.
   * @example gpt-6-luna */
  model: string | null;

  static listFrom(row: SummaryRow | null): SystemNoteResponse[] {
    if (row === null) return [];
    const { content, through_seq, model } = row;
    return [{ kind: 'summary', content, through_seq, created_at: iso(row.updated_at), model }];
  }
}
