import { Client as Postgres } from 'pg';
import { Client, type Message, type TurnAnswer } from '../support/client';
import { FakeOpenAI, type LoggedRequest } from '../support/fake-openai';
import { type Parley, startParley } from '../support/parley';
import { eventually, type ParleyProcess } from '../support/process';

interface Health {
  status: string;
  upstream: { breaker: string; held_models: number } | null;
}

const DEADLINE_MS = 60_000;

describe('the model API is protected, and turns from its moods (two workers)', () => {
  const upstream = new FakeOpenAI();
  let parley: Parley;
  let workers: ParleyProcess[];
  let sql: Postgres;
  let user: Client;

  beforeAll(async () => {
    parley = await startParley({
      OPENAI_BASE_URL: await upstream.start(),
      OPENAI_API_KEY: 'sk-test-protection-0123456789',
      OPENAI_TIMEOUT: '5000',
      OPENAI_MAX_RETRIES: '1',
      OPENAI_BREAKER_FAILURES: '6',
      OPENAI_BREAKER_COOLDOWN_MS: '500',
    });
    workers = [parley.worker];
    await parley.startWorker();
    workers.push(parley.worker);
    sql = new Postgres({ connectionString: parley.database.url });
    sql.on('error', () => undefined);
    await sql.connect();
    user = await Client.register(() => parley.url);
  });

  afterAll(async () => {
    await sql.end();
    await parley.stop();
    await upstream.stop();
  });

  beforeEach(() => upstream.always(null));

  const requestsFor = (model: string): LoggedRequest[] => upstream.requests.filter((entry) => entry.model === model);
  const conversationsWith = async (count: number, fields: Record<string, unknown>): Promise<number[]> => {
    const persona = await user.persona(fields);
    return Promise.all(Array.from({ length: count }, () => user.conversation(persona)));
  };
  const sendLater = async (conversation: number, content: string): Promise<number> => {
    const { status, body } = await user.send(conversation, content, { prefer: 'respond-async' });
    if (status !== 202) throw new Error(`send answered ${status}: ${JSON.stringify(body)}`);
    return (body as unknown as TurnAnswer).id;
  };
  const finished = (turnId: number): Promise<TurnAnswer> =>
    eventually(
      async () => {
        const { body } = await user.request<TurnAnswer>('GET', `/chat/turns/${turnId}`);
        return ['completed', 'failed'].includes(body.status) ? body : undefined;
      },
      `turn ${turnId} to end`,
      DEADLINE_MS,
    );
  const metricsOf = async (url: string): Promise<string> => (await fetch(`${url}/metrics`)).text();
  const allWorkersSay = (line: RegExp): Promise<unknown> =>
    Promise.all(
      workers.map((worker) =>
        eventually(
          async () => ((await metricsOf(worker.url)).match(line) ? true : undefined),
          `${worker.url} to say ${line}`,
        ),
      ),
    );
  const health = async (url: string): Promise<{ status: number; body: Health }> => {
    const response = await fetch(`${url}/health`);
    return { status: response.status, body: (await response.json()) as Health };
  };
  /** The ledger has exactly one row per request that the upstream received. */
  const ledgerAgrees = async (turnIds: number[]): Promise<void> => {
    const { rows } = await sql.query<{ turn_id: number; calls: number; attempt: number }>(
      `SELECT t.id::int AS turn_id, t.attempt, count(c.id)::int AS calls FROM turns t LEFT JOIN model_calls c ON c.turn_id = t.id
       WHERE t.id = ANY($1) GROUP BY t.id`,
      [turnIds],
    );
    for (const row of rows) expect(row).toEqual({ ...row, attempt: row.calls });
    const { rows: total } = await sql.query<{ calls: number }>('SELECT count(*)::int AS calls FROM model_calls');
    expect(total[0]!.calls).toBe(upstream.requests.length);
  };

  it('a 429 with Retry-After holds back that model on all workers, at no cost; other models go on', async () => {
    const [first, ...heldConversations] = await conversationsWith(9, { model: 'held-a' });
    const free = await conversationsWith(8, { model: 'free-b' });
    const firstTurn = await sendLater(first!, 'first [[fake:429 retry-after=12 times=1]]');
    const refusal = await eventually(() => requestsFor('held-a').find(({ endedAt }) => endedAt !== null), 'the 429');
    await allWorkersSay(/^parley_upstream_held_model\{model="held-a"\} 1$/m);
    expect((await health(parley.url)).body).toMatchObject({ status: 'healthy', upstream: { held_models: 1 } });

    const held = await Promise.all(heldConversations.map((conversation) => sendLater(conversation, 'wait')));
    const others = await Promise.all(free.map((conversation) => user.send(conversation, 'go on')));
    expect(others.map(({ body }) => body.assistant_message.status)).toEqual(others.map(() => 'completed'));
    expect(Math.max(...requestsFor('free-b').map(({ receivedAt }) => receivedAt))).toBeLessThan(
      refusal.endedAt! + 12_000,
    );

    const turns = await Promise.all([firstTurn, ...held].map(finished));
    expect(turns.map(({ status }) => status)).toEqual(turns.map(() => 'completed'));
    expect(turns.map(({ attempt }) => attempt)).toEqual([2, ...held.map(() => 1)]);
    const later = requestsFor('held-a').slice(1);
    expect(later).toHaveLength(9);
    expect(Math.min(...later.map(({ receivedAt }) => receivedAt)) - refusal.receivedAt).toBeGreaterThanOrEqual(11_990);
    await ledgerAgrees([firstTurn, ...held]);
  });

  it('no more requests go out than the upstream says are left, whichever worker sends them', async () => {
    const model = 'scarce-c';
    upstream.limits.set(model, { requests: 10, windowMs: 1500 });
    const [first, ...others] = await conversationsWith(31, { model });
    await user.send(first!, 'learn the limit');
    await allWorkersSay(/^parley_upstream_remaining_requests\{model="scarce-c"\} \d+$/m);
    const turnIds = await Promise.all(others.map((conversation) => sendLater(conversation, 'me too')));
    const turns = await Promise.all(turnIds.map(finished));
    expect(turns.map(({ status }) => status)).toEqual(turns.map(() => 'completed'));
    expect(
      requestsFor(model)
        .filter(({ status }) => status === 429)
        .map(({ number }) => number),
    ).toEqual([]);
    expect(requestsFor(model)).toHaveLength(31);
    await ledgerAgrees(turnIds);
  });

  it('a 429 that says nothing about when is waited out, too', async () => {
    const model = 'silent-d';
    upstream.limits.set(model, { requests: 2, windowMs: 1000, withoutRetryAfter: true });
    const conversations = await conversationsWith(6, { model });
    const turns = await Promise.all(
      (await Promise.all(conversations.map((one) => sendLater(one, 'hi')))).map(finished),
    );
    expect(turns.filter(({ status }) => status === 'completed').length).toBeGreaterThanOrEqual(4);
    await ledgerAgrees(turns.map(({ id }) => id));
  });

  it('an outage opens the breaker, one probe at a time looks whether it is over, and no turn is lost', async () => {
    upstream.always({ type: 'error', status: 503, headers: {} });
    const conversations = await conversationsWith(12, { model: 'gpt-6-luna' });
    const turnIds = await Promise.all(conversations.map((conversation) => sendLater(conversation, 'hello?')));
    for (const url of [parley.url, ...workers.map((worker) => worker.url)]) {
      const { status, body } = await eventually(async () => {
        const answer = await health(url);
        return answer.body.upstream?.breaker === 'closed' ? undefined : answer;
      }, `${url} to see the breaker open`);
      expect({ status, overall: body.status }).toEqual({ status: 200, overall: 'degraded' });
      expect((await fetch(`${url}/health/ready`)).status).toBe(200);
    }
    const { body: chatHealth } = await user.request<{ status: string; breaker: string }>('GET', '/chat/health');
    expect(chatHealth.status).toBe('unhealthy');
    await allWorkersSay(/^parley_upstream_breaker\{state="closed"\} 0$/m);
    const openedAt = Date.now();
    const probes = await eventually(() => {
      const since = upstream.requests.filter(({ receivedAt }) => receivedAt > openedAt);
      return since.length >= 2 ? since : undefined;
    }, 'two probes');
    // Each pause is twice the one before: 0.5 s, 1 s, 2 s …
    for (const [index, probe] of probes.slice(1).entries()) {
      expect(probe.receivedAt).toBeGreaterThanOrEqual(probes[index]!.endedAt! + 900);
    }

    upstream.always(null);
    const turns = await Promise.all(turnIds.map(finished));
    expect(turns.every(({ status }) => ['completed', 'failed'].includes(status))).toBe(true);
    // Those that had used up their retries before it opened have said so; all others were answered.
    const failed = turns.filter(({ status }) => status === 'failed');
    expect(failed.map(({ error }) => error?.code)).toEqual(failed.map(() => 'UPSTREAM.OVERLOADED'));
    expect(turns.length - failed.length).toBeGreaterThan(0);
    await allWorkersSay(/^parley_upstream_breaker\{state="closed"\} 1$/m);
    expect((await health(parley.url)).body).toMatchObject({ status: 'healthy', upstream: { breaker: 'closed' } });
    await ledgerAgrees(turnIds);
  });

  describe('fallback models', () => {
    const replyOf = async (
      fields: Record<string, unknown>,
      content: string,
    ): Promise<Message & { fallback_from: string | null }> => {
      const [conversation] = await conversationsWith(1, fields);
      const { body } = await user.send(conversation!, content);
      await ledgerAgrees([body.turn_id]);
      return body.assistant_message as Message & { fallback_from: string | null };
    };

    it('answer for a model that does not exist, and the message says so', async () => {
      expect(await replyOf({ model: 'does-not-exist-1', fallback_models: ['gpt-6-sol'] }, 'hi')).toMatchObject({
        status: 'completed',
        model_used: 'gpt-6-sol',
        fallback_from: 'does-not-exist-1',
      });
    });

    it('answer when the retries of the first are used up, each with retries of its own', async () => {
      const reply = await replyOf({ model: 'gpt-6-astra', fallback_models: ['gpt-6-sol'] }, 'x [[fake:500 times=3]]');
      expect(reply).toMatchObject({ model_used: 'gpt-6-sol', fallback_from: 'gpt-6-astra' });
      expect(upstream.requests.slice(-4).map(({ model, status }) => [model, status])).toEqual([
        ['gpt-6-astra', 500],
        ['gpt-6-astra', 500],
        ['gpt-6-sol', 500],
        ['gpt-6-sol', 200],
      ]);
    });

    it('answer at once when the first is held back for long', async () => {
      const fields = { model: 'held-for-long', fallback_models: ['gpt-6-sol'] };
      const startedAt = Date.now();
      const refused = await replyOf(fields, 'a [[fake:429 retry-after=60 times=1]]');
      expect(refused).toMatchObject({ model_used: 'gpt-6-sol', fallback_from: 'held-for-long' });
      expect(await replyOf(fields, 'b')).toMatchObject({ model_used: 'gpt-6-sol', fallback_from: 'held-for-long' });
      expect(Date.now() - startedAt).toBeLessThan(30_000);
      expect(requestsFor('held-for-long')).toHaveLength(1);
    });

    it('do not answer where no other model can help, and no reply of the first names one', async () => {
      const fields = { model: 'gpt-6-astra', fallback_models: ['gpt-6-sol'] };
      const refused = await replyOf(fields, 'x [[fake:403]]');
      expect(refused).toMatchObject({ status: 'fallback', error_code: 'UPSTREAM.FORBIDDEN', fallback_from: null });
      expect(await replyOf(fields, 'hi')).toMatchObject({ model_used: 'gpt-6-astra', fallback_from: null });
    });
  });

  it('a worker that starts while a model is held back knows it', async () => {
    const [first, second] = await conversationsWith(2, { model: 'held-e' });
    await sendLater(first!, 'x [[fake:429 retry-after=15 times=1]]');
    const refusal = await eventually(() => requestsFor('held-e').find(({ endedAt }) => endedAt !== null), 'the 429');
    await allWorkersSay(/held_model\{model="held-e"\} 1/);
    await Promise.all(workers.map((worker) => worker.kill()));
    const turn = await sendLater(second!, 'and me?');
    await parley.startWorker();
    workers = [parley.worker];
    expect((await finished(turn)).status).toBe('completed');
    expect(requestsFor('held-e')[1]!.receivedAt - refusal.receivedAt).toBeGreaterThanOrEqual(14_990);
  });

  it('nobody but this machine reads the metrics without a token', async () => {
    const answer = await fetch(`${parley.url}/metrics`, { headers: { 'x-forwarded-for': '203.0.113.7' } });
    expect(answer.status).toBe(403);
    expect(((await answer.json()) as { code: string }).code).toBe('METRICS.FORBIDDEN');
    const open = await fetch(`${parley.url}/metrics`);
    expect(open.headers.get('content-type')).toMatch(/^text\/plain/);
    expect(await open.text()).toContain('process_cpu_user_seconds_total');
  });
});
