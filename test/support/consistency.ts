import type { Client as Postgres } from 'pg';
import { CHANNEL_RULES } from './channel-consistency';

/** What must never be found in the database once nothing runs any more: each query lists offending rows. */
const RULES: Record<string, string> = {
  'seq of a conversation runs 1, 2, 3 … without gaps, and last_seq is the last one': `
    SELECT c.id, c.last_seq, count(m.id) AS messages, max(m.seq) AS highest FROM conversations c LEFT JOIN messages m ON m.conversation_id = c.id
    GROUP BY c.id HAVING count(m.id) <> c.last_seq OR coalesce(max(m.seq), 0) <> c.last_seq`,
  'message_count counts the messages that are not deleted': `
    SELECT c.id, c.message_count, count(m.id) FILTER (WHERE m.deleted_at IS NULL) AS living
    FROM conversations c LEFT JOIN messages m ON m.conversation_id = c.id
    GROUP BY c.id HAVING count(m.id) FILTER (WHERE m.deleted_at IS NULL) <> c.message_count`,
  'every user message has a turn': `
    SELECT m.id FROM messages m LEFT JOIN turns t ON t.user_message_id = m.id WHERE m.role = 'user' AND t.id IS NULL`,
  'a turn stands where its message stands': `
    SELECT t.id FROM turns t JOIN messages m ON m.id = t.user_message_id
    WHERE m.seq <> t.user_seq OR m.conversation_id <> t.conversation_id OR m.role <> 'user'`,
  'no turn has more than one reply': `
    SELECT turn_id FROM messages WHERE role = 'assistant' GROUP BY turn_id HAVING count(*) > 1`,
  'a completed or failed turn has a reply, an open one has none, and that of a cancelled one is marked': `
    SELECT t.id, t.status, count(m.id) AS replies FROM turns t LEFT JOIN messages m ON m.turn_id = t.id AND (t.status <> 'cancelled' OR m.status <> 'cancelled')
    GROUP BY t.id HAVING count(m.id) <> CASE WHEN t.status IN ('completed', 'failed') THEN 1 ELSE 0 END`,
  'one turn of a message counts at most': `
    SELECT user_message_id FROM turns WHERE is_current GROUP BY user_message_id HAVING count(*) > 1`,
  // Another reply to an old message stands where it was made.
  'first replies stand after their messages, in the same order': `
    SELECT r.id FROM (
      SELECT r.id, r.seq, r.conversation_id, t.user_seq, lag(r.seq) OVER (PARTITION BY r.conversation_id ORDER BY t.user_seq) AS earlier
      FROM messages r JOIN turns t ON t.id = r.turn_id
      WHERE NOT EXISTS (SELECT 1 FROM turns o WHERE o.user_message_id = t.user_message_id AND o.id < t.id)
    ) r WHERE r.seq <= r.user_seq OR r.seq <= r.earlier`,
  'no turn is left open': `SELECT id, status, attempt, error_code FROM turns WHERE status IN ('pending', 'running')`,
  'no lease is left': `SELECT conversation_id FROM conversation_leases WHERE expires_at > now() + interval '1 second'`,
  // A summary whose worker died is closed by housekeeping.
  'every call in the ledger is closed': `
    SELECT id, turn_id, attempt FROM model_calls WHERE status = 'started' AND (purpose = 'reply' OR started_at < now() - interval '15 minutes')`,
  'a completed turn has exactly one call that succeeded, or an answer from the cache': `
    SELECT t.id FROM turns t LEFT JOIN model_calls c ON c.turn_id = t.id AND c.purpose = 'reply' AND c.status IN ('succeeded', 'cached')
    WHERE t.status = 'completed' GROUP BY t.id HAVING count(c.id) <> 1`,
  // A worker that dies before its call has made none, and nothing is in the ledger that has not happened.
  'the ledger has a row per attempt, save for those whose worker died before the call': `
    SELECT t.id, t.attempt, t.lost_attempts, count(c.id) AS calls FROM turns t LEFT JOIN model_calls c ON c.turn_id = t.id AND c.purpose = 'reply'
    WHERE t.status = 'completed' GROUP BY t.id HAVING count(c.id) NOT BETWEEN t.attempt - t.lost_attempts AND t.attempt`,
  'attempts for a summary are numbered 1, 2, 3 …': `
    SELECT turn_id FROM model_calls WHERE purpose = 'summary' GROUP BY turn_id HAVING count(*) <> max(attempt)`,
  'a summary was made by a call of its conversation': `
    SELECT s.conversation_id FROM conversation_summaries s WHERE s.content <> '' AND NOT EXISTS (
      SELECT 1 FROM model_calls c WHERE c.conversation_id = s.conversation_id AND c.purpose = 'summary' AND c.status IN ('succeeded', 'lost')
    )`,
  'a summary covers what has been said': `
    SELECT s.conversation_id FROM conversation_summaries s JOIN conversations c ON c.id = s.conversation_id WHERE s.through_seq > c.last_seq`,
  // Only drafts can be deleted, and their numbers are not given out again.
  'every persona has its current version, and no number beyond the last one given out': `
    SELECT p.id FROM personas p LEFT JOIN persona_versions v ON v.persona_id = p.id
    GROUP BY p.id HAVING coalesce(bool_or(v.version = p.current_version), false) = false OR max(v.version) > p.last_version`,
  'the version that counts is the one that was published last': `
    SELECT p.id FROM personas p
    WHERE p.current_version IS DISTINCT FROM (SELECT o.version FROM persona_publications o WHERE o.persona_id = p.id ORDER BY o.id DESC LIMIT 1)`,
  'what has answered was published, or is part of a comparison': `
    SELECT m.id FROM messages m JOIN persona_versions v ON v.id = m.persona_version_id
    WHERE NOT EXISTS (SELECT 1 FROM persona_publications o WHERE o.persona_id = v.persona_id AND o.version = v.version)
      AND NOT EXISTS (SELECT 1 FROM persona_experiments e WHERE e.persona_id = v.persona_id AND v.version IN (e.version_a, e.version_b))`,
  'a conversation in a comparison has one of its versions': `
    SELECT c.id FROM conversations c LEFT JOIN persona_experiments e ON e.id = c.experiment_id
    WHERE c.experiment_id IS NOT NULL AND coalesce(c.persona_version IN (e.version_a, e.version_b), false) = false`,
  'a call in a comparison was made with the version that its conversation has there': `
    SELECT l.id FROM model_calls l JOIN conversations c ON c.id = l.conversation_id JOIN persona_versions v ON v.id = l.persona_version_id
    WHERE l.experiment_id IS NOT NULL AND (l.experiment_id IS DISTINCT FROM c.experiment_id OR v.version IS DISTINCT FROM c.persona_version OR v.persona_id <> l.persona_id)`,
  'every user has one personal workspace and is its owner': `
    SELECT u.id FROM users u LEFT JOIN workspaces w ON w.personal_user_id = u.id
    LEFT JOIN workspace_members m ON m.workspace_id = w.id AND m.user_id = u.id AND m.role = 'owner'
    WHERE u.visits_workspace_id IS NULL
    GROUP BY u.id HAVING count(w.id) <> 1 OR count(m.user_id) <> 1`,
  'a visitor has no workspace, no login and no memberships; an unproven one has a conversation': `
    SELECT u.id FROM users u WHERE u.visits_workspace_id IS NOT NULL AND (
      EXISTS (SELECT FROM workspaces w WHERE w.personal_user_id = u.id) OR EXISTS (SELECT FROM workspace_members m WHERE m.user_id = u.id)
      OR EXISTS (SELECT FROM logins l WHERE l.user_id = u.id)
      OR (u.visitor_fingerprint IS NULL AND NOT EXISTS (SELECT FROM conversations c WHERE c.user_id = u.id)))`,
  'a support session belongs to a visitor of its workspace, who owns its conversation': `
    SELECT s.id FROM sessions s JOIN users u ON u.id = s.user_id JOIN conversations c ON c.id = s.conversation_id
    WHERE s.kind = 'support' AND (u.visits_workspace_id IS DISTINCT FROM s.workspace_id OR c.user_id <> s.user_id OR c.workspace_id <> s.workspace_id
      OR NOT c.is_encrypted)`,
  'a login has refresh tokens, of which at most one is unused': `
    SELECT l.id FROM logins l LEFT JOIN refresh_tokens r ON r.login_id = l.id
    GROUP BY l.id HAVING count(r.*) = 0 OR count(r.*) FILTER (WHERE r.used_at IS NULL) > 1`,
  'what is in a conversation is in its workspace': `
    SELECT c.id FROM conversations c JOIN personas p ON p.id = c.persona_id LEFT JOIN messages m ON m.conversation_id = c.id
    LEFT JOIN turns t ON t.conversation_id = c.id
    WHERE p.workspace_id <> c.workspace_id OR m.workspace_id <> c.workspace_id OR t.workspace_id <> c.workspace_id`,
  ...CHANNEL_RULES,
};

const SHOWN = 5;

/** The rules that are broken, with the first offending rows; empty when the database is sound. Only when nothing runs any more. */
export async function inconsistencies(sql: Postgres): Promise<string[]> {
  const broken: string[] = [];
  for (const [rule, query] of Object.entries(RULES)) {
    const { rows } = await sql.query<Record<string, unknown>>(query);
    if (rows.length > 0) {
      broken.push(`${rule}: broken ${rows.length} times, as in ${JSON.stringify(rows.slice(0, SHOWN))}`);
    }
  }
  return broken;
}

/** A fingerprint of everything that belongs to a user. */
export async function fingerprintOf(sql: Postgres, userId: number): Promise<Record<string, string>> {
  const tables: Record<string, string> = {
    users: 'id = $1',
    workspaces: 'personal_user_id = $1',
    workspace_members: 'user_id = $1 OR workspace_id IN (SELECT id FROM workspaces WHERE personal_user_id = $1)',
    personas: 'owner_id = $1 OR workspace_id IN (SELECT id FROM workspaces WHERE personal_user_id = $1)',
    persona_publications: 'published_by = $1 OR persona_id IN (SELECT id FROM personas WHERE owner_id = $1)',
    persona_experiments: 'started_by = $1 OR persona_id IN (SELECT id FROM personas WHERE owner_id = $1)',
    persona_versions: 'created_by = $1 OR persona_id IN (SELECT id FROM personas WHERE owner_id = $1)',
    conversations: 'user_id = $1 OR workspace_id IN (SELECT id FROM workspaces WHERE personal_user_id = $1)',
    messages: 'conversation_id IN (SELECT id FROM conversations WHERE user_id = $1)',
    conversation_summaries: 'conversation_id IN (SELECT id FROM conversations WHERE user_id = $1)',
    turns: 'conversation_id IN (SELECT id FROM conversations WHERE user_id = $1)',
    escalations: 'workspace_id IN (SELECT id FROM workspaces WHERE personal_user_id = $1)',
    escalation_triggers:
      'escalation_id IN (SELECT id FROM escalations WHERE workspace_id IN (SELECT id FROM workspaces WHERE personal_user_id = $1))',
    escalation_events:
      'escalation_id IN (SELECT id FROM escalations WHERE workspace_id IN (SELECT id FROM workspaces WHERE personal_user_id = $1))',
    escalation_rules: 'workspace_id IN (SELECT id FROM workspaces WHERE personal_user_id = $1)',
    support_agents: 'user_id = $1 OR workspace_id IN (SELECT id FROM workspaces WHERE personal_user_id = $1)',
    webhook_endpoints: 'workspace_id IN (SELECT id FROM workspaces WHERE personal_user_id = $1)',
    logins: 'user_id = $1',
    model_calls: 'user_id = $1',
    uploads: 'user_id = $1',
    cached_answers: 'conversation_id IN (SELECT id FROM conversations WHERE user_id = $1)',
    message_feedback:
      'message_id IN (SELECT id FROM messages WHERE conversation_id IN (SELECT id FROM conversations WHERE user_id = $1))',
  };
  const fingerprint: Record<string, string> = {};
  for (const [table, condition] of Object.entries(tables)) {
    const { rows } = await sql.query<{ rows: string; hash: string }>(
      `SELECT count(*) AS rows, md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) AS hash FROM ${table} t WHERE ${condition}`,
      [userId],
    );
    fingerprint[table] = `${rows[0]!.rows} rows, ${rows[0]!.hash}`;
  }
  return fingerprint;
}
