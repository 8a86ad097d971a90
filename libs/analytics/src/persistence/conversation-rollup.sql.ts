import { CONVERSATION_CUBES, CONVERSATION_DIMENSIONS, CONVERSATION_MEASURES } from './conversation-cubes';
import { type Grain, GRAINS } from './cubes';

const NOTHING: Record<(typeof CONVERSATION_DIMENSIONS)[number], string> = {
  workspace_id: '0::bigint',
  user_id: '0::bigint',
  persona_id: '0::bigint',
  channel: `''::varchar`,
};

const BUCKETS: Record<Grain, string> = {
  quarter: `date_bin('15 minutes', at, '2000-01-01Z')`,
  hour: `date_trunc('hour', at, 'UTC')`,
  day: `date_trunc('day', at, 'UTC')`,
  month: `date_trunc('month', at, 'UTC')`,
};

const SUMS = CONVERSATION_MEASURES.map((measure) => `sum(${measure})`).join(', ');

/** Sums the rows `figures` up into all cubes of some grains. */
const insertSums = (grains: readonly Grain[], having = ''): string => `
  INSERT INTO conversation_rollups (cube, grain, bucket, ${CONVERSATION_DIMENSIONS.join(', ')}, ${CONVERSATION_MEASURES.join(', ')})
  ${grains
    .flatMap((grain) =>
      CONVERSATION_CUBES.filter((cube) => cube.grains.includes(grain)).map(({ cube, kept }) => {
        const dimensions = CONVERSATION_DIMENSIONS.map((one) => (kept.includes(one) ? one : NOTHING[one]));
        const keys = [BUCKETS[grain], ...kept].join(', ');
        return `SELECT ${cube}, ${GRAINS[grain]}, ${BUCKETS[grain]}, ${dimensions.join(', ')}, ${SUMS} FROM figures GROUP BY ${keys} ${having}`;
      }),
    )
    .join('\n  UNION ALL ')}`;

const ofRange = (grain: 'day' | 'month'): string => `
  WITH figures AS MATERIALIZED (SELECT * FROM conversation_figures WHERE at >= $1 AND at < $2)
  ${insertSums([grain])}`;

/** The hours `$1` of the day from `$2` to `$3`, and their quarters. */
export const CONVERSATION_HOURS = `
  WITH figures AS MATERIALIZED (
    SELECT * FROM conversation_figures WHERE at >= $2 AND at < $3 AND date_trunc('hour', at, 'UTC') = ANY ($1::timestamptz[])
  )
  ${insertSums(['hour', 'quarter'])}`;
/** The one day from `$1` to `$2`. */
export const CONVERSATION_DAY = ofRange('day');
/** The one month from `$1` to `$2`. */
export const CONVERSATION_MONTH = ofRange('month');

/** The hours `$1` between `$2` and `$3`: in which quarters of an hour conversations had calls for replies. */
export const ACTIVITY_HOURS = `
  INSERT INTO conversation_activity (bucket, conversation_id, workspace_id, user_id, persona_id, channel)
  SELECT DISTINCT date_bin('15 minutes', started_at, '2000-01-01Z'), conversation_id, workspace_id, user_id, persona_id, channel
  FROM model_calls
  WHERE started_at >= $2 AND started_at < $3 AND date_trunc('hour', started_at, 'UTC') = ANY ($1::timestamptz[]) AND purpose = 'reply'`;

/**
 * Joins the chains of the conversations `$1` anew. Where that changes what was first in hours other than `$2`, which are summed up after this,
 * rows that correct their sums are added; they go when those sums are made anew.
 */
export const ACTIVITY_CHAINS = `
  WITH chain AS (
    SELECT ctid AS place, previous AS former, previous_with_persona AS former_with_persona,
      lag(bucket) OVER (PARTITION BY conversation_id ORDER BY bucket, persona_id) AS previous,
      lag(bucket) OVER (PARTITION BY conversation_id, persona_id ORDER BY bucket) AS previous_with_persona
    FROM conversation_activity WHERE conversation_id = ANY ($1::bigint[])
  ), changed AS (
    UPDATE conversation_activity a SET previous = chain.previous, previous_with_persona = chain.previous_with_persona
    FROM chain
    WHERE a.ctid = chain.place
      AND (a.previous, a.previous_with_persona) IS DISTINCT FROM (chain.previous, chain.previous_with_persona)
    RETURNING a.bucket AS at, a.workspace_id, a.user_id, a.persona_id, a.channel,
      (a.previous IS NULL)::integer - (chain.former IS NULL)::integer AS first_active,
      (a.previous_with_persona IS NULL)::integer - (chain.former_with_persona IS NULL)::integer AS first_active_with_persona
  ), figures AS MATERIALIZED (
    SELECT *, 0 AS created, 0 AS deleted FROM changed
    WHERE (first_active <> 0 OR first_active_with_persona <> 0) AND date_trunc('hour', at, 'UTC') <> ALL ($2::timestamptz[])
  )
  ${insertSums(['hour', 'quarter', 'day', 'month'], 'HAVING sum(first_active) <> 0 OR sum(first_active_with_persona) <> 0')}`;
