import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client as Postgres } from 'pg';
import { Client } from '../support/client';
import { FakeOpenAI } from '../support/fake-openai';
import { type Parley, startParley } from '../support/parley';
import { eventually } from '../support/process';

const OLD = 'sk-test-key-old-0123456789-aaaa';
const REVOKED = 'sk-test-key-revoked-0123456789-bbbb';
const GOOD = 'sk-test-key-good-0123456789-cccc';
const NEW = 'unusual-new-key-0123456789-dddd';

describe('keys of the model API', () => {
  const upstream = new FakeOpenAI({ keys: [OLD] });
  const directory = mkdtempSync(join(tmpdir(), 'parley-keys-'));
  const file = join(directory, 'keys');
  let parley: Parley;
  let sql: Postgres;
  let user: Client;

  beforeAll(async () => {
    writeFileSync(file, `${OLD}\n`);
    parley = await startParley({
      OPENAI_BASE_URL: await upstream.start(),
      OPENAI_API_KEY: 'sk-the-file-wins-over-this',
      OPENAI_API_KEY_FILE: file,
      OPENAI_MAX_RETRIES: '0',
    });
    sql = new Postgres({ connectionString: parley.database.url });
    sql.on('error', () => undefined);
    await sql.connect();
    user = await Client.register(() => parley.url);
  });

  afterAll(async () => {
    await sql.end();
    await parley.stop();
    await upstream.stop();
    rmSync(directory, { recursive: true });
  });

  const ask = async (): Promise<string> => {
    const { body } = await user.send(await user.conversation(), 'hi');
    return body.assistant_message.status === 'completed' ? 'completed' : String(body.assistant_message.error_code);
  };
  const lastKey = (): string | null => upstream.requests.at(-1)!.apiKey;
  const usedByWorker = (key: string): Promise<unknown> =>
    eventually(
      async () => {
        await ask();
        return lastKey() === key ? true : undefined;
      },
      `the worker to use the key …${key.slice(-4)}`,
    );
  const ledgerAgrees = async (): Promise<void> => {
    const { rows } = await sql.query<{ calls: number }>('SELECT count(*)::int AS calls FROM model_calls');
    expect(rows[0]!.calls).toBe(upstream.requests.length);
  };

  it('change while messages flow, and none fails', async () => {
    upstream.acceptKeys(OLD, NEW);
    const outcomes: string[] = [];
    let isOver = false;
    const flow = (async () => {
      while (!isOver) outcomes.push(await ask());
    })();
    writeFileSync(file, `# rotated\n\n${NEW}\n`);
    await usedByWorker(NEW);
    upstream.acceptKeys(NEW);
    await Promise.all([ask(), ask(), ask()]);
    isOver = true;
    await flow;
    expect(outcomes.filter((outcome) => outcome !== 'completed')).toEqual([]);
    await ledgerAgrees();
  });

  it('a key that was revoked before its successor was looked for is no failure either', async () => {
    upstream.acceptKeys(GOOD);
    writeFileSync(file, `${GOOD}\n`);
    expect(await ask()).toBe('completed');
    await ledgerAgrees();
  });

  it('of two keys one is revoked: it is put aside, the other one answers, and each request has its row', async () => {
    writeFileSync(file, `${REVOKED}\n${GOOD}\n`);
    const outcomes: string[] = [];
    await eventually(async () => {
      outcomes.push(await ask());
      return parley.worker.log.includes('"key_ends_with":"bbbb"') ? true : undefined;
    }, 'the revoked key to be put aside');
    for (let message = 0; message < 3; message += 1) outcomes.push(await ask());
    expect(outcomes).toEqual(outcomes.map(() => 'completed'));
    expect(upstream.requests.filter(({ apiKey }) => apiKey === REVOKED)).toHaveLength(1);
    await ledgerAgrees();
    const metrics = await (await fetch(`${parley.worker.url}/metrics`)).text();
    expect(metrics).toMatch(/^parley_upstream_keys_put_aside 1$/m);
  });

  it('an empty file changes nothing, and the log says so', async () => {
    writeFileSync(file, '\n');
    await eventually(() => (parley.worker.log.includes('has no key in it') ? true : undefined), 'the log line');
    expect(await ask()).toBe('completed');
  });

  it('all are refused: the usual code, and one request per key', async () => {
    writeFileSync(file, `${OLD}\n${NEW}\n`);
    await eventually(async () => {
      const { body } = await user.request<{ error_code: string | null }>('GET', '/chat/health');
      await ask();
      return lastKey() === NEW || lastKey() === OLD ? body : undefined;
    }, 'the refused keys to be in use');
    expect(await ask()).toBe('UPSTREAM.UNAUTHORIZED');
    await ledgerAgrees();
  });

  it('no key is in a log', () => {
    for (const key of [OLD, REVOKED, GOOD, NEW]) expect(parley.log()).not.toContain(key);
  });
});
