import type { parley } from './contenders';
import { run } from './database';
import { closedLoop, median, series } from './load';

type Parley = Awaited<ReturnType<typeof parley>>;

const TURNS = 1000;
const SAMPLE = 40;

/** Whether a send costs more in a long conversation: medians of turns 10–49 and of the last 40 of 1,000. */
export async function longConversation(subject: Parley): Promise<string> {
  const id = await subject.conversation();
  const { latencies } = await series(() => subject.sendTo(id), TURNS);
  const early = median(latencies.slice(10, 10 + SAMPLE));
  const late = median(latencies.slice(-SAMPLE));
  return `- turns 10–49 of a conversation: ${early.toFixed(1)} ms; turns ${TURNS - SAMPLE + 1}–${TURNS}: ${late.toFixed(1)} ms (× ${(late / early).toFixed(2)})`;
}

/** Whether a send costs more in a big database: before and after a million messages (with their turns and ledger rows) were put in. */
export async function bigTables(
  subject: Parley,
  databaseUrl: string,
  inFlight: number,
  forMs: number,
): Promise<string> {
  const measure = async (): Promise<{ alone: number; rate: number }> => ({
    alone: (await series(subject.shot, 300)).p50,
    rate: (await closedLoop(subject.shot, inFlight, forMs)).perSecond,
  });
  await run(databaseUrl, 'ANALYZE');
  const before = await measure();
  const [{ count }] = await run<{ count: string }>(databaseUrl, 'SELECT count(*) FROM messages');
  await run(databaseUrl, MILLION_MESSAGES);
  await run(databaseUrl, 'VACUUM ANALYZE');
  const after = await measure();
  const [{ count: total }] = await run<{ count: string }>(databaseUrl, 'SELECT count(*) FROM messages');
  const line = (rows: string, figures: typeof before): string =>
    `- ${Number(rows).toLocaleString('en')} messages: alone p50 ${figures.alone.toFixed(1)} ms, ${figures.rate.toFixed(0)}/s at ${inFlight} in flight`;
  return [
    line(count, before),
    line(total, after),
    `- alone × ${(after.alone / before.alone).toFixed(2)}, throughput × ${(after.rate / before.rate).toFixed(2)}`,
  ].join('\n');
}

/** 10,000 conversations of 50 turns, of the first user and persona there are. */
const MILLION_MESSAGES = `
  CREATE TEMP TABLE seeded AS WITH made AS (
    INSERT INTO conversations (workspace_id, user_id, persona_id, title, is_title_generated, last_seq, message_count)
    SELECT w.id, u.id, p.id, 'Seeded', true, 100, 100
    FROM (SELECT id FROM users ORDER BY id LIMIT 1) u, (SELECT id FROM workspaces ORDER BY id LIMIT 1) w,
      (SELECT id FROM personas ORDER BY id LIMIT 1) p, generate_series(1, 10000)
    RETURNING id, workspace_id, user_id, persona_id)
  SELECT * FROM made;
  INSERT INTO messages (workspace_id, conversation_id, seq, role, status, content)
  SELECT workspace_id, id, 2 * s - 1, 'user', 'sent', repeat('What shall we talk about today? ', 3) FROM seeded, generate_series(1, 50) s;
  INSERT INTO turns (workspace_id, conversation_id, user_message_id, user_seq, status, attempt, finished_at)
  SELECT m.workspace_id, m.conversation_id, m.id, m.seq, 'completed', 1, now() FROM messages m JOIN seeded s ON s.id = m.conversation_id;
  INSERT INTO messages (workspace_id, conversation_id, seq, role, status, content, turn_id, tokens_used, model_used, response_time_ms)
  SELECT t.workspace_id, t.conversation_id, t.user_seq + 1, 'assistant', 'completed', repeat('A good question, let us see. ', 5), t.id, 70,
    'gpt-6-luna', 900
  FROM turns t JOIN seeded s ON s.id = t.conversation_id;
  INSERT INTO model_calls (workspace_id, user_id, persona_id, persona_version_id, conversation_id, turn_id, attempt, status, provider, api,
    model_requested, total_tokens, ended_at)
  SELECT s.workspace_id, s.user_id, s.persona_id, 1, s.id, t.id, 1, 'succeeded', 'compatible', 'responses', 'gpt-6-luna', 70, now()
  FROM turns t JOIN seeded s ON s.id = t.conversation_id`;
