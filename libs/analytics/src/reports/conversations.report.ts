import { Injectable } from '@nestjs/common';
import type { ConversationsFigures, ConversationsReportResponse } from '../dto/conversations.response';
import { type ConversationCounts, ConversationFiguresRepository } from '../persistence/conversations.repository';
import { FiguresRepository } from '../persistence/figures.repository';
import type { Wanted } from '../persistence/figures.sql';
import type { Figures } from '../persistence/measures';
import type { RollupState } from '../rollups/segments';
import type { Point } from '../time/points';
import { present, ratio, usd } from './present';
import { ReportReader } from './report-reader';
import type { ReportRequest } from './report-request';
import { noFigures } from './sum-source';

const MEASURES = ['turns', 'replies', 'conversation_tokens', 'conversation_cost_usd_micros'] as const;

type Lives = Figures<(typeof MEASURES)[number]> & ConversationCounts;
const NONE: ConversationCounts = { created: 0, deleted: 0, active: 0 };

/** How conversations went. A conversation may be active in several points or groups, so these do not add up. */
@Injectable()
export class ConversationsReport {
  constructor(
    private readonly reader: ReportReader,
    private readonly figures: FiguresRepository,
    private readonly conversations: ConversationFiguresRepository,
  ) {}

  async read(request: ReportRequest): Promise<ConversationsReportResponse> {
    const reading = await this.reader.read<Lives>(request, {
      read: (points, state, wanted) => this.lives(points, state, wanted),
      empty: () => ({ ...noFigures(MEASURES), ...NONE }),
      rank: ({ active, created }) => active + created / 1e9,
    });
    return present(request, reading, told);
  }

  private async lives(
    points: readonly Point[],
    state: RollupState,
    wanted: Wanted,
  ): Promise<Map<number, Map<string | null, Lives>>> {
    const sums = await this.figures.sums(points, state, wanted, MEASURES);
    const counts = await this.conversations.counts(points, state, wanted);
    const groupsAt = (point: number): Set<string | null> =>
      new Set([...(sums.get(point)?.keys() ?? []), ...(counts.get(point)?.keys() ?? [])]);
    return new Map(
      points.map((_, point) => [
        point,
        new Map(
          [...groupsAt(point)].map((group) => [
            group,
            {
              ...(sums.get(point)?.get(group) ?? noFigures(MEASURES)),
              ...NONE,
              ...counts.get(point)?.get(group),
            },
          ]),
        ),
      ]),
    );
  }
}

const told = (figures: Lives, days: number): ConversationsFigures => ({
  created: figures.created,
  deleted: figures.deleted,
  created_per_day: figures.created / days,
  deleted_per_day: figures.deleted / days,
  active: figures.active,
  turns: figures.turns,
  replies: figures.replies,
  total_tokens: figures.conversation_tokens,
  average_turns: ratio(figures.turns, figures.active),
  average_length: ratio(figures.turns + figures.replies, figures.active),
  tokens_per_conversation: ratio(figures.conversation_tokens, figures.active),
  cost_per_conversation_usd: ratio(usd(figures.conversation_cost_usd_micros), figures.active),
});
