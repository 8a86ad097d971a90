import { Injectable } from '@nestjs/common';
import type { LatencyFigures, LatencyReportResponse } from '../dto/latency.response';
import { type Bins, FiguresRepository } from '../persistence/figures.repository';
import type { Wanted } from '../persistence/figures.sql';
import type { Figures } from '../persistence/measures';
import {
  type MeasuredTime,
  type Percentiles,
  PercentilesRepository,
  TIMES,
} from '../persistence/percentiles.repository';
import type { RollupState } from '../rollups/segments';
import type { Point } from '../time/points';
import { distributionsOf, percentilesOf, RELATIVE_ERROR } from './latency-bins';
import { present, ratio } from './present';
import { type FigureSource, ReportReader } from './report-reader';
import type { ReportRequest } from './report-request';
import { addFigures, noFigures } from './sum-source';

const MEASURES = ['succeeded_calls', 'queue_ms', 'first_token_ms', 'total_ms'] as const;
const SHARES = [0.5, 0.95, 0.99];
/** A day, also one that has 25 hours, is few enough calls to sort them. */
const EXACT_UP_TO_MS = 25 * 3_600_000;

interface Latencies {
  sums: Figures<(typeof MEASURES)[number]>;
  bins: Bins;
  exact?: Percentiles;
}

/** How long calls took. */
@Injectable()
export class LatencyReport {
  constructor(
    private readonly reader: ReportReader,
    private readonly figures: FiguresRepository,
    private readonly percentiles: PercentilesRepository,
  ) {}

  async read(request: ReportRequest): Promise<LatencyReportResponse> {
    const isExact = request.range.to - request.range.from <= EXACT_UP_TO_MS;
    const reading = await this.reader.read(request, this.source(isExact));
    return {
      ...present(request, reading, told),
      percentiles: isExact ? 'exact' : 'approximate',
      relative_error: isExact ? null : RELATIVE_ERROR,
    };
  }

  private source(isExact: boolean): FigureSource<Latencies> {
    return {
      read: (points, state, wanted) => this.latencies(points, state, wanted, isExact),
      empty: () => ({ sums: noFigures(MEASURES), bins: new Map() }),
      isWholeRead: isExact,
      rank: ({ sums }) => sums.succeeded_calls,
      ranks: async (range, state, wanted) => {
        const found = (await this.figures.sums([range], state, wanted, ['succeeded_calls'])).get(0) ?? [];
        return new Map([...found].map(([group, sums]) => [group, sums.succeeded_calls]));
      },
      add: (a, b, sign) => {
        const bins = new Map(a.bins);
        for (const [bin, calls] of b.bins) bins.set(bin, (bins.get(bin) ?? 0) + sign * calls);
        return { sums: addFigures(MEASURES, a.sums, b.sums, sign), bins };
      },
    };
  }

  private async latencies(
    points: readonly Point[],
    state: RollupState,
    wanted: Wanted,
    isExact: boolean,
  ): Promise<Map<number, Map<string | null, Latencies>>> {
    const sums = await this.figures.sums(points, state, wanted, MEASURES);
    const bins = await this.figures.latencies(points, state, wanted);
    const exact = isExact ? await this.percentiles.read(points, wanted, SHARES) : undefined;
    const told = (point: number, group: string | null, figures: Latencies['sums']): Latencies => {
      const percentiles = exact?.get(point)?.get(group);
      const found = { sums: figures, bins: bins.get(point)?.get(group) ?? new Map<number, number>() };
      return percentiles === undefined ? found : { ...found, exact: percentiles };
    };
    return new Map(
      [...sums].map(([point, groups]) => [
        point,
        new Map([...groups].map(([group, figures]) => [group, told(point, group, figures)])),
      ]),
    );
  }
}

function told({ sums, bins, exact }: Latencies): LatencyFigures {
  const distributions = distributionsOf(bins);
  const of = (time: MeasuredTime, place: number): Record<'average' | 'p50' | 'p95' | 'p99', number | null> => {
    const distribution = distributions[place]!;
    const [p50 = null, p95 = null, p99 = null] =
      (exact === undefined ? percentilesOf(distribution, SHARES) : exact[time]) ?? [];
    return { average: ratio(sums[`${time}_ms`], distribution.calls), p50, p95, p99 };
  };
  const [queue, first, total] = TIMES.map(of) as [ReturnType<typeof of>, ReturnType<typeof of>, ReturnType<typeof of>];
  return {
    calls: sums.succeeded_calls,
    queue_average_ms: queue.average,
    queue_p50_ms: queue.p50,
    queue_p95_ms: queue.p95,
    queue_p99_ms: queue.p99,
    first_token_average_ms: first.average,
    first_token_p50_ms: first.p50,
    first_token_p95_ms: first.p95,
    first_token_p99_ms: first.p99,
    total_average_ms: total.average,
    total_p50_ms: total.p50,
    total_p95_ms: total.p95,
    total_p99_ms: total.p99,
  };
}
