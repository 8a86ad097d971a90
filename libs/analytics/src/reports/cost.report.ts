import { Injectable } from '@nestjs/common';
import type { CostFigures, CostReportResponse, SpendSoFarResponse } from '../dto/cost.response';
import { FiguresRepository } from '../persistence/figures.repository';
import type { Figures } from '../persistence/measures';
import { SnapshotRepository } from '../persistence/snapshot.repository';
import { present, ratio, usd } from './present';
import { ReportReader } from './report-reader';
import { currentPeriods, type ReportRequest } from './report-request';
import { noFigures, sumSource } from './sum-source';

const MEASURES = [
  'cost_usd_micros',
  'estimated_cost_usd_micros',
  'priced_calls',
  'unpriced_calls',
  'simulated_calls',
  'cached_answers',
  'priced_replies',
] as const;
const SPEND = ['cost_usd_micros', 'unpriced_calls'] as const;

/** What models cost. */
@Injectable()
export class CostReport {
  constructor(
    private readonly reader: ReportReader,
    private readonly figures: FiguresRepository,
    private readonly snapshots: SnapshotRepository,
  ) {}

  async read(request: ReportRequest, nowMs = Date.now()): Promise<CostReportResponse> {
    let spend: SpendSoFarResponse | undefined;
    const source = sumSource(this.figures, MEASURES, 'cost_usd_micros');
    const reading = await this.reader.read(request, source, async () => {
      spend = await this.spendSoFar(request, nowMs);
    });
    return { ...present(request, reading, told), spend: spend! };
  }

  private async spendSoFar({ timeZone, selection }: ReportRequest, nowMs: number): Promise<SpendSoFarResponse> {
    const { day, month } = currentPeriods(timeZone, nowMs);
    const state = await this.snapshots.state(month);
    const found = await this.figures.sums([day, month], state, { selection, group: null }, SPEND);
    const spendOf = (point: number, from: number): SpendSoFarResponse['today'] => {
      const { cost_usd_micros, unpriced_calls } = found.get(point)?.get(null) ?? noFigures(SPEND);
      return { from: new Date(from).toISOString(), cost_usd: usd(cost_usd_micros), unpriced_calls };
    };
    return { today: spendOf(0, day.from), this_month: spendOf(1, month.from) };
  }
}

function told(figures: Figures<(typeof MEASURES)[number]>): CostFigures {
  const { cost_usd_micros, estimated_cost_usd_micros, priced_replies, ...counts } = figures;
  return {
    cost_usd: usd(cost_usd_micros),
    estimated_cost_usd: usd(estimated_cost_usd_micros),
    ...counts,
    replies: priced_replies,
    cost_per_message_usd: ratio(usd(cost_usd_micros), priced_replies),
  };
}
