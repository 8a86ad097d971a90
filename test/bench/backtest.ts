import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import type { AppConfig, FieldCipher } from '@app/platform';
import { Client } from 'pg';
import { type BenchDatabase, run } from './database';
import { ROOT, type Running, startApp, stop } from './processes';

const KEY = 'ab'.repeat(32);
const TURNS_PER_CONVERSATION = 10;
const LIMIT_S = 10;
const RUNS = 3;

/** What customers write; one in ten has a reason to bring a person in. In several languages, because other letters take longer. */
const TEXTS = [
  'Hello, I ordered a blue jacket last week and it has not arrived yet; could you please tell me where it is? My order number is {n}.',
  'Thanks! And can I still change the delivery address? I will be at my parents’ place until Monday, which is in another town.',
  'Guten Tag, ich finde die Rechnung zur Bestellung {n} nicht. Wo kann ich sie herunterladen, und wer stellt sie mir als PDF zur Verfügung?',
  'Bonjour, est-ce que ce billet est remboursable si je change d’avis avant le départ ? Le numéro de la réservation est {n}.',
  'Hola, ¿podrían decirme cuánto tarda el envío a las islas y si hay que pagar algo al recibir el paquete {n}?',
  'The size table says that M is 38 to 40. I usually wear 39, so which one would you recommend for somebody who likes it loose?',
  'Merhaba, siparişimin durumunu öğrenmek istiyorum, numarası {n}. Kargo ne zaman gelir acaba?',
  '注文番号{n}の配送状況を教えてください。来週の月曜日までに届きますか？よろしくお願いいたします。',
  'Is there a discount for students, and does it also hold for things that are reduced already? I could not find anything about it on your pages.',
  'This is the third time that I ask for order {n}. I want a refund, and let me talk to a real person!',
];

interface Answer {
  messages: number;
  escalated_conversations: number;
  hits: { triggers: { kind: string; evidence: string }[] }[];
  is_complete: boolean;
}

/** A back-test over `messages` messages of customers and as many replies, as they are stored in support chats (encrypted), and in clear. */
export async function benchBacktest(
  database: BenchDatabase,
  messages: number,
  say: (text: string) => void,
): Promise<void> {
  const url = await database.create('parley_backtest', true);
  const api = await startApp('api', {
    DATABASE_URL: url,
    SECRET_KEY: 'bench-secret-bench-secret-bench-secret',
    ENCRYPTION_KEYS: `bench:${KEY}`,
    OPENAI_BASE_URL: 'http://127.0.0.1:9/v1',
    OPENAI_API_KEY: 'sk-bench',
    LOG_LEVEL: 'warn',
  });
  try {
    say(`### Back-test over ${messages.toLocaleString('en')} messages of customers, and as many replies\n`);
    say('| | first run | median of the next | messages a second | conversations handed over |');
    say('|---|---|---|---|---|');
    for (const isEncrypted of [false, true]) {
      const owner = await account(api, `owner-${isEncrypted}@example.com`);
      await fill(url, owner.workspaceId, messages, isEncrypted);
      await run(url, 'VACUUM ANALYZE conversations, messages, turns');
      for (const sentiment of [null, { threshold: -0.6 }]) {
        const times: number[] = [];
        let answer: Answer | undefined;
        for (let round = 0; round <= RUNS; round += 1) {
          const began = performance.now();
          answer = await backtest(api, owner.token, { rules: { sentiment }, limit: 200, max_messages: messages });
          times.push((performance.now() - began) / 1000);
          if (answer.messages !== messages || !answer.is_complete) {
            throw new Error(JSON.stringify(answer).slice(0, 300));
          }
        }
        const [first = 0, ...next] = times;
        const median = next.sort((a, b) => a - b)[Math.floor(next.length / 2)]!;
        const name = `${isEncrypted ? 'encrypted' : 'in clear'}${sentiment === null ? '' : ', with sentiment'}`;
        say(
          `| ${name} | ${first.toFixed(1)} s${first > LIMIT_S ? ' **!**' : ''} | ${median.toFixed(1)} s | ${Math.round(messages / median).toLocaleString('en')} | ${answer!.escalated_conversations.toLocaleString('en')} |`,
        );
        const [hit] = answer!.hits;
        if (hit === undefined || hit.triggers.some(({ evidence }) => evidence === '')) throw new Error('no evidence');
      }
    }
  } finally {
    await stop(api);
  }
}

interface Owner {
  token: string;
  workspaceId: number;
}

async function account(api: Running, username: string): Promise<Owner> {
  const login = { username, password: 'a long bench password' };
  await post(`${api.url}/auth/register`, login);
  const { access_token: token } = (await (await post(`${api.url}/auth/login`, login)).json()) as {
    access_token: string;
  };
  const me = await fetch(`${api.url}/auth/me`, { headers: { authorization: `Bearer ${token}` } });
  return { token, workspaceId: ((await me.json()) as { workspace_id: number }).workspace_id };
}

const post = (url: string, body: unknown, token = ''): Promise<Response> =>
  fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token === '' ? {} : { authorization: `Bearer ${token}` }) },
    body: JSON.stringify(body),
  });

async function backtest(api: Running, token: string, body: unknown): Promise<Answer> {
  const answer = await post(`${api.url}/escalations/rules/backtest`, body, token);
  const text = await answer.text();
  if (answer.status !== 200) throw new Error(`${answer.status}: ${text.slice(0, 500)}`);
  return JSON.parse(text) as Answer;
}

/** Support conversations of ten turns each, as they are when nothing is open. */
async function fill(url: string, workspaceId: number, messages: number, isEncrypted: boolean): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(`
      BEGIN;
      WITH made AS (INSERT INTO personas (workspace_id, visibility) VALUES (${workspaceId}, 'workspace') RETURNING id)
      INSERT INTO persona_versions (persona_id, version, name, description, relationship_type, system_instructions, prompt_template)
      SELECT id, 1, 'Support', '', 'other', '', '' FROM made;
      COMMIT;
      INSERT INTO conversations (workspace_id, user_id, persona_id, title, is_title_generated, channel, is_encrypted)
      SELECT ${workspaceId}, (SELECT min(id) FROM users), (SELECT max(id) FROM personas), 'Support', false, 'support', ${isEncrypted}
      FROM generate_series(1, ${Math.ceil(messages / TURNS_PER_CONVERSATION)});
      CREATE TEMP TABLE filled AS SELECT id, row_number() OVER (ORDER BY id) - 1 AS n FROM conversations WHERE workspace_id = ${workspaceId}`);
    const seal = isEncrypted ? cipher() : undefined;
    const { rows } = await client.query<{ last: string }>('SELECT coalesce(max(id), 0) AS last FROM messages');
    const first = Number(rows[0]!.last) + 1;
    const batch = 5_000;
    for (let done = 0; done < messages; done += batch) {
      const numbers = Array.from({ length: Math.min(batch, messages - done) }, (_, index) => done + index);
      await client.query(
        `INSERT INTO messages (id, workspace_id, conversation_id, seq, role, status, content, encryption_key)
         SELECT ${first} + given.n, ${workspaceId}, filled.id, 1 + 2 * (given.n % ${TURNS_PER_CONVERSATION}), 'user', 'sent', content, $3
         FROM unnest($1::bigint[], $2::text[]) AS given (n, content) JOIN filled ON filled.n = given.n / ${TURNS_PER_CONVERSATION}`,
        [
          numbers,
          numbers.map((n) => {
            const text = TEXTS[(n * 7 + Math.floor(n / 10)) % TEXTS.length]!.replace('{n}', String(n));
            return seal === undefined ? text : seal.encrypt(text, `messages/${first + n}/content`);
          }),
          seal === undefined ? null : 'bench',
        ],
      );
    }
    await client.query(`
      SELECT setval(pg_get_serial_sequence('messages', 'id'), ${first + messages});
      WITH answered AS (
        INSERT INTO turns (workspace_id, conversation_id, user_message_id, user_seq, status, finished_at)
        SELECT workspace_id, conversation_id, id, seq, 'completed', now() FROM messages WHERE workspace_id = ${workspaceId}
        RETURNING id, conversation_id, user_seq)
      INSERT INTO messages (workspace_id, conversation_id, seq, role, status, content, turn_id, confidence)
      SELECT ${workspaceId}, conversation_id, user_seq + 1, 'assistant', 'completed', repeat('An answer. ', 20), id, 0.6 + 0.4 * random() FROM answered`);
  } finally {
    await client.end();
  }
}

function cipher(): FieldCipher {
  const load = createRequire(join(ROOT, 'package.json'));
  const { FieldCipher: Cipher } = load(resolve(ROOT, 'dist/libs/platform/src')) as {
    FieldCipher: new (config: AppConfig) => FieldCipher;
  };
  return new Cipher({ encryption: { keys: [{ id: 'bench', key: Buffer.from(KEY, 'hex') }] } } as AppConfig);
}
