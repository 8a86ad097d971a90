import { run } from '../database';

const WORKSPACES = 20;
const AGENTS_EACH = 25;
const MESSAGES_EACH = 4;
const CONTENT = `CASE WHEN c.is_encrypted THEN 'enc:k2:' || repeat('A', 200) ELSE repeat('What people say. ', 10) END`;
/** Twenty workspaces with people who take over, and so many escalations, two for each conversation. Nothing waits for its time: jobs would take all of it. */
export async function fill(url: string, escalations: number): Promise<void> {
  const conversations = escalations / 2;
  const statements = [
    `INSERT INTO users (username, password_hash) SELECT 'bench-' || n, 'x' FROM generate_series(1, ${WORKSPACES * AGENTS_EACH}) n`,
    `INSERT INTO workspaces (kind, name) SELECT 'team', 'Bench ' || n FROM generate_series(1, ${WORKSPACES}) n`,
    `CREATE TABLE bench_agents AS SELECT row_number() OVER (ORDER BY id) AS n, id AS user_id FROM users WHERE username LIKE 'bench-%'`,
    `CREATE TABLE bench_workspaces AS SELECT row_number() OVER (ORDER BY id) AS n, id FROM workspaces WHERE name LIKE 'Bench %'`,
    `INSERT INTO workspace_members (workspace_id, user_id, role) SELECT w.id, a.user_id, CASE WHEN a.n <= ${WORKSPACES} THEN 'owner' ELSE 'member' END
     FROM bench_agents a JOIN bench_workspaces w ON w.n = 1 + a.n % ${WORKSPACES}`,
    `INSERT INTO support_agents (workspace_id, user_id, is_available, capacity, skills)
     SELECT m.workspace_id, m.user_id, true, 1000, CASE WHEN m.user_id % 2 = 0 THEN '{billing}'::text[] ELSE '{}' END
     FROM workspace_members m JOIN bench_workspaces w ON w.id = m.workspace_id`,
    `CREATE TABLE bench_team AS SELECT workspace_id, user_id, row_number() OVER (PARTITION BY workspace_id ORDER BY user_id) AS n FROM support_agents`,
    `INSERT INTO conversations (workspace_id, user_id, persona_id, title, is_title_generated, channel, is_encrypted, last_seq, message_count)
     SELECT w.id, (SELECT min(user_id) FROM bench_agents), (SELECT min(id) FROM personas), 'Support', false, 'support', each.n % 4 = 0, ${MESSAGES_EACH}, ${MESSAGES_EACH}
     FROM generate_series(1, ${conversations}) AS each (n) JOIN bench_workspaces w ON w.n = 1 + each.n % ${WORKSPACES} ORDER BY each.n`,
    `CREATE TABLE bench_conversations AS SELECT row_number() OVER (ORDER BY id) AS n, id, workspace_id, is_encrypted FROM conversations WHERE title = 'Support'`,
    `CREATE UNIQUE INDEX ON bench_conversations (n)`,
    `ANALYZE`,
    `INSERT INTO messages (workspace_id, conversation_id, seq, role, status, content, encryption_key)
     SELECT c.workspace_id, c.id, s, 'user', 'sent', ${CONTENT}, CASE WHEN c.is_encrypted THEN 'k2' END
     FROM bench_conversations c CROSS JOIN generate_series(1, ${MESSAGES_EACH}, 2) s ORDER BY c.id, s`,
    `INSERT INTO turns (workspace_id, conversation_id, user_message_id, user_seq, status, attempt, finished_at)
     SELECT workspace_id, conversation_id, id, seq, 'completed', 1, now() FROM messages ORDER BY id`,
    `INSERT INTO messages (workspace_id, conversation_id, seq, role, status, content, turn_id, confidence, encryption_key)
     SELECT c.workspace_id, c.id, t.user_seq + 1, 'assistant', 'completed', ${CONTENT}, t.id, 0.7, CASE WHEN c.is_encrypted THEN 'k2' END
     FROM bench_conversations c JOIN turns t ON t.conversation_id = c.id ORDER BY t.id`,
    // First all the old ones: ids and times go up together.
    `INSERT INTO escalations (workspace_id, conversation_id, persona_id, status, reason, skill, priority, tags, assigned_to, since_seq, claimed_seq, summary,
       suggested_reply, draft_through_seq, encryption_key, due_at, created_at, claimed_at, first_reply_at, ended_at, csat_asked_at)
     SELECT workspace_id, id, 1, status, 'keyword', CASE WHEN n % 7 = 0 THEN 'billing' WHEN n % 4999 = 0 THEN 'rare' END, n % 4,
       CASE WHEN n % 49 = 0 THEN '{vip}'::text[] WHEN n % 9999 = 0 THEN '{rare}' ELSE '{}' END,
       CASE WHEN status <> 'open' OR n % 30 = 0 THEN agent END, 1, CASE WHEN status <> 'open' THEN 1 END, 'A summary of what was said before.',
       'A reply that could be given.', 2, CASE WHEN is_encrypted THEN 'k2' END, at + interval '5 minutes', at, CASE WHEN status <> 'open' THEN at END,
       CASE WHEN status <> 'open' THEN at END, CASE WHEN status = 'resolved' THEN at + interval '1 hour' END, CASE WHEN status = 'resolved' AND n % 3 = 0 THEN at END
     FROM (
       SELECT c.id, c.workspace_id, c.is_encrypted, turn.n, a.user_id AS agent, CASE WHEN turn.n <= ${conversations} OR turn.n % 10 <> 0 THEN 'resolved' WHEN turn.n % 50 = 0 THEN 'claimed' ELSE 'open' END AS status,
         now() - (${escalations} - turn.n) * interval '20 seconds' AS at
       FROM generate_series(1, ${escalations}) AS turn (n)
       JOIN bench_conversations c ON c.n = 1 + (turn.n - 1) % ${conversations}
       JOIN bench_team a ON a.workspace_id = c.workspace_id AND a.n = 1 + turn.n / 7 % ${AGENTS_EACH}
       ORDER BY turn.n
     ) made`,
    `UPDATE escalations SET due_at = now() + interval '1 day' WHERE status <> 'resolved'`,
    `INSERT INTO escalation_triggers (escalation_id, kind, message_seq, evidence, encryption_key)
     SELECT id, 'keyword', 1, 'refund: I want a refund for my order, please.', encryption_key FROM escalations ORDER BY id`,
    `INSERT INTO escalation_events (escalation_id, kind, actor_id, note, encryption_key)
     SELECT id, kind, assigned_to, CASE WHEN kind = 'noted' THEN 'Calls back at noon.' END, CASE WHEN kind = 'noted' THEN encryption_key END
     FROM escalations CROSS JOIN unnest('{created,noted}'::text[]) AS kind ORDER BY id`,
    `INSERT INTO webhook_endpoints (workspace_id, url, events, secret)
     SELECT id, 'https://example.com/hook', '{escalation.created,escalation.resolved}', 'enc:k2:' || repeat('A', 60) FROM bench_workspaces`,
    `INSERT INTO webhook_deliveries (endpoint_id, event_type, payload, status, attempts, created_at, delivered_at)
     SELECT w.id, 'escalation.created', '{"type": "escalation.created", "data": {"escalation_id": 1, "status": "open", "reason": "keyword"}}', 'delivered', 1,
       e.created_at, e.created_at
     FROM escalations e JOIN webhook_endpoints w ON w.workspace_id = e.workspace_id WHERE e.created_at > now() - interval '30 days' ORDER BY e.id`,
    `INSERT INTO webhook_deliveries (endpoint_id, event_type, payload, next_attempt_at)
     SELECT w.id, 'escalation.created', '{}', now() - n * interval '1 second' FROM webhook_endpoints w CROSS JOIN generate_series(1, 50) n`,
    `DROP TABLE bench_agents, bench_team, bench_workspaces, bench_conversations`,
    `VACUUM ANALYZE`,
  ];
  for (const statement of statements) await run(url, statement);
}
