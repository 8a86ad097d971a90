import { type CubeOfSums, cubesFor, type Grain } from './cubes';
import { CUBES, type Dimension, type Measure } from './measures';
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

/** The first parameters: parts of sums (number, cube, grain, from, to), then those of the ledger (number, from, to). */
const PART_PARAMETERS = 8;

/** Which columns are compared, and with which values, in this order. */
function criteria(selection: Selection): { columns: Dimension[]; values: (string | number)[] } {
  const given = (Object.keys(COLUMNS) as (keyof Selection)[]).filter((name) => selection[name] !== undefined);
  return { columns: given.map((name) => COLUMNS[name]), values: given.map((name) => selection[name]!) };
}

/** Which of these sums can answer, by grain. */
export function cubesOf(cubes: readonly CubeOfSums[], { selection, group }: Wanted): Map<Grain, number> {
  const { columns } = criteria(selection);
  return cubesFor(cubes, group === null ? columns : [...columns, GROUP_COLUMNS[group]]);
}

export interface Wanted {
  selection: Selection;
  group: Group | null;
  /** Only these groups. */
  among?: readonly string[] | undefined;
}

export interface Statement {
  text: string;
  values: unknown[];
}

/** Conditions on `f`, whose parameters come after `before` others. The text depends on which conditions there are, never on their values. */
export function conditionsOn({ selection, group, among }: Wanted, before: number): Statement {
  const { columns, values } = criteria(selection);
  const conditions = columns.map((column, place) => `f.${column} = $${before + place + 1}`);
  if (group === null || among === undefined) return { text: conditions.join(' AND ') || 'true', values };
  const type = NUMBERED.includes(group) ? 'bigint' : 'text';
  conditions.push(`f.${GROUP_COLUMNS[group]} = ANY ($${before + columns.length + 1}::${type}[])`);
  return { text: conditions.join(' AND '), values: [...values, [...among]] };
}

export const groupExpression = (group: Group | null): string =>
  group === null ? 'NULL::text' : `f.${GROUP_COLUMNS[group]}::text`;

/** Sums, and what they are sums of: a table or view whose rows have a time. */
export interface SummedUp {
  sums: string;
  cubes: readonly CubeOfSums[];
  ledger: string;
  time: string;
}

const CALLS: SummedUp = { sums: 'usage_rollups', cubes: CUBES, ledger: 'model_call_figures', time: 'started_at' };

/**
 * Rows (part, "group", then what is selected) of the sums and of the ledger that parts name. Each part is summed up for itself: PostgreSQL cannot
 * tell how little a range holds and would otherwise compare every row with every part. Statements are prepared by their text: there are as many as
 * there are combinations of conditions, groups and reports, some hundreds.
 */
export function partsStatement(
  { sums, cubes, ledger, time }: SummedUp,
  wanted: Wanted,
  select: (group: string, from: string, groupBy: string) => string,
  lateral = '',
): Statement {
  const where = conditionsOn(wanted, PART_PARAMETERS);
  const group = groupExpression(wanted.group);
  const groupBy = wanted.group === null ? 'HAVING count(*) > 0' : 'GROUP BY 1';
  const inner = (table: string, range: string): string =>
    select(group, `FROM ${table} f${lateral} WHERE ${range} AND ${where.text}`, groupBy);
  const ofSums = (cube: number): string => `
      SELECT s.part, f.*
      FROM unnest($1::integer[], $2::smallint[], $3::smallint[], $4::timestamptz[], $5::timestamptz[]) AS s (part, cube, grain, since, until)
      CROSS JOIN LATERAL (${inner(sums, `f.cube = ${cube} AND f.grain = s.grain AND f.bucket >= s.since AND f.bucket < s.until`)}) AS f
      WHERE s.cube = ${cube}`;
  const ofLedger = `
      SELECT s.part, f.*
      FROM unnest($6::integer[], $7::timestamptz[], $8::timestamptz[]) AS s (part, since, until)
      CROSS JOIN LATERAL (${inner(ledger, `f.${time} >= s.since AND f.${time} < s.until`)}) AS f`;
  return {
    text: [...[...new Set(cubesOf(cubes, wanted).values())].map(ofSums), ofLedger].join(' UNION ALL '),
    values: where.values,
  };
}

export function sumsStatement(wanted: Wanted, measures: readonly Measure[]): Statement {
  const sums = measures.map((measure) => `sum(f.${measure})::bigint AS ${measure}`).join(', ');
  return partsStatement(
    CALLS,
    wanted,
    (group, from, groupBy) => `SELECT ${group} AS "group", ${sums} ${from} ${groupBy}`,
  );
}

/**
 * All bins of a point in one text of an array: as rows, hundreds per point, it takes longer to read them than to add them up. An element is what
 * was measured and its bin in the bits above 40, and how many calls below, as in `usage_rollups.latencies`.
 */
export function latenciesStatement(wanted: Wanted): Statement {
  const bins = 'array_agg((b.bin << 40) + b.calls)::text AS bins';
  const calls = `sum(element & ${LATENCY_COUNT_MASK})::bigint AS calls`;
  return partsStatement(
    CALLS,
    wanted,
    (group, from) =>
      wanted.group === null
        ? `SELECT NULL::text AS "group", ${bins} FROM (SELECT element >> 40 AS bin, ${calls} ${from} GROUP BY 1) b HAVING count(*) > 0`
        : `SELECT b."group", ${bins} FROM (SELECT ${group} AS "group", element >> 40 AS bin, ${calls} ${from} GROUP BY 1, 2) b GROUP BY 1`,
    ' CROSS JOIN LATERAL unnest(f.latencies) AS element',
  );
}
