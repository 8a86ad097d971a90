import { Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { HOUR_MS, planSegments, QUARTER_MS, type RollupState, type Segment } from '../rollups/segments';
import type { Point } from '../time/points';
import { CONVERSATION_CUBES } from './conversation-cubes';
import { activeAgainStatement, livesStatement } from './conversations.sql';
import { cubesOf, type Wanted } from './figures.sql';
import { added, type ByPoint, edgesOf, type PartRow, readParts } from './parts';

export type ConversationCounts = Record<'created' | 'deleted' | 'active', number>;

type Lives = PartRow & Record<'created' | 'deleted' | 'first', number>;

interface CountRow {
  point: number;
  group: string | null;
  count: number;
}

/** How many conversations began, ended and were active. */
@Injectable()
export class ConversationFiguresRepository {
  constructor(private readonly database: Database) {}

  async counts(points: readonly Point[], state: RollupState, wanted: Wanted): Promise<ByPoint<ConversationCounts>> {
    const counts = await this.lives(points, state, wanted);
    for (const { point, group, count } of await this.activeAgain(points, state, wanted)) {
      const groups = counts.get(point) ?? new Map<string | null, ConversationCounts>();
      const known = groups.get(group) ?? { created: 0, deleted: 0, active: 0 };
      counts.set(point, groups.set(group, { ...known, active: known.active + count }));
    }
    // What a sum has and its remainder takes off again is not there.
    for (const groups of counts.values()) {
      for (const [group, { created, deleted, active }] of groups) {
        if (created === 0 && deleted === 0 && active === 0) groups.delete(group);
      }
    }
    return counts;
  }

  /** Created and deleted ones, and as active those that were so for the first time ever, in what is summed up of the points. */
  private async lives(
    points: readonly Point[],
    state: RollupState,
    wanted: Wanted,
  ): Promise<ByPoint<ConversationCounts>> {
    const cubes = cubesOf(CONVERSATION_CUBES, wanted);
    const read = await readParts<Lives>(
      this.database,
      planLives(points, state, [...cubes.keys()]),
      cubes,
      livesStatement(wanted),
    );
    return added(read, (row, sign, known: ConversationCounts = { created: 0, deleted: 0, active: 0 }) => ({
      created: known.created + sign * row.created,
      deleted: known.deleted + sign * row.deleted,
      active: known.active + (read.parts[row.part]!.source === 'calls' ? 0 : sign * row.first),
    }));
  }

  private activeAgain(points: readonly Point[], state: RollupState, wanted: Wanted): Promise<CountRow[]> {
    const segments = planSegments(points, state, ['quarter']);
    const summed = segments.filter(({ source }) => source !== 'calls');
    const raw = segments.filter(({ source }) => source === 'calls');
    const beginningOf = ({ point }: Segment): Date => new Date(points[point]!.from);
    const stretches = summed.flatMap((segment) => stretchesOf(segment, points[segment.point]!.from));
    const { text, values } = activeAgainStatement(wanted);
    return this.database.query<CountRow>(text, [
      stretches.map(({ point }) => point),
      stretches.map(({ distance }) => distance),
      ...edgesOf(stretches),
      stretches.map(beginningOf),
      summed.map(({ point }) => point),
      ...edgesOf(summed),
      summed.map(beginningOf),
      raw.map(({ point }) => point),
      ...edgesOf(raw),
      ...values,
    ]);
  }
}

/**
 * The same quarters of an hour as those in which activity is told from what is summed up: whole ones. The rest of the points, `calls`, counts for
 * what was created and deleted only.
 */
function planLives(
  points: readonly Point[],
  state: RollupState,
  grains: Exclude<Segment['source'], 'calls'>[],
): Segment[] {
  const inner: Point[] = [];
  const edges: Segment[] = [];
  points.forEach(({ from, to }, point) => {
    const [first, last] = [Math.ceil(from / QUARTER_MS) * QUARTER_MS, Math.floor(to / QUARTER_MS) * QUARTER_MS];
    const isWithin = first > last;
    inner.push(isWithin ? { from, to: from } : { from: first, to: last });
    for (const edge of isWithin
      ? [{ from, to }]
      : [
          { from, to: first },
          { from: last, to },
        ]) {
      if (edge.from < edge.to) edges.push({ point, source: 'calls', sign: 1, ...edge });
    }
  });
  return [...planSegments(inner, state, [...new Set([...grains, 'quarter' as const])]), ...edges];
}

/** Where the distance from the beginning of the point, and so the time since activity before it, becomes longer than an hour and than 7 days. */
const DISTANCES_MS = [0, HOUR_MS, 7 * 24 * HOUR_MS, Infinity] as const;

/** Far from the beginning of a point few rows can be the first in it: those after a long time without activity, which indexes find. */
function stretchesOf(segment: Segment, beginning: number): (Segment & { distance: number })[] {
  return DISTANCES_MS.slice(0, -1)
    .map((distanceMs, distance) => ({
      ...segment,
      distance,
      from: Math.max(segment.from, beginning + distanceMs),
      to: Math.min(segment.to, beginning + DISTANCES_MS[distance + 1]!),
    }))
    .filter(({ from, to }) => from < to);
}
