import { setTimeout as pause } from 'node:timers/promises';
import { Client as Postgres } from 'pg';
import { Client } from '../support/client';
import { inconsistencies } from '../support/consistency';
import { FakeOpenAI, scenarios } from '../support/fake-openai';
import { type Parley, startParley } from '../support/parley';
import { eventually } from '../support/process';
import { Agent } from '../support/team';

const CLAIMS = 200;
const AT_ONCE = 10;
/** An answer takes about 150 ms here; claims come from before its first word to after its last. */
const PIECES = 6;
const FIRST_TOKEN_MS = 40;
const TOKEN_MS = 20;
const LONGEST_PAUSE_MS = 300;

describe('a person claims while a model is writing', () => {
  const upstream = new FakeOpenAI();
  let parley: Parley;
  let sql: Postgres;
  let user: Client;
  let agent: Agent;
  let persona: number;

  beforeAll(async () => {
    parley = await startParley({
      OPENAI_BASE_URL: await upstream.start(),
      OPENAI_API_KEY: 'sk-test',
      CONTEXT_SUMMARY: 'false',
      WORKER_CONCURRENCY: '20',
    });
    await parley.startWorker();
    sql = new Postgres({ connectionString: parley.database.url });
    sql.on('error', () => undefined);
    await sql.connect();
    user = await Client.register(() => parley.url);
    const { body } = await user.request<{ workspace_id: number }>('GET', '/auth/me');
    agent = new Agent(user, body.workspace_id);
    persona = await user.persona();
  });
  afterAll(async () => {
    await sql.end();
    await parley.stop();
    await upstream.stop();
  });

  const sendAsync = async (conversationId: number, content: string): Promise<number> => {
    const { status } = await user.request(
      'POST',
      `/chat/conversations/${conversationId}/send`,
      { content },
      {
        prefer: 'respond-async',
      },
    );
    return status;
  };

  const claimOnce = async (): Promise<void> => {
    const conversationId = await user.conversation(persona);
    expect(await sendAsync(conversationId, 'first')).toBe(202);
    const asked = await user.request<{ id: number }>('POST', '/escalations', { conversation_id: conversationId });
    expect(asked.status).toBe(201);
    await pause(Math.random() * LONGEST_PAUSE_MS);
    const [claimed] = await Promise.all([
      agent.act(asked.body.id, 'claim'),
      // What comes at the very moment is not answered by a model behind the claim either.
      sendAsync(conversationId, 'second'),
    ]);
    expect(claimed).toMatchObject({ status: 200, body: { status: 'claimed', owner: 'human' } });
    await sendAsync(conversationId, 'third');
    expect((await agent.act(asked.body.id, 'replies', { content: 'I am here.' })).status).toBe(201);
  };

  it(`${CLAIMS} times at random moments: never a message of a model behind the claim, and every call is closed in the ledger`, async () => {
    upstream.always(
      scenarios.reply(undefined, {
        pieces: Array.from({ length: PIECES }, (_, n) => `word ${n} `),
        firstTokenDelayMs: FIRST_TOKEN_MS,
        tokenDelayMs: TOKEN_MS,
      }),
    );
    let left = CLAIMS;
    await Promise.all(
      Array.from({ length: AT_ONCE }, async () => {
        while (left > 0) {
          left -= 1;
          await claimOnce();
        }
      }),
    );
    await eventually(async () => {
      const { rows } = await sql.query<{ open: string }>(
        `SELECT (SELECT count(*) FROM turns WHERE finished_at IS NULL) + (SELECT count(*) FROM model_calls WHERE status = 'started') AS open`,
      );
      return Number(rows[0]!.open) === 0 ? true : undefined;
    }, 'all turns and calls to be over');

    const { rows: late } = await sql.query(
      `SELECT e.id, e.claimed_seq, m.seq, m.role FROM escalations e JOIN messages m ON m.conversation_id = e.conversation_id
       WHERE m.role = 'assistant' AND m.seq > e.claimed_seq`,
    );
    expect(late).toEqual([]);
    const { rows: counts } = await sql.query<{ claims: string; answered: string; discarded: string; unpaid: string }>(
      `SELECT (SELECT count(*) FROM escalations WHERE claimed_seq IS NOT NULL) AS claims,
         (SELECT count(*) FROM turns WHERE status = 'completed') AS answered,
         (SELECT count(*) FROM turns t WHERE t.status = 'handed_off' AND EXISTS (SELECT 1 FROM model_calls c WHERE c.turn_id = t.id)) AS discarded,
         (SELECT count(*) FROM model_calls WHERE status NOT IN ('succeeded', 'failed', 'cancelled')) AS unpaid`,
    );
    const { claims, answered, discarded, unpaid } = counts[0]!;
    expect([claims, unpaid].map(Number)).toEqual([CLAIMS, 0]);
    // Both happened: some answers were there before, some were thrown away while they were written.
    expect(Number(answered)).toBeGreaterThan(0);
    expect(Number(discarded)).toBeGreaterThan(0);
    expect(await inconsistencies(sql)).toEqual([]);
  }, 240_000);
});
