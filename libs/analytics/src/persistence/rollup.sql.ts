import { type Grain, GRAINS } from './cubes';
import { type Cube, type Dimension, DIMENSIONS, isKept, MEASURES } from './measures';

/** How many calls an element of `latencies` stands for: its lower 40 bits. */
export const LATENCY_COUNT_MASK = '((1::bigint << 40) - 1)';

const ALL = [...DIMENSIONS, ...MEASURES, 'latencies'].join(', ');

const NOTHING: Record<Dimension, string> = {
  workspace_id: '0',
  user_id: '0',
  persona_id: '0',
  model: `''`,
  channel: `''`,
  purpose: `''`,
};

/** Sums `rows` up into a cube; `rows` has the columns of the ledger's figures and a bucket. */
function insertSums(cube: Cube, grain: Grain, rows: string): string {
  const keys = ['bucket', ...DIMENSIONS.filter((dimension) => isKept(cube, dimension))].join(', ');
  const dimensions = DIMENSIONS.map((dimension) => (isKept(cube, dimension) ? dimension : NOTHING[dimension])).join(
    ', ',
  );
  return `
    WITH figures AS (${rows}),
    bins AS (
      SELECT ${keys}, element >> 40 AS bin, sum(element & ${LATENCY_COUNT_MASK})::bigint AS calls
      FROM figures, unnest(latencies) AS element GROUP BY ${keys}, element >> 40
    ),
    distributions AS (SELECT ${keys}, array_agg((bin << 40) + calls ORDER BY bin) AS latencies FROM bins GROUP BY ${keys}),
    sums AS (SELECT ${keys}, ${MEASURES.map((measure) => `sum(${measure}) AS ${measure}`).join(', ')} FROM figures GROUP BY ${keys})
    INSERT INTO usage_rollups (cube, grain, bucket, ${ALL})
    SELECT ${cube}, ${GRAINS[grain]}, bucket, ${dimensions}, ${MEASURES.join(', ')}, coalesce(latencies, '{}')
    FROM sums LEFT JOIN distributions USING (${keys})`;
}

/** From the ledger: the hours `$1` of the days from `$2` to `$3`. */
const ofCalls = (cube: Cube, grain: Grain, bucket: string): string =>
  insertSums(
    cube,
    grain,
    `SELECT ${bucket} AS bucket, ${ALL} FROM model_call_figures
     WHERE started_at >= $2 AND started_at < $3 AND date_trunc('hour', started_at, 'UTC') = ANY ($1::timestamptz[])`,
  );

/** From a larger cube: the hours `$1`. */
const ofHours = (cube: Cube, from: Cube): string =>
  insertSums(
    cube,
    'hour',
    `SELECT bucket, ${ALL} FROM usage_rollups WHERE cube = ${from} AND grain = 1 AND bucket = ANY ($1::timestamptz[])`,
  );

/** The quarters of the hours `$1` of the days from `$2` to `$3`. */
export const QUARTERS = ofCalls(4, 'quarter', `date_bin('15 minutes', started_at, '2000-01-01Z')`);
/** The hours `$1` of the days from `$2` to `$3`, per workspace and persona. */
export const PERSONA_HOURS = ofCalls(2, 'hour', `date_trunc('hour', started_at, 'UTC')`);
/** The hours `$1`, when those per persona are there. */
export const HOURS = [ofHours(1, 2), ofHours(5, 2), ofHours(4, 1)];

/** The one day from `$1` to `$2`, per user. */
const USER_DAY = insertSums(
  3,
  'day',
  `SELECT $1::timestamptz AS bucket, ${ALL} FROM model_call_figures WHERE started_at >= $1 AND started_at < $2`,
);

const fold = (cube: Cube, from: Grain, to: Grain, fromCube = cube): string =>
  insertSums(
    cube,
    to,
    `SELECT $1::timestamptz AS bucket, ${ALL} FROM usage_rollups
     WHERE cube = ${fromCube} AND grain = ${GRAINS[from]} AND bucket >= $1 AND bucket < $2`,
  );

const EACH_CUBE = [1, 2, 3, 4, 5, 6, 7] as const;
/** The one day from `$1` to `$2`. */
export const DAYS = [
  ...([1, 2, 4, 5] as const).map((cube) => fold(cube, 'hour', 'day')),
  fold(7, 'day', 'day', 2),
  USER_DAY,
  fold(6, 'day', 'day', 3),
];
/** The one month from `$1` to `$2`. */
export const MONTHS = EACH_CUBE.map((cube) => fold(cube, 'day', 'month'));

const ERROR_KEYS =
  'workspace_id, user_id, persona_id, model, channel, purpose, status, error_code, http_status' as const;

/** The hours `$1` between `$2` and `$3`. */
export const ERROR_HOURS = `
  INSERT INTO error_rollups (bucket, ${ERROR_KEYS}, calls)
  SELECT date_trunc('hour', started_at, 'UTC'), ${ERROR_KEYS}, count(*) FROM model_call_figures
  WHERE started_at >= $2 AND started_at < $3 AND date_trunc('hour', started_at, 'UTC') = ANY ($1::timestamptz[])
    AND status IN ('failed', 'cancelled', 'lost')
  GROUP BY date_trunc('hour', started_at, 'UTC'), ${ERROR_KEYS}`;
