import { Injectable } from '@nestjs/common';
import type { UsageFigures, UsageReportResponse } from '../dto/usage.response';
import { FiguresRepository } from '../persistence/figures.repository';
import type { Figures } from '../persistence/measures';
import { present, usd } from './present';
import { ReportReader } from './report-reader';
import type { ReportRequest } from './report-request';
import { sumSource } from './sum-source';

const MEASURES = [
  'calls',
  'succeeded_calls',
  'failed_calls',
  'cancelled_calls',
  'lost_calls',
  'open_calls',
  'retries',
  'cached_answers',
  'simulated_calls',
  'input_tokens',
  'cached_tokens',
  'cache_write_tokens',
  'output_tokens',
  'reasoning_tokens',
  'total_tokens',
  'estimated_tokens',
  'calls_without_usage',
  'cost_usd_micros',
  'unpriced_calls',
] as const;

/** How much models were used. */
@Injectable()
export class UsageReport {
  constructor(
    private readonly reader: ReportReader,
    private readonly figures: FiguresRepository,
  ) {}

  async read(request: ReportRequest): Promise<UsageReportResponse> {
    return present(request, await this.reader.read(request, sumSource(this.figures, MEASURES, 'calls')), told);
  }
}

function told({ cost_usd_micros, unpriced_calls, ...counts }: Figures<(typeof MEASURES)[number]>): UsageFigures {
  return { ...counts, cost_usd: usd(cost_usd_micros), unpriced_calls };
}
