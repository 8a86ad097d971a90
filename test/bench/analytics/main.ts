import { type BenchDatabase, run } from '../database';
import { type Running, startApp, stop } from '../processes';
import { questions } from './questions';
import { rollUp } from './roll-up';
import { fillLedger } from './rows';

const NO_LIMIT = '10000000';
const RUNS = 12;
const LIMIT_MS = 300;

interface Account {
  id: number;
  token: string;
}

/** Reports over a ledger of `calls` rows: generates them, sums them up, and times every kind of question over HTTP. */
export async function benchAnalytics(
  database: BenchDatabase,
  calls: number,
  say: (text: string) => void,
): Promise<void> {
  const url = await database.create('parley_analytics', true);
  const api = await startApp('api', {
    DATABASE_URL: url,
    SECRET_KEY: 'bench-secret-bench-secret-bench-secret',
    ENCRYPTION_KEYS: `bench:${'ab'.repeat(32)}`,
    OPENAI_BASE_URL: 'http://127.0.0.1:9/v1',
    OPENAI_API_KEY: 'sk-bench',
    RATE_LIMIT_AUTH_PER_IP: NO_LIMIT,
    RATE_LIMIT_OTHER_PER_USER: NO_LIMIT,
    LOG_LEVEL: 'warn',
  });
  try {
    const accounts = {
      admin: await account(api, 'admin@example.com'),
      busiest: await account(api, 'busiest@example.com'),
      typical: await account(api, 'typical@example.com'),
    };
    const began = performance.now();
    const size = { calls, users: 2000, personas: 200, workspaces: 20, days: 400 };
    const made = await fillLedger(url, size, [accounts.busiest.id, accounts.typical.id]);
    say(`### Reports over ${made.toLocaleString('en')} calls\n`);
    say(
      `- generated in ${seconds(performance.now() - began)}: ${size.users} users, ${size.personas} personas, ${size.days} days`,
    );
    say(`- summed up in ${seconds(await rollUp(url))}`);
    await run(url, 'VACUUM ANALYZE');
    await saySizes(url, made, say);
    const [{ id }] = await run<{ id: string }>(
      url,
      `SELECT min(id) AS id FROM workspaces WHERE kind = 'team' AND NOT is_default`,
    );
    say(`\n| | p50 | p95 |\n| --- | --- | --- |`);
    let slowest = 0;
    for (const question of questions(Date.now(), Number(id))) {
      const times = await timesOf(`${api.url}${question.path}`, accounts[question.as].token);
      slowest = Math.max(slowest, times.p95);
      say(
        `| ${question.name} | ${times.p50.toFixed(0)} ms | ${times.p95.toFixed(0)} ms${times.p95 > LIMIT_MS ? ' **!**' : ''} |`,
      );
    }
    say(`\nThe slowest p95 is ${slowest.toFixed(0)} ms.`);
  } finally {
    await stop(api);
  }
}

async function account(api: Running, username: string): Promise<Account> {
  const login = { username, password: 'a long bench password' };
  const { id } = (await (await post(`${api.url}/auth/register`, login)).json()) as { id: number };
  const { access_token } = (await (await post(`${api.url}/auth/login`, login)).json()) as { access_token: string };
  return { id, token: access_token };
}

const post = (url: string, body: unknown): Promise<Response> =>
  fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });

/** The first run, which reads cold tables, is left out. */
async function timesOf(url: string, token: string): Promise<{ p50: number; p95: number }> {
  const times: number[] = [];
  for (let round = 0; round <= RUNS; round += 1) {
    const began = performance.now();
    const answer = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
    const text = await answer.text();
    if (answer.status !== 200) throw new Error(`${url} answered ${answer.status}: ${text.slice(0, 500)}`);
    if (round > 0) times.push(performance.now() - began);
  }
  times.sort((a, b) => a - b);
  return { p50: times[Math.floor(times.length / 2)]!, p95: times[Math.floor(times.length * 0.95)]! };
}

async function saySizes(url: string, calls: number, say: (text: string) => void): Promise<void> {
  for (const table of [
    'model_calls',
    'usage_rollups',
    'error_rollups',
    'conversation_activity',
    'conversation_lives',
    'conversation_rollups',
  ]) {
    const [{ heap, all, rows }] = await run<{ heap: string; all: string; rows: string }>(
      url,
      `SELECT pg_table_size('${table}') AS heap, pg_total_relation_size('${table}') AS all, (SELECT count(*) FROM ${table}) AS rows`,
    );
    const mib = (bytes: string): string => `${(Number(bytes) / 2 ** 20).toFixed(0)} MiB`;
    say(
      `- ${table}: ${Number(rows).toLocaleString('en')} rows, ${mib(heap)}, with indexes ${mib(all)} (${(Number(all) / calls).toFixed(0)} bytes per call)`,
    );
  }
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(0)} s`;
