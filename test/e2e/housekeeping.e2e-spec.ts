import { createPostgresBackend, withBackend } from 'bullmq';
import { Client as Postgres } from 'pg';
import { Client } from '../support/client';
import { type Parley, startParley } from '../support/parley';
import { eventually } from '../support/process';

interface Call {
  id: number;
  status: string;
  ended_at: Date | null;
}

/** Longest call, its worker's lease, and five minutes more: what apps/worker/src/housekeeping.ts waits with these settings. */
const ABANDONED_SECONDS = 60 + 6 + 300;

describe('housekeeping', () => {
  let parley: Parley;
  let sql: Postgres;

  beforeAll(async () => {
    parley = await startParley({ OPENAI_TOTAL_TIMEOUT: '60000' });
    sql = new Postgres({ connectionString: parley.database.url });
    await sql.connect();
  });
  afterAll(async () => {
    await sql.end();
    await parley.stop();
  });

  /** Lets the worker do this scheduled job now. */
  async function runNow(job: string): Promise<void> {
    const queue = new (withBackend(createPostgresBackend).Queue)('parley', {
      connection: { connectionString: parley.database.url, schema: 'bullmq' },
    });
    await queue.add(job, {}, { removeOnComplete: true });
    await queue.close();
  }

  /** A ledger row that says a call began so long ago and did not end. */
  async function anOpenCall(startedSecondsAgo: number): Promise<number> {
    const { rows } = await sql.query<{ id: number }>(
      `INSERT INTO model_calls (workspace_id, user_id, persona_id, persona_version_id, conversation_id, turn_id, attempt, provider, api,
         model_requested, status, started_at)
       VALUES (1, 1, 1, 1, 1, $1::bigint, 1, 'openai', 'responses', 'gpt-6-luna', 'started', now() - $1 * interval '1 second') RETURNING id`,
      [startedSecondsAgo],
    );
    return rows[0]!.id;
  }

  const call = async (id: number): Promise<Call> =>
    (await sql.query<Call>('SELECT id, status, ended_at FROM model_calls WHERE id = $1', [id])).rows[0]!;

  it('closes ledger rows as lost when their call cannot be running any more, and leaves the others', async () => {
    const abandoned = await anOpenCall(ABANDONED_SECONDS + 5);
    const perhapsRunning = await anOpenCall(ABANDONED_SECONDS - 60);
    await runNow('model-calls.close-abandoned');
    const closed = await eventually(async () => {
      const found = await call(abandoned);
      return found.status === 'started' ? undefined : found;
    }, 'the abandoned call to be closed');
    expect(closed).toMatchObject({ status: 'lost', ended_at: expect.any(Date) as Date });
    expect(await call(perhapsRunning)).toMatchObject({ status: 'started', ended_at: null });
  });

  it('removes logins that have run out, and leaves the others', async () => {
    const user = await Client.register(parley.url);
    await Client.register(parley.url);
    await sql.query(`UPDATE logins SET expires_at = now() - interval '1 minute' WHERE user_id = $1`, [user.userId]);
    await runNow('logins.clean-up');
    await eventually(async () => {
      const { rows } = await sql.query(`SELECT FROM logins WHERE user_id = $1`, [user.userId]);
      return rows.length === 0 ? true : undefined;
    }, 'the login to be removed');
    expect((await sql.query('SELECT FROM logins')).rowCount).toBe(1);
  });
});
