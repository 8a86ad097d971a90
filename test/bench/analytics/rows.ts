import { Client } from 'pg';

/** Whose rows there are. */
export interface Ledger {
  calls: number;
  users: number;
  personas: number;
  workspaces: number;
  days: number;
}

/** Calls of a conversation, on average. */
const CALLS_PER_CONVERSATION = 10;

/**
 * Fills a migrated database with conversations and their calls up to now: few users and personas have most of them, more every month, more at day than
 * at night. The first users of `logins` are the busiest ones.
 * @returns how many calls there are
 */
export async function fillLedger(url: string, size: Ledger, logins: readonly number[]): Promise<number> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query('SELECT setseed(0.4711)');
    await client.query(`
      INSERT INTO users (username, password_hash) SELECT 'bench' || n || '@example.com', 'x' FROM generate_series(1, ${size.users - logins.length}) n;
      INSERT INTO workspaces (kind, name) SELECT 'team', 'Team ' || n FROM generate_series(1, ${size.workspaces}) n;
      INSERT INTO workspace_members (workspace_id, user_id, role) SELECT id, ${logins[0]}, 'owner' FROM workspaces WHERE kind = 'team' AND NOT is_default`);
    await client.query(`
      CREATE TEMP TABLE people AS SELECT id, row_number() OVER (ORDER BY coalesce(array_position(ARRAY[${logins.join(',')}]::bigint[], id), 99), id) - 1 AS rank
      FROM users;
      CREATE UNIQUE INDEX ON people (rank);
      BEGIN;
      CREATE TEMP TABLE made AS WITH new AS (
        INSERT INTO personas (workspace_id, visibility)
        SELECT (SELECT min(id) FROM workspaces WHERE kind = 'team' AND NOT is_default) + n % ${size.workspaces}, 'workspace' FROM generate_series(1, ${size.personas}) n
        RETURNING id, workspace_id)
      SELECT *, row_number() OVER (ORDER BY id) - 1 AS rank FROM new;
      INSERT INTO persona_versions (persona_id, version, name, description, relationship_type, system_instructions, prompt_template)
      SELECT id, 1, 'Persona ' || rank, '', 'other', '', '' FROM made;
      COMMIT;
      CREATE UNIQUE INDEX ON made (rank)`);
    await client.query(conversations(size));
    await client.query(calls());
    await client.query('VACUUM ANALYZE');
    const { rows } = await client.query<{ count: string }>('SELECT count(*) FROM model_calls');
    return Number(rows[0]!.count);
  } finally {
    await client.end();
  }
}

/** Each user talks to a few personas; random()^3 makes the first one have one in thirteen of all conversations. */
const conversations = (size: Ledger): string => `
  INSERT INTO conversations (workspace_id, user_id, persona_id, title, is_title_generated, message_count, channel, created_at, updated_at)
  SELECT p.workspace_id, u.id, p.id, 'Seeded', true, 20, (ARRAY['api', 'api', 'whatsapp', 'mattermost'])[1 + s.person % 4], s.begun, s.begun
  FROM (
    SELECT floor(${size.users} * random() ^ 3)::integer AS person, floor(5 * random() ^ 2)::integer AS choice,
      date_trunc('day', now(), 'UTC') - interval '1 day' * floor(${size.days} * random() ^ 1.2)::integer
        + interval '1 second' * (86400 * (0.5 + (random() + random() + random() - 1.5) / 3)) AS begun
    FROM generate_series(1, ${Math.ceil(size.calls / CALLS_PER_CONVERSATION)})
  ) s
  JOIN people u ON u.rank = s.person
  JOIN made p ON p.rank = floor(${size.personas} * ((s.person * 7919 + s.choice * 104729) % 10007 / 10007.0) ^ 2)::integer
  WHERE s.begun < now()`;

/** In the order in which they began, as they are written. The triggers that mark hours are left out, as if the job had always kept up. */
const calls = (): string => `
  ALTER TABLE model_calls DISABLE TRIGGER USER;
  INSERT INTO model_calls (workspace_id, user_id, persona_id, persona_version_id, conversation_id, turn_id, purpose, attempt, status, provider, api,
    model_requested, model, channel, upstream_id, input_tokens, cached_tokens, output_tokens, reasoning_tokens, total_tokens, cost_usd_micros, queue_ms,
    first_token_ms, total_ms, http_status, error_code, is_usage_estimated, started_at, ended_at)
  SELECT workspace_id, user_id, persona_id, 1, conversation_id, id, purpose, 1 + (luck < 0.02)::integer, status, 'openai', 'responses', model,
    CASE WHEN status = 'succeeded' THEN model END, channel, CASE WHEN status = 'succeeded' THEN 'resp_' || md5(id::text) END,
    input, CASE WHEN status = 'succeeded' THEN input / 3 END, output, CASE WHEN status = 'succeeded' THEN output / 5 END, input + output,
    CASE WHEN model <> 'llama3' THEN (input * 0.1 + output * 0.5)::bigint END, (5 + 200 * (-ln(1 - share)))::integer,
    CASE WHEN status = 'succeeded' THEN (200 + 400 * (-ln(1 - share)))::integer END, (700 + 2500 * (-ln(1 - share)))::integer,
    CASE status WHEN 'succeeded' THEN 200 WHEN 'failed' THEN 429 END, CASE WHEN status = 'failed' THEN 'UPSTREAM.RATE_LIMITED' END,
    status = 'cancelled', started_at, started_at + interval '3 seconds'
  FROM (
    SELECT *, row_number() OVER (ORDER BY started_at) AS id,
      CASE WHEN luck < 0.03 THEN 'failed' WHEN luck < 0.04 THEN 'cancelled' WHEN luck < 0.042 THEN 'lost' ELSE 'succeeded' END AS status,
      CASE WHEN luck >= 0.042 OR luck BETWEEN 0.03 AND 0.04 THEN (200 + 3000 * share)::integer END AS input,
      CASE WHEN luck >= 0.042 OR luck BETWEEN 0.03 AND 0.04 THEN (20 + 400 * share)::integer END AS output
    FROM (
      SELECT c.workspace_id, c.user_id, c.persona_id, c.id AS conversation_id, c.channel, CASE WHEN n = 9 THEN 'summary' ELSE 'reply' END AS purpose,
        (ARRAY['gpt-6-luna', 'gpt-6-luna', 'gpt-6-luna', 'gpt-6-sol', 'gpt-6-terra', 'llama3'])[1 + c.persona_id % 6] AS model,
        random() AS luck, random() AS share, least(c.created_at + n * interval '100 seconds' * random(), now()) AS started_at
      FROM conversations c, generate_series(1, ${CALLS_PER_CONVERSATION}) n WHERE c.title = 'Seeded'
    ) AS drawn
  ) AS numbered
  ORDER BY started_at;
  UPDATE rollup_state SET frontier = (SELECT date_trunc('day', min(started_at), 'UTC') FROM model_calls);
  ALTER TABLE model_calls ENABLE TRIGGER USER`;
