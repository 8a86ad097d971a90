import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { aWhatsAppNumber, type FakeAccount } from '../support/fake-graph/accounts';
import { aPerson, whatsAppText } from '../support/fake-graph/hook-bodies';
import { type HookAnswer, sendHook } from '../support/fake-graph/hook-sender';
import { type BenchDatabase, run } from './database';
import { quantile } from './load';
import { startApp, stop } from './processes';

const PER_SECOND = 50;
const WARM_UP_SECONDS = 5;
const NO_LIMIT = '10000000';

/**
 * Hooks of WhatsApp at a steady pace, each a message of somebody else, while the model takes 20 s for every answer: how long they take to be acknowledged.
 * One api and one worker with the queue in PostgreSQL; Meta and the model are on the same machine.
 * @param upstreamUrl of a model that is slow
 */
export async function benchChannels(
  database: BenchDatabase,
  upstreamUrl: string,
  seconds: number,
  say: (text: string) => void,
): Promise<void> {
  const graph = await startGraph();
  const url = await database.create('parley_channels', true);
  const env = {
    DATABASE_URL: url,
    QUEUE_URL: url,
    SECRET_KEY: 'bench-secret-bench-secret-bench-secret',
    ENCRYPTION_KEYS: `bench:${'ab'.repeat(32)}`,
    OPENAI_BASE_URL: upstreamUrl,
    OPENAI_API_KEY: 'sk-bench',
    GRAPH_BASE_URL: `http://127.0.0.1:${(graph.address() as AddressInfo).port}`,
    RATE_LIMIT_AUTH_PER_IP: NO_LIMIT,
  };
  const [api, worker] = [await startApp('api', env), await startApp('worker', env)];
  try {
    const account = aWhatsAppNumber();
    await setUp(api.url, account);
    const hooks = `${api.url}/webhooks/whatsapp`;
    const send = (): Promise<HookAnswer> =>
      sendHook(hooks, whatsAppText(account, aPerson(), 'Good morning! Where is my order?'), {
        secret: account.appSecret,
      });
    await steadily(send, WARM_UP_SECONDS);
    await run(url, 'ANALYZE');
    const answers = await steadily(send, seconds);
    const latencies = answers.map(({ latencyMs }) => latencyMs).sort((a, b) => a - b);
    const [stored] = await run<{ hooks: number; begun: number }>(
      url,
      `SELECT (SELECT count(*)::integer FROM channel_inbox) AS hooks, (SELECT count(*)::integer FROM turns WHERE attempt > 0) AS begun`,
    );
    const ms = (share: number): string => quantile(latencies, share).toFixed(1);
    say(`### ${PER_SECOND} hooks of WhatsApp a second for ${seconds} s, a model that takes 20 s\n`);
    say('| hooks | acknowledged | p50 ms | p95 ms | p99 ms | longest ms |');
    say('| --- | --- | --- | --- | --- | --- |');
    say(
      `| ${answers.length} | ${answers.filter(({ status }) => status === 200).length} | ${ms(0.5)} | ${ms(0.95)} | ${ms(0.99)} | ${ms(1)} |\n`,
    );
    say(`Stored: ${stored.hooks} with those of the warm-up; begun to be answered by then: ${stored.begun}.\n`);
  } finally {
    await Promise.all([stop(api), stop(worker)]);
    graph.closeAllConnections();
    graph.close();
  }
}

/** Takes everything. */
async function startGraph(): Promise<Server> {
  let count = 0;
  const server = createServer((request, response) => {
    request.resume();
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ success: true, messages: [{ id: `wamid.bench${(count += 1)}` }] }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

/** One each 20 ms, whatever became of those before. */
async function steadily(send: () => Promise<HookAnswer>, seconds: number): Promise<HookAnswer[]> {
  const answers: Promise<HookAnswer>[] = [];
  const begun = performance.now();
  for (let count = 0; count < seconds * PER_SECOND; count += 1) {
    const waitMs = begun + (count * 1000) / PER_SECOND - performance.now();
    if (waitMs > 0) await pause(waitMs);
    answers.push(send());
  }
  return Promise.all(answers);
}

async function setUp(url: string, account: FakeAccount): Promise<void> {
  let token = '';
  const post = async <T>(path: string, body: unknown): Promise<T> => {
    const response = await fetch(`${url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(token === '' ? {} : { authorization: `Bearer ${token}` }) },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`POST ${path} answered ${response.status}: ${await response.text()}`);
    return (await response.json()) as T;
  };
  const login = { username: `bench-${Date.now()}@example.com`, password: 'a long bench password' };
  ({ access_token: token } = await post<{ access_token: string }>('/auth/register', login));
  const persona = await post<{ id: number }>('/personas', {
    name: 'Mira',
    description: 'Answers for a shop',
    visibility: 'workspace',
  });
  await post('/channels', {
    type: 'whatsapp',
    name: 'Shop',
    persona_id: persona.id,
    credentials: {
      phone_number_id: account.id,
      access_token: account.accessToken,
      app_secret: account.appSecret,
      verify_token: account.verifyToken,
    },
  });
}
