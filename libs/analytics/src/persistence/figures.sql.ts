import { type Cube, cubeFor, type Dimension, GRAINS, type Measure } from './measures';
import { LATENCY_COUNT_MASK } from './rollup.sql';

/** Which calls a report is about. */
export interface Selection {
  userId?: number;
  workspaceId?: number;
  personaId?: number;
  model?: string;
  channel?: string;
}

const COLUMNS: Record<keyof Selection, Dimension> = {
  userId: 'user_id',
  workspaceId: 'workspace_id',
  personaId: 'persona_id',
  model: 'model',
  channel: 'channel',
};

/** What the points of a series can be told apart by. */
export const GROUPS = ['model', 'persona', 'user', 'channel', 'purpose'] as const;
export type Group = (typeof GROUPS)[number];

export const GROUP_COLUMNS: Record<Group, Dimension> = {
  model: 'model',
  persona: 'persona_id',
  user: 'user_id',
  channel: 'channel',
  purpose: 'purpose',
};
const NUMBERED: readonly Group[] = ['persona', 'user'];

/** The first parameters: segments of `usage_rollups` (point, sign, grain, from, to), then those of the ledger (point, sign, from, to). */
const SEGMENT_PARAMETERS = 9;

/** Which columns are compared, and with which values, in this order. */
function criteria(selection: Selection): { columns: Dimension[]; values: (string | number)[] } {
  const given = (Object.keys(COLUMNS) as (keyof Selection)[]).filter((name) => selection[name] !== undefined);
  return { columns: given.map((name) => COLUMNS[name]), values: given.map((name) => selection[name]!) };
}

export function cubeOf(selection: Selection, group: Group | null): Cube {
  const { columns } = criteria(selection);
  return cubeFor(group === null ? columns : [...columns, GROUP_COLUMNS[group]]);
}

export interface Wanted {
  selection: Selection;
  group: Group | null;
  /** Only these groups. */
  among?: readonly string[] | undefined;
  /** Only calls that belong to a conversation, which previews do not. */
  isOfConversations?: boolean;
}

export interface Statement {
  text: string;
  values: unknown[];
}

/** Conditions on `f`, whose parameters come after `before` others. The text depends on which conditions there are, never on their values. */
export function conditionsOn({ selection, group, among, isOfConversations }: Wanted, before: number): Statement {
  const { columns, values } = criteria(selection);
  const conditions = columns.map((column, place) => `f.${column} = $${before + place + 1}`);
  if (isOfConversations === true) conditions.push(`f.purpose <> 'preview'`);
  if (group === null || among === undefined) return { text: conditions.join(' AND ') || 'true', values };
  const type = NUMBERED.includes(group) ? 'bigint' : 'text';
  conditions.push(`f.${GROUP_COLUMNS[group]} = ANY ($${before + columns.length + 1}::${type}[])`);
  return { text: conditions.join(' AND '), values: [...values, [...among]] };
}

export const groupExpression = (group: Group | null): string =>
  group === null ? 'NULL::text' : `f.${GROUP_COLUMNS[group]}::text`;

/**
 * Rows (point, sign, "group", then `columns`) of the sums and of the calls that segments name. Each segment is summed up for itself: PostgreSQL cannot
 * tell how little a range holds and would otherwise compare every row with every segment. Statements are prepared by their text: there are as many as
 * there are combinations of conditions, groups and reports, some hundreds.
 */
function statement(
  wanted: Wanted,
  select: (group: string, from: string, groupBy: string) => string,
  lateral = '',
): Statement {
  const cube = cubeOf(wanted.selection, wanted.group);
  const where = conditionsOn(wanted, SEGMENT_PARAMETERS);
  const group = groupExpression(wanted.group);
  const groupBy = wanted.group === null ? 'HAVING count(*) > 0' : 'GROUP BY 1';
  const inner = (table: string, range: string): string =>
    select(group, `FROM ${table} f${lateral} WHERE ${range} AND ${where.text}`, groupBy);
  return {
    text: `
      SELECT s.point, s.sign, f.*
      FROM unnest($1::integer[], $2::integer[], $3::smallint[], $4::timestamptz[], $5::timestamptz[]) AS s (point, sign, grain, since, until)
      CROSS JOIN LATERAL (${inner('usage_rollups', `f.cube = ${cube} AND f.grain = s.grain AND f.bucket >= s.since AND f.bucket < s.until`)}) AS f
      UNION ALL
      SELECT s.point, s.sign, f.*
      FROM unnest($6::integer[], $7::integer[], $8::timestamptz[], $9::timestamptz[]) AS s (point, sign, since, until)
      CROSS JOIN LATERAL (${inner('model_call_figures', 'f.started_at >= s.since AND f.started_at < s.until')}) AS f`,
    values: where.values,
  };
}

export function sumsStatement(wanted: Wanted, measures: readonly Measure[]): Statement {
  const sums = measures.map((measure) => `sum(f.${measure})::bigint AS ${measure}`).join(', ');
  return statement(wanted, (group, from, groupBy) => `SELECT ${group} AS "group", ${sums} ${from} ${groupBy}`);
}

/**
 * All bins of a point in one text, `bin:calls` each: as rows, hundreds per point, it takes longer to read them than to add them up. `bin` is what was
 * measured, times 256, plus the bin.
 */
export function latenciesStatement(wanted: Wanted): Statement {
  return statement(
    wanted,
    (group, from) => `
      SELECT b."group", string_agg(b.bin || ':' || b.calls, ',') AS bins FROM (
        SELECT ${group} AS "group", element >> 40 AS bin, sum(element & ${LATENCY_COUNT_MASK})::bigint AS calls ${from} GROUP BY 1, 2
      ) b GROUP BY 1`,
    ' CROSS JOIN LATERAL unnest(f.latencies) AS element',
  );
}

export const grainNumber = (source: keyof typeof GRAINS): number => GRAINS[source];
