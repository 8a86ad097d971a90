import { Injectable } from '@nestjs/common';
import type { ErrorKindResponse, ErrorsFigures, ErrorsReportResponse } from '../dto/errors.response';
import { ErrorsRepository } from '../persistence/errors.repository';
import { FiguresRepository } from '../persistence/figures.repository';
import type { Figures } from '../persistence/measures';
import { present, ratio } from './present';
import { ReportReader } from './report-reader';
import type { ReportRequest } from './report-request';
import { sumSource } from './sum-source';

const MEASURES = ['calls', 'failed_calls', 'lost_calls', 'cancelled_calls', 'retries'] as const;
const MOST_KINDS = 50;

/** Which calls gave no answer, and why. */
@Injectable()
export class ErrorsReport {
  constructor(
    private readonly reader: ReportReader,
    private readonly figures: FiguresRepository,
    private readonly errors: ErrorsRepository,
  ) {}

  async read(request: ReportRequest): Promise<ErrorsReportResponse> {
    let kinds: ErrorKindResponse[] = [];
    const source = {
      ...sumSource(this.figures, MEASURES, 'calls'),
      rank: (figures: Figures<(typeof MEASURES)[number]>) => figures.failed_calls + figures.lost_calls,
    };
    const reading = await this.reader.read(request, source, async (state) => {
      const found = await this.errors.kinds(request.range, state, request.selection, MOST_KINDS);
      kinds = found.map(({ status, errorCode, httpStatus, calls }) => ({
        status,
        error_code: errorCode,
        http_status: httpStatus,
        calls,
      }));
    });
    return { ...present(request, reading, told), kinds };
  }
}

const told = (figures: Figures<(typeof MEASURES)[number]>): ErrorsFigures => ({
  ...figures,
  error_rate: ratio(figures.failed_calls + figures.lost_calls, figures.calls),
  retry_rate: ratio(figures.retries, figures.calls),
});
