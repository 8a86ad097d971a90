import { Client as Postgres } from 'pg';
import { Client } from '../support/client';
import { encryptionKeys } from '../support/encryption';
import { FakeOpenAI, scenarios } from '../support/fake-openai';
import { type Parley, startParley } from '../support/parley';
import { eventually, untilLogged } from '../support/process';
import { runJob } from '../support/run-job';
import { aClient, aSession, say, type SessionAnswer, sessionOf } from '../support/sessions';
import { tracesOf } from '../support/traces';
import { Visitor } from '../support/visitor';
import { userHashOf } from '../support/visitor-proof';

/** Must not be found anywhere. */
const SECRET = 'rutabagas-and-parsnips';
/** Not in the log. */
const CLIENT = 'Rosalind Kohlrabi';

describe('sessions in the database', () => {
  const upstream = new FakeOpenAI();
  let parley: Parley;
  let sql: Postgres;
  let coach: Client;
  let session: SessionAnswer;
  let unsummed: SessionAnswer;
  let visitor: Visitor;
  let supportKey: string;
  let identitySecret: string;

  beforeAll(async () => {
    parley = await startParley({
      OPENAI_BASE_URL: await upstream.start(),
      OPENAI_API_KEY: 'sk-test',
      ENCRYPTION_KEYS: encryptionKeys('k1'),
    });
    sql = new Postgres({ connectionString: parley.database.url });
    sql.on('error', () => undefined);
    await sql.connect();
    coach = await Client.register(() => parley.url);
  });
  afterAll(async () => {
    await sql.end();
    await parley.stop();
    await upstream.stop();
  });

  const database = {
    query: async <T>(text: string, params: readonly unknown[] = []): Promise<T[]> =>
      (await sql.query<T & object>(text, [...params])).rows,
  };
  const restartWith = async (...keys: string[]): Promise<void> => {
    await Promise.all([parley.api.kill('SIGTERM'), parley.worker.kill('SIGTERM')]);
    parley.settings.ENCRYPTION_KEYS = encryptionKeys(...keys);
    await parley.startWorker();
    await parley.startApi();
  };
  const known = (): Promise<Visitor> =>
    Visitor.begin(
      () => parley.url,
      {
        userId: `id-${SECRET}`,
        userHash: userHashOf(`id-${SECRET}`, identitySecret),
        metadata: { plan: `eats ${SECRET}` },
      },
      { 'x-parley-key': supportKey },
    );
  const visitorsOfSessions = async (): Promise<string[]> =>
    (await database.query<{ id: string }>(`SELECT user_id AS id FROM sessions WHERE kind = 'support' ORDER BY id`)).map(
      ({ id }) => id,
    );

  it('goals, what is said, summaries, visitors and their proofs leave no trace', async () => {
    const { id } = await aClient(coach, { name: CLIENT });
    session = await aSession(coach, { client_id: id, goals: [`grow ${SECRET}`] });
    const said = await say(coach, session, `I grow ${SECRET}`);
    expect(said.body.assistant_message.content).toBe(`You said: I grow ${SECRET}`);
    // The model API complains, and quotes what is said, and who says it.
    for (const quoted of [SECRET, CLIENT]) {
      upstream.next(scenarios.error(400, { message: `This is not allowed: ${quoted}` }));
      expect((await say(coach, session, `I eat ${SECRET}`)).body.assistant_message.status).toBe('fallback');
    }
    await coach.request('POST', `/sessions/${session.id}/end`);
    const ended = await eventually(async () => {
      const found = await sessionOf(coach, session);
      return found.summary_status === 'written' ? found : undefined;
    }, 'the summary');
    expect(ended.goals).toEqual([`grow ${SECRET}`]);
    expect(ended.summary).toContain(SECRET);

    const { body: me } = await coach.request<{ workspace_id: number }>('GET', '/auth/me');
    const path = `/workspaces/${me.workspace_id}/support-door`;
    const door = await coach.request<{ public_key: string }>('PUT', path, {
      persona_id: await coach.persona({ visibility: 'workspace' }),
    });
    supportKey = door.body.public_key;
    identitySecret = (await coach.request<{ identity_secret: string }>('POST', `${path}/identity-secret`)).body
      .identity_secret;
    visitor = await known();
    expect((await visitor.send(`I cook ${SECRET}`)).body.message).toBe(`You said: I cook ${SECRET}`);

    expect(await tracesOf(database, SECRET)).toEqual([]);
    expect(await tracesOf(database, identitySecret)).toEqual([]);
    await untilLogged(() => parley.log(), 'This is not allowed');
    expect(parley.log()).not.toContain(SECRET);
    expect(parley.log()).not.toContain(CLIENT);
  });

  it('get the new key with everything else, and with the new one alone all of it reads the same', async () => {
    await restartWith('k2', 'k1');
    await runJob(parley, 'encryption.rotate');
    const { rows } = await eventually(async () => {
      const found = await sql.query<Record<string, string | null>>(
        `SELECT s.visitor_data, s.summary, s.goals ->> 0 AS goals, u.visitor_external_id, d.identity_secret
         FROM sessions s JOIN users u ON u.id = s.user_id LEFT JOIN support_doors d ON d.workspace_id = s.workspace_id ORDER BY s.id`,
      );
      const values = found.rows.flatMap((row) => Object.values(row)).filter((value) => value !== null);
      return values.every((value) => value.startsWith('enc:k2:')) ? found : undefined;
    }, 'all values to have the new key');
    expect(rows.map((row) => Object.keys(row).filter((column) => row[column] !== null))).toEqual([
      ['summary', 'goals', 'identity_secret'],
      ['visitor_data', 'visitor_external_id', 'identity_secret'],
    ]);
    await eventually(async () => {
      const health = (await (await fetch(`${parley.url}/health`)).json()) as {
        encryption: { old_keys: { values_left: number }[] };
      };
      return health.encryption.old_keys[0]?.values_left === 0 ? true : undefined;
    }, 'nothing to be left with the old key');

    await restartWith('k2');
    expect(await sessionOf(coach, session)).toMatchObject({
      goals: [`grow ${SECRET}`],
      summary: expect.stringContaining(SECRET) as string,
    });
    expect((await visitor.history()).body.messages.map(({ content }) => content)).toEqual([
      `I cook ${SECRET}`,
      `You said: I cook ${SECRET}`,
    ]);
    // The proof is checked with the secret, and the visitor is found by the hash of their id.
    await known();
    const [before, after] = await visitorsOfSessions();
    expect(after).toBe(before);
    expect(await tracesOf(database, SECRET)).toEqual([]);
  });

  it('a lost key takes neither sessions nor doors down, and proofs are not taken for good', async () => {
    unsummed = await aSession(coach);
    await say(coach, unsummed, `I dig ${SECRET}`);
    await restartWith('k3');
    expect(await sessionOf(coach, session)).toMatchObject({
      goals: [],
      summary: 'This summary cannot be read: it could not be decrypted.',
    });
    expect((await visitor.history()).body.messages[0]!.content).toBe(
      'This message cannot be read: it could not be decrypted.',
    );
    await expect(known()).rejects.toThrow('SUPPORT.IDENTITY_NOT_CHECKED');
    const anonymous = await Visitor.begin(() => parley.url, {}, { 'x-parley-key': supportKey });
    expect((await anonymous.send('hello')).body.message).toBe('You said: hello');
  });

  it('a summary that needs a lost key waits for it, and uses up none of its attempts', async () => {
    await coach.request('POST', `/sessions/${unsummed.id}/end`);
    await eventually(
      () => (/the summary of a session (has to wait|could not be made)/.test(parley.log()) ? true : undefined),
      'the summary to be put off',
    );
    expect(
      await database.query(
        `SELECT summary_status AS status, summary_attempts AS attempts FROM sessions WHERE public_id = $1`,
        [unsummed.id],
      ),
    ).toEqual([{ status: 'pending', attempts: 0 }]);
    await restartWith('k3', 'k2');
    await database.query(`UPDATE sessions SET summary_not_before = now() - interval '1 minute' WHERE public_id = $1`, [
      unsummed.id,
    ]);
    await runJob(parley, 'sessions.expire');
    const ended = await eventually(async () => {
      const found = await sessionOf(coach, unsummed);
      return found.summary_status === 'written' ? found : undefined;
    }, 'the summary');
    expect(ended.summary).toContain(SECRET);
  });
});
