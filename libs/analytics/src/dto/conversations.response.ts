import { ApiProperty } from '@nestjs/swagger';
import { ReportResponse } from './report.response';

/** How conversations went, also those that are deleted by now. */
export class ConversationsFigures {
  /** Conversations that began.
   * @example 12 */
  created: number;

  /** Conversations that were deleted.
   * @example 2 */
  deleted: number;

  /** @example 0.4 */
  created_per_day: number;

  /** @example 0.07 */
  deleted_per_day: number;

  /** Conversations in which a model was asked for a reply, each counted once.
   * @example 20 */
  active: number;

  /** Messages that a model was asked to answer.
   * @example 120 */
  turns: number;

  /** Answers of models, those from the cache too.
   * @example 118 */
  replies: number;

  /** Of everything that was asked in conversations: replies, failed attempts and summaries, not previews.
   * @example 16000 */
  total_tokens: number;

  @ApiProperty({ type: Number, nullable: true, example: 6, description: 'Turns by active conversation.' })
  average_turns: number | null;

  @ApiProperty({
    type: Number,
    nullable: true,
    example: 11.9,
    description: 'Messages by active conversation: turns and replies.',
  })
  average_length: number | null;

  @ApiProperty({
    type: Number,
    nullable: true,
    example: 800,
    description: 'Tokens by active conversation, summaries and failed attempts too.',
  })
  tokens_per_conversation: number | null;

  @ApiProperty({
    type: Number,
    nullable: true,
    example: 0.004,
    description: 'What priced calls cost, by active conversation.',
  })
  cost_per_conversation_usd: number | null;
}

export class ConversationsGroupResponse extends ConversationsFigures {
  /** A model, the id of a persona or user, a channel, a purpose; or `other`.
   * @example gpt-6-luna */
  group: string;
}

export class ConversationsPointResponse extends ConversationsFigures {
  /** @example "2026-11-20T00:00:00.000Z" */
  start: string;

  /** @example "2026-11-21T00:00:00.000Z" */
  end: string;

  /** What the point is called in its time zone.
   * @example 2026-11-20 */
  label: string;

  @ApiProperty({ type: String, nullable: true, example: null, description: 'Null where nothing is told apart.' })
  group: string | null;
}

export class ConversationsReportResponse extends ReportResponse {
  totals: ConversationsFigures;

  /** The whole range by group, the highest first; empty without `group_by`. */
  groups: ConversationsGroupResponse[];

  /** In the order of time. With `group_by` points without calls are left out. */
  series: ConversationsPointResponse[];
}
