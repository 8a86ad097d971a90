/** Condition: calls of user `user` with persona `persona` count for budget b. */
export const counts = (user: string, persona: string): string =>
  `(b.scope = 'workspace' OR (b.scope = 'user' AND (b.user_id IS NULL OR b.user_id = ${user})) OR (b.scope = 'persona' AND b.persona_id = ${persona}))`;

/** The subject of budget b for a user: they themselves where each user counts alone, else everybody together. */
export const subjectOf = (user: string): string =>
  `CASE WHEN b.scope = 'user' AND b.user_id IS NULL THEN ${user} ELSE 0 END`;

/** When the period of budget b began that is now, and when it ends: midnight, or the first of the month, in its time zone. */
export const PERIOD_START = `date_trunc(b.period, now(), b.time_zone)`;
export const PERIOD_END = `(date_trunc(b.period, now() AT TIME ZONE b.time_zone) + ('1 ' || b.period)::interval) AT TIME ZONE b.time_zone`;

/** Budgets for which a call in workspace $1 of user $2 with persona $3 counts, with their current period. */
export const MATCHING = `SELECT b.id, b.workspace_id, b.name, b.scope, b.user_id, b.persona_id, b.unit, b.limit_amount, b.is_hard, b.period,
    ${subjectOf('$2::bigint')} AS subject_id, ${PERIOD_START} AS period_start, ${PERIOD_END} AS period_end
  FROM budgets b WHERE b.workspace_id = $1 AND b.deleted_at IS NULL AND ${counts('$2::bigint', '$3::bigint')}`;

/** Each its own query, so that the calls of one user are not looked for among those of all. */
const ledgerSum = (
  whose: string,
): string => `(SELECT coalesce(sum(CASE m.unit WHEN 'tokens' THEN c.total_tokens ELSE c.cost_usd_micros END), 0)::bigint
  FROM model_calls c WHERE c.workspace_id = m.workspace_id AND c.started_at >= m.period_start AND c.started_at < m.period_end${whose})`;

/** What the ledger has for the row `m` of MATCHING. */
export const LEDGER_SUM = `CASE m.scope WHEN 'user' THEN ${ledgerSum(' AND c.user_id = coalesce(m.user_id, m.subject_id)')}
  WHEN 'persona' THEN ${ledgerSum(' AND c.persona_id = m.persona_id')} ELSE ${ledgerSum('')} END`;

/**
 * The end of a statement that changes what calls have used: adds it to the periods in which they began. A call whose period is not open yet is
 * found in the ledger when it is.
 * @param calls a CTE with workspace_id, user_id, persona_id and started_at @param delta what is added for budget b @param also a further CTE that `delta` names
 */
export const spending = (calls: string, delta: string, also: string): string => `spending AS (
    SELECT p.budget_id, p.subject_id, p.period_start, (${delta})::bigint AS delta
    FROM ${calls}, ${also}, budgets b, budget_periods p
    WHERE b.workspace_id = ${calls}.workspace_id AND b.deleted_at IS NULL AND ${counts(`${calls}.user_id`, `${calls}.persona_id`)} AND p.budget_id = b.id
      AND p.subject_id = ${subjectOf(`${calls}.user_id`)} AND ${calls}.started_at >= p.period_start AND ${calls}.started_at < p.period_end
    ORDER BY p.budget_id, p.subject_id, p.period_start FOR UPDATE OF p
  )
  UPDATE budget_periods p SET spent = p.spent + s.delta FROM spending s
  WHERE p.budget_id = s.budget_id AND p.subject_id = s.subject_id AND p.period_start = s.period_start AND s.delta <> 0`;
