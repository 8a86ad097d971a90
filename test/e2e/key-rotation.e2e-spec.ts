import { Client as Postgres } from 'pg';
import { Client, type Message } from '../support/client';
import { inconsistencies } from '../support/consistency';
import { encryptionKeys } from '../support/encryption';
import { FakeOpenAI } from '../support/fake-openai';
import { type Parley, startParley } from '../support/parley';
import { eventually, untilLogged } from '../support/process';
import { runJob } from '../support/run-job';

interface Health {
  status: string;
  encryption: {
    status: string;
    current_key: string;
    old_keys: { key: string; values_left: number }[];
    missing_keys: string[];
  };
}

const SENDERS = 4;

describe('keys that are rotated while people talk', () => {
  const upstream = new FakeOpenAI();
  let parley: Parley;
  let sql: Postgres;
  let user: Client;

  beforeAll(async () => {
    parley = await startParley({
      OPENAI_BASE_URL: await upstream.start(),
      OPENAI_API_KEY: 'sk-test',
      ENCRYPTION_KEYS: encryptionKeys('k1'),
    });
    sql = new Postgres({ connectionString: parley.database.url });
    sql.on('error', () => undefined);
    await sql.connect();
    user = await Client.register(() => parley.url);
  });
  afterAll(async () => {
    expect(await inconsistencies(sql)).toEqual([]);
    await sql.end();
    await parley.stop();
    await upstream.stop();
  });

  const encrypted = async (): Promise<number> => {
    const id = await user.conversation();
    await sql.query(`UPDATE conversations SET is_encrypted = true, channel = 'session' WHERE id = $1`, [id]);
    return id;
  };
  const health = async (): Promise<Health> => (await (await fetch(`${parley.url}/health`)).json()) as Health;
  const keysOfMessages = async (): Promise<string[]> =>
    (
      await sql.query<{ key: string }>(
        'SELECT DISTINCT encryption_key AS key FROM messages WHERE encryption_key IS NOT NULL ORDER BY 1',
      )
    ).rows.map(({ key }) => key);

  /** New processes first, then the old ones end in order: nobody is without a server. */
  const rollTo = async (...keys: string[]): Promise<void> => {
    const { api, worker } = parley;
    parley.settings.ENCRYPTION_KEYS = encryptionKeys(...keys);
    await parley.startWorker();
    await parley.startApi();
    await Promise.all([api.kill('SIGTERM'), worker.kill('SIGTERM')]);
  };

  it('loses nothing, and every message reads the same, with the old key gone in the end', async () => {
    const conversations = await Promise.all(Array.from({ length: SENDERS }, encrypted));
    const said: string[][] = conversations.map(() => []);
    let isOver = false;
    let failures = 0;
    const talk = async (sender: number): Promise<void> => {
      for (let count = 0; !isOver; count += 1) {
        const text = `sender ${sender} message ${count}`;
        // What a client does whose connection was cut: the same request again.
        for (;;) {
          const answer = await user
            .send(conversations[sender]!, text, { 'idempotency-key': `${sender}-${count}` })
            .catch(() => undefined);
          if (answer?.status === 200) {
            expect(answer.body.assistant_message.content).toBe(`You said: ${text}`);
            break;
          }
          failures += 1;
          if (answer !== undefined) expect([202, 503]).toContain(answer.status);
        }
        said[sender]!.push(text);
      }
    };
    const everybodySaid = (more: number): Promise<boolean> => {
      const before = said.map((texts) => texts.length);
      return eventually(
        () => (said.every((texts, index) => texts.length >= before[index]! + more) ? true : undefined),
        `${more} more messages of everybody`,
        60_000,
      );
    };
    const senders = conversations.map((_, sender) => talk(sender));
    await everybodySaid(5);
    expect(await keysOfMessages()).toEqual(['k1']);

    await rollTo('k1', 'k2');
    await rollTo('k2', 'k1');
    await everybodySaid(5);
    await runJob(parley, 'encryption.rotate');
    const isRotated = async (): Promise<true | undefined> => {
      const { encryption } = await health();
      return encryption.old_keys[0]?.values_left === 0 && encryption.status === 'ok' ? true : undefined;
    };
    await eventually(isRotated, 'nothing to be left with the old key', 120_000);
    expect(await keysOfMessages()).toEqual(['k2']);
    await untilLogged(() => parley.worker.log, 'nothing is encrypted with this key any more');

    await rollTo('k2');
    await everybodySaid(5);
    isOver = true;
    await Promise.all(senders);

    for (const [sender, conversation] of conversations.entries()) {
      const messages: Message[] = [];
      for (let after = 0; ; after = messages.at(-1)!.seq) {
        const { body } = await user.request<{ messages: Message[]; has_more: boolean }>(
          'GET',
          `/chat/conversations/${conversation}/messages?limit=200&after_seq=${after}`,
        );
        messages.push(...body.messages);
        if (!body.has_more) break;
      }
      expect(messages.map(({ content }) => content)).toEqual(
        said[sender]!.flatMap((text) => [text, `You said: ${text}`]),
      );
    }
    expect(await health()).toMatchObject({
      status: 'healthy',
      encryption: { status: 'ok', current_key: 'k2', old_keys: [], missing_keys: [] },
    });
    expect(failures).toBeLessThan(100);
  }, 240_000);

  it('a key that is needed and gone is named by health, log and metrics; the rest goes on', async () => {
    const conversation = await encrypted();
    await user.send(conversation, 'with the key that will be lost');
    await rollTo('k3');
    expect(await health()).toMatchObject({
      status: 'degraded',
      encryption: { status: 'key_missing', current_key: 'k3', missing_keys: ['k2'] },
    });
    await untilLogged(
      () => parley.api.log,
      'values in the database are encrypted with keys that ENCRYPTION_KEYS lacks',
    );
    expect((await user.messages(conversation)).map(({ content }) => content)).toEqual([
      'This message cannot be read: it could not be decrypted.',
      'This message cannot be read: it could not be decrypted.',
    ]);
    const other = await encrypted();
    expect((await user.send(other, 'hello')).body.assistant_message.content).toBe('You said: hello');

    // A message whose past cannot be read waits for the key.
    const sent = await user.request<{ id: number }>(
      'POST',
      `/chat/conversations/${conversation}/send`,
      { content: 'still there?' },
      { prefer: 'respond-async' },
    );
    await eventually(async () => {
      const { rows } = await sql.query<{ held_ms: number }>('SELECT held_ms FROM turns WHERE id = $1', [sent.body.id]);
      return rows[0]!.held_ms > 0 ? true : undefined;
    }, 'the turn to be held back');
    await rollTo('k3', 'k2');
    await eventually(async () => {
      const { body } = await user.request<{ status: string }>('GET', `/chat/turns/${sent.body.id}`);
      return body.status === 'completed' ? true : undefined;
    }, 'the turn to be answered');
    expect((await user.messages(conversation)).map(({ content }) => content)).toEqual([
      'with the key that will be lost',
      'You said: with the key that will be lost',
      'still there?',
      'You said: still there?',
    ]);
  });
});
