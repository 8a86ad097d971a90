import { CONVERSATION_CUBES } from './conversation-cubes';
import {
  conditionsOn,
  groupExpression,
  partsStatement,
  type Statement,
  type SummedUp,
  type Wanted,
} from './figures.sql';

const CONVERSATIONS: SummedUp = {
  sums: 'conversation_rollups',
  cubes: CONVERSATION_CUBES,
  ledger: 'conversation_figures',
  time: 'at',
};

const isByPersona = ({ selection, group }: Wanted): boolean => group === 'persona' || selection.personaId !== undefined;

/** What adds up: conversations created and deleted, and those active for the first time ever. */
export function livesStatement(wanted: Wanted): Statement {
  const first = isByPersona(wanted) ? 'first_active_with_persona' : 'first_active';
  return partsStatement(
    CONVERSATIONS,
    wanted,
    (group, from, groupBy) =>
      `SELECT ${group} AS "group", sum(f.created)::bigint AS created, sum(f.deleted)::bigint AS deleted, sum(f.${first})::bigint AS first ${from} ${groupBy}`,
  );
}

/** By how much the time since the previous activity is surely longer, by how far a stretch is from the beginning of its point. */
const STRETCHES = [`true`, `>= interval '1 hour'`, `>= interval '7 days'`] as const;

/**
 * Conversations that are active again in a point, and how the parts that are not summed up change the count. Its parameters: stretches of the
 * parts that are summed up (point, how far from its beginning, from, to, beginning), those parts (point, from, to, beginning), and those that are
 * not (point, from, to).
 *
 * A conversation counts at its first quarter in the point: the one whose predecessor lies before the point, or the first ever, which is not among
 * these. Those that have anything in a part that is not summed up (`unsure`) are looked at one by one.
 */
export function activeAgainStatement(wanted: Wanted): Statement {
  const where = conditionsOn(wanted, 12);
  const group = groupExpression(wanted.group);
  const previous = isByPersona(wanted) ? 'f.previous_with_persona' : 'f.previous';
  const again = STRETCHES.map((gap, distance) => {
    const isFar = distance === 0 ? gap : `f.bucket - ${previous} ${gap}`;
    return `
         SELECT s.point, f.* FROM stretches s CROSS JOIN LATERAL (
           SELECT ${group} AS "group", count(*) AS count FROM conversation_activity f
           WHERE f.bucket >= s.since AND f.bucket < s.until AND ${previous} < s.beginning AND ${isFar} AND ${where.text} GROUP BY 1
         ) AS f WHERE s.distance = ${distance}`;
  });
  return {
    text: `
       WITH stretches AS (
         SELECT * FROM unnest($1::integer[], $2::smallint[], $3::timestamptz[], $4::timestamptz[], $5::timestamptz[]) AS s (point, distance, since, until, beginning)
       ), summed AS (
         SELECT * FROM unnest($6::integer[], $7::timestamptz[], $8::timestamptz[], $9::timestamptz[]) AS s (point, since, until, beginning)
       ), raw AS (SELECT * FROM unnest($10::integer[], $11::timestamptz[], $12::timestamptz[]) AS s (point, since, until)
       ), unsure AS MATERIALIZED (
         SELECT point, "group", conversation_id, bool_or(is_active) AS is_active FROM (
           SELECT s.point, f.*, true AS is_active FROM raw s CROSS JOIN LATERAL (
             SELECT DISTINCT ${group} AS "group", f.conversation_id FROM model_calls f
             WHERE f.started_at >= s.since AND f.started_at < s.until AND f.purpose = 'reply' AND ${where.text}
           ) AS f
           UNION ALL
           SELECT s.point, f.*, false FROM raw s CROSS JOIN LATERAL (
             SELECT DISTINCT ${group} AS "group", f.conversation_id FROM conversation_activity f
             WHERE f.bucket >= date_bin('15 minutes', s.since, '2000-01-01Z') AND f.bucket < s.until AND ${where.text}
           ) AS f
         ) AS seen GROUP BY point, "group", conversation_id
       ), again AS (${again.join(`
         UNION ALL`)}
       ), counted_twice AS (
         SELECT u.point, u."group", count(*) AS count
         FROM unsure u JOIN summed s ON s.point = u.point
         JOIN conversation_activity f ON f.conversation_id = u.conversation_id AND f.bucket >= s.since AND f.bucket < s.until
           AND (${previous} IS NULL OR ${previous} < s.beginning)
         WHERE ${where.text} AND ${group} IS NOT DISTINCT FROM u."group" GROUP BY 1, 2
       ), sure AS (
         SELECT u.point, u."group", count(*) AS count FROM unsure u
         WHERE u.is_active OR EXISTS (
           SELECT FROM summed s JOIN conversation_activity f ON f.conversation_id = u.conversation_id AND f.bucket >= s.since AND f.bucket < s.until
           WHERE s.point = u.point AND ${group} IS NOT DISTINCT FROM u."group" AND ${where.text}
         ) GROUP BY 1, 2
       )
       SELECT point, "group", sum(count)::bigint AS count FROM (
         SELECT * FROM again UNION ALL SELECT point, "group", -count FROM counted_twice UNION ALL SELECT * FROM sure
       ) AS parts GROUP BY point, "group"`,
    values: where.values,
  };
}
