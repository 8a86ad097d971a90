import { isDeepStrictEqual } from 'node:util';
import { Client as Postgres } from 'pg';
import { Client, type TurnAnswer } from '../support/client';
import { FakeOpenAIProcess, type LoggedRequest, type ScenarioLike, scenarios } from '../support/fake-openai';
import { type Parley, startParley } from '../support/parley';
import { eventually } from '../support/process';
import { sampleOf } from '../support/prometheus';
import { runJob } from '../support/run-job';

interface Ledger {
  calls: number;
  input_tokens: number;
  output_tokens: number;
  total_tokens: number;
  estimated_tokens: number;
  calls_without_usage: number;
  cost_usd_micros: number;
  unpriced_calls: number;
  succeeded_calls: number;
  failed_calls: number;
  cancelled_calls: number;
  lost_calls: number;
  retries: number;
}

interface Usage {
  totals: Omit<Ledger, 'cost_usd_micros'> & { cost_usd: number };
  series: Usage['totals'][];
}

type Scrape = Record<
  'calls' | 'lost' | 'failed' | 'input' | 'output' | 'total' | 'estimated' | 'retries' | 'withoutUsage' | 'cost',
  number
>;

/** Each makes one attempt fail in another way, but the last ones. */
const FAULTS: ScenarioLike[] = [
  scenarios.rateLimited(1),
  scenarios.error(500),
  scenarios.cut(2),
  scenarios.reset(2),
  scenarios.streamError(1),
  { type: 'failed', afterPieces: 1, code: 'server_error', usage: { input: 31, output: 7 } },
  { type: 'reset-before-headers' },
  scenarios.withoutUsage(),
  { type: 'reply', usage: { input: 1000, cached: 400, output: 200, reasoning: 50 } },
];

describe('figures of one run with faults', () => {
  let upstream: FakeOpenAIProcess;
  let parley: Parley;
  let sql: Postgres;
  let admin: Client;
  let user: Client;

  beforeAll(async () => {
    upstream = await FakeOpenAIProcess.start();
    parley = await startParley({
      OPENAI_BASE_URL: upstream.baseUrl,
      OPENAI_API_KEY: 'sk-test',
      OPENAI_MODEL: 'gpt-6-luna',
    });
    sql = new Postgres({ connectionString: parley.database.url });
    await sql.connect();
    admin = await Client.register(parley.url);
    user = await Client.register(parley.url);
  }, 120_000);
  afterAll(async () => {
    await sql.end();
    await parley.stop();
    await upstream.stop();
  });

  const sendAsync = async (conversation: number, content: string): Promise<number> => {
    const path = `/chat/conversations/${conversation}/send`;
    const answer = await user.request<TurnAnswer>('POST', path, { content }, { prefer: 'respond-async' });
    expect(answer.status).toBe(202);
    return answer.body.id;
  };
  const untilEnded = (turnId: number): Promise<string> =>
    eventually(
      async () => {
        const { status } = (await user.request<TurnAnswer>('GET', `/chat/turns/${turnId}`)).body;
        return ['completed', 'failed', 'cancelled'].includes(status) ? status : undefined;
      },
      'the end of the turn',
      45_000,
    );
  /** Begins a long reply and waits until some of it has been sent. */
  async function longReply(conversation: number): Promise<number> {
    const before = (await upstream.requests()).length;
    await upstream.next({ type: 'reply', tokens: 200, tokenDelayMs: 100 });
    const turnId = await sendAsync(conversation, 'a long story, please');
    await eventually(async () => {
      const pieces = (await upstream.requests())[before]?.pieces ?? 0;
      return pieces >= 3 ? true : undefined;
    }, 'the third piece');
    return turnId;
  }
  const rollUp = async (): Promise<void> => {
    await runJob(parley, 'analytics.roll-up');
    await eventually(async () => {
      const { rows } = await sql.query(
        `SELECT FROM rollup_state WHERE frontier > now() - interval '2 hours' AND NOT EXISTS (SELECT FROM rollup_marks WHERE bucket < frontier)`,
      );
      return rows.length === 1 ? true : undefined;
    }, 'the sums to be up to date');
  };
  const ledgerOf = async (userId: number | null): Promise<Ledger> => {
    const { rows } = await sql.query<Record<keyof Ledger, string>>(
      `SELECT count(*) AS calls, sum(input_tokens) FILTER (WHERE NOT is_usage_estimated) AS input_tokens,
         sum(output_tokens) FILTER (WHERE NOT is_usage_estimated) AS output_tokens,
         sum(total_tokens) FILTER (WHERE NOT is_usage_estimated) AS total_tokens,
         sum(total_tokens) FILTER (WHERE is_usage_estimated) AS estimated_tokens,
         count(*) FILTER (WHERE total_tokens IS NULL AND status <> 'started') AS calls_without_usage,
         sum(cost_usd_micros) AS cost_usd_micros, count(*) FILTER (WHERE cost_usd_micros IS NULL AND total_tokens IS NOT NULL) AS unpriced_calls,
         count(*) FILTER (WHERE status = 'succeeded') AS succeeded_calls, count(*) FILTER (WHERE status = 'failed') AS failed_calls,
         count(*) FILTER (WHERE status = 'cancelled') AS cancelled_calls, count(*) FILTER (WHERE status = 'lost') AS lost_calls,
         count(*) FILTER (WHERE attempt > 1) AS retries
       FROM model_calls WHERE $1::bigint IS NULL OR user_id = $1`,
      [userId],
    );
    return Object.fromEntries(
      Object.entries(rows[0]!).map(([name, value]) => [name, Number(value ?? 0)]),
    ) as unknown as Ledger;
  };
  const usageOf = async (client: Client, query: string): Promise<Usage> => {
    const { status, body } = await client.request<Usage>('GET', `/analytics/usage?${query}`);
    expect(status).toBe(200);
    return body;
  };
  const told = ({ cost_usd_micros, ...figures }: Ledger): object => ({
    ...figures,
    cost_usd: cost_usd_micros / 1_000_000,
  });

  async function expectAgreement(): Promise<void> {
    for (const [client, query, userId] of [
      [user, 'from=2020-01-01&interval=month', user.userId],
      [user, 'from=2026-01-01&interval=day&time_zone=Asia/Kolkata', user.userId],
      [admin, 'scope=instance&from=2020-01-01&interval=none', null],
    ] as const) {
      const ledger = await ledgerOf(userId);
      const { totals } = await usageOf(client, query);
      expect(totals).toMatchObject(told(ledger));
    }
    const mine = await ledgerOf(user.userId);
    const { body: stats } = await user.request('GET', '/chat/stats');
    expect(stats).toMatchObject({
      total_tokens: mine.total_tokens,
      estimated_tokens: mine.estimated_tokens,
      estimated_cost_usd: mine.cost_usd_micros / 1_000_000,
      unpriced_calls: mine.unpriced_calls,
    });
    const all = await ledgerOf(null);
    const expected: Scrape = {
      calls: all.calls,
      lost: all.lost_calls,
      failed: all.failed_calls,
      input: all.input_tokens,
      output: all.output_tokens,
      total: all.total_tokens,
      estimated: all.estimated_tokens,
      retries: all.retries,
      withoutUsage: all.calls_without_usage,
      cost: all.cost_usd_micros,
    };
    // It keeps for some seconds what it has read.
    let scraped: Scrape | undefined;
    await eventually(async () => {
      scraped = await scrape();
      return isDeepStrictEqual(scraped, expected) ? true : undefined;
    }, 'Prometheus to tell what the ledger does').catch(() => undefined);
    expect(scraped).toEqual(expected);
  }

  async function scrape(): Promise<Scrape> {
    const text = await (await fetch(`${parley.url}/metrics`)).text();
    const sample = (name: string, labels = {}): number => sampleOf(text, `parley_${name}`, labels) ?? NaN;
    return {
      calls: sample('model_calls_total'),
      lost: sample('model_calls_total', { status: 'lost' }),
      failed: sample('model_calls_total', { status: 'failed' }),
      input: sample('tokens_total', { type: 'input' }),
      output: sample('tokens_total', { type: 'output' }),
      total: sample('tokens_total', { type: 'total' }),
      estimated: sample('estimated_tokens_total'),
      retries: sample('model_call_retries_total'),
      withoutUsage: sample('calls_without_usage_total'),
      cost: Math.round(sample('cost_usd_total') * 1e6),
    };
  }

  it('the ledger, reports, statistics, Prometheus and the log of the upstream agree to the token', async () => {
    const conversation = await user.conversation();
    for (const fault of FAULTS) {
      await upstream.next(fault);
      expect(await untilEnded(await sendAsync(conversation, 'hello'))).toMatch(/completed|failed/);
    }
    // A conversation of its own: the former one is long enough for a summary, which would take the scenario.
    const another = await user.conversation();
    const cancelled = await longReply(another);
    expect((await user.request<TurnAnswer>('POST', `/chat/turns/${cancelled}/cancel`)).body.status).toBe('cancelled');
    const killed = await longReply(another);
    await parley.worker.kill();
    await parley.startWorker();
    expect(await untilEnded(killed)).toBe('completed');
    const other = await admin.conversation();
    expect((await admin.send(other, 'me too')).status).toBe(200);

    const requests = (await upstream.requests()).filter(({ api }) => api === 'responses' || api === 'chat');
    const withUsage = requests.filter((request) => request.usage !== null);
    const sum = (read: (usage: NonNullable<LoggedRequest['usage']>) => number): number =>
      withUsage.reduce((total, { usage }) => total + read(usage!), 0);
    const ledger = await eventually(async () => {
      const read = await ledgerOf(null);
      return read.cancelled_calls === 1 ? read : undefined;
    }, 'the cancelled call to be closed');
    expect(ledger).toMatchObject({
      calls: requests.length,
      input_tokens: sum(({ input }) => input),
      output_tokens: sum(({ output }) => output),
      total_tokens: sum(({ total }) => total),
      // What was stopped is estimated; of the others nobody ever knew.
      calls_without_usage: requests.length - withUsage.length - 1,
      cancelled_calls: 1,
      lost_calls: 1,
    });
    expect(ledger.estimated_tokens).toBeGreaterThan(0);
    expect(ledger.failed_calls).toBeGreaterThanOrEqual(7);
    await expectAgreement();

    // Some of it some months ago, some an hour ago: now there are sums of hours, days and months, and calls of their own.
    await sql.query(
      `UPDATE model_calls SET started_at = started_at - (ARRAY[interval '70 days', interval '5 hours', interval '0'])[1 + id % 3],
         ended_at = ended_at - (ARRAY[interval '70 days', interval '5 hours', interval '0'])[1 + id % 3]`,
    );
    await expectAgreement();
    await rollUp();
    await expectAgreement();

    // Late news: what changes after it was summed up is told at once.
    await sql.query(`UPDATE model_calls SET cost_usd_micros = total_tokens * 3 WHERE id % 2 = 0`);
    expect((await ledgerOf(null)).cost_usd_micros).toBeGreaterThan(0);
    await expectAgreement();
    await rollUp();
    await expectAgreement();
  }, 240_000);
});
