import type { Database } from '@app/platform';
import type { Segment } from '../rollups/segments';
import { type Grain, GRAINS } from './cubes';
import type { Statement } from './figures.sql';

/** What was found by point and group; the group is null where there are none. */
export type ByPoint<T> = Map<number, Map<string | null, T>>;

export interface PartRow {
  part: number;
  group: string | null;
}

/** Rows of parts, what each part is, and for which points it counts. */
export interface Read<R extends PartRow> {
  rows: R[];
  parts: Segment[];
  uses: Segment[][];
}

/** Runs a statement of `partsStatement`: each part is read from the cube of its grain, or from the ledger where there is none. */
export async function readParts<R extends PartRow>(
  database: Database,
  segments: readonly Segment[],
  cubes: ReadonlyMap<Grain, number>,
  { text, values }: Statement,
): Promise<Read<R>> {
  const { parts, uses } = partsOf(segments);
  const numbered = parts.map((part, number) => ({ ...part, number }));
  const isSummed = ({ source }: Segment): boolean => source !== 'calls' && cubes.has(source);
  const summed = numbered.filter(isSummed);
  const raw = numbered.filter((part) => !isSummed(part));
  const rows = await database.query<R>(text, [
    summed.map(({ number }) => number),
    summed.map(({ source }) => cubes.get(source as Grain)),
    summed.map(({ source }) => GRAINS[source as Grain]),
    ...edgesOf(summed),
    raw.map(({ number }) => number),
    ...edgesOf(raw),
    ...values,
  ]);
  return { rows, parts, uses };
}

/** Each part once: the hours that are taken off a local day are those that are added to the one before. */
function partsOf(segments: readonly Segment[]): { parts: Segment[]; uses: Segment[][] } {
  const found = new Map<string, Segment[]>();
  for (const segment of segments) {
    const name = `${segment.source} ${segment.from} ${segment.to}`;
    const same = found.get(name);
    if (same === undefined) found.set(name, [segment]);
    else same.push(segment);
  }
  const uses = [...found.values()];
  return { parts: uses.map(([first]) => first!), uses };
}

/** Adds the rows of parts up for each of the points that they count for. */
export function added<R extends PartRow, T>(
  { rows, uses }: Pick<Read<R>, 'rows' | 'uses'>,
  add: (row: R, sign: 1 | -1, known: T | undefined) => T,
): ByPoint<T> {
  const points: ByPoint<T> = new Map();
  for (const row of rows) {
    for (const { point, sign } of uses[row.part]!) {
      const groups = points.get(point) ?? new Map<string | null, T>();
      points.set(point, groups.set(row.group, add(row, sign, groups.get(row.group))));
    }
  }
  return points;
}

export const edgesOf = (ranges: readonly Pick<Segment, 'from' | 'to'>[]): [Date[], Date[]] => [
  ranges.map(({ from }) => new Date(from)),
  ranges.map(({ to }) => new Date(to)),
];
