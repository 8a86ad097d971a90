import { Client as Postgres } from 'pg';
import { Client, type Problem, type SendAnswer } from '../support/client';
import { inconsistencies } from '../support/consistency';
import { FakeOpenAI, type LoggedRequest } from '../support/fake-openai';
import { type Parley, startParley } from '../support/parley';
import { eventually } from '../support/process';

interface Version {
  version: number;
  status: string;
  published_at: string | null;
  based_on_version: number | null;
}

interface Results {
  [field: string]: number | null;
}

interface Experiment {
  id: number;
  status: string;
  version_a: number;
  version_b: number;
  a: Results;
  b: Results;
  total: Results;
  split: { share_b: number | null; p_value: number | null };
  comparison: Record<string, { difference: number | null; p_value: number | null; a: { hits: number; of: number } }>;
}

const SUMS = [
  'conversations',
  'turns',
  'completed',
  'failed',
  'cancelled',
  'calls',
  'failed_calls',
  'input_tokens',
  'cached_tokens',
  'output_tokens',
  'reasoning_tokens',
  'total_tokens',
  'estimated_tokens',
  'calls_without_usage',
  'unpriced_calls',
  'feedback_up',
  'feedback_down',
  'escalations',
];

describe('versions of a persona, over HTTP', () => {
  const upstream = new FakeOpenAI();
  let parley: Parley;
  let sql: Postgres;
  let user: Client;
  let persona: number;

  beforeAll(async () => {
    parley = await startParley({
      OPENAI_BASE_URL: await upstream.start(),
      OPENAI_API_KEY: 'sk-test',
      OPENAI_TIMEOUT: '5000',
      CONTEXT_SUMMARY: 'false',
    });
    sql = new Postgres({ connectionString: parley.database.url });
    await sql.connect();
  });
  afterAll(async () => {
    await sql.end();
    await parley.stop();
    await upstream.stop();
  });
  beforeEach(async () => {
    upstream.reset();
    user = await Client.register(() => parley.url);
    persona = await user.persona({ system_instructions: 'You are VERSION-A.' });
  });

  const draft = async (fields: object): Promise<Version> =>
    (await user.request<Version>('POST', `/personas/${persona}/versions`, fields)).body;
  const draftB = (): Promise<Version> => draft({ system_instructions: 'You are VERSION-B.' });
  const publish = (version: number, body?: object) =>
    user.request<{ version: number } & Problem>('POST', `/personas/${persona}/versions/${version}/publish`, body);
  const startExperiment = (fields: object) =>
    user.request<Experiment & Problem>('POST', `/personas/${persona}/experiments`, { name: 'A or B', ...fields });
  const report = async (id: number): Promise<Experiment> => {
    const { status, body } = await user.request<Experiment>('GET', `/personas/${persona}/experiments/${id}`);
    expect({ status, body }).toMatchObject({ status: 200 });
    return body;
  };
  const markerOf = ({ body }: LoggedRequest): string => /VERSION-[A-Z]/.exec(String(body.instructions))![0];
  const markerOfLast = (): string => markerOf(upstream.requests.at(-1)!);

  it('a draft never answers, is shown as one, and is deleted without a trace', async () => {
    const conversation = await user.conversation(persona);
    expect(await draftB()).toMatchObject({ version: 2, status: 'draft', published_at: null, based_on_version: 1 });
    await user.send(conversation, 'Hello');
    expect(markerOfLast()).toBe('VERSION-A');
    const { body } = await user.request<{ versions: Version[] }>('GET', `/personas/${persona}/versions`);
    expect(body.versions.map(({ version, status }) => [version, status])).toEqual([
      [2, 'draft'],
      [1, 'published'],
    ]);
    expect((await user.request('DELETE', `/personas/${persona}/versions/2`)).status).toBe(204);
    expect((await user.request('GET', `/personas/${persona}/versions/2`)).status).toBe(404);
    const kept = await user.request<Problem>('DELETE', `/personas/${persona}/versions/1`);
    expect([kept.status, kept.body.code]).toEqual([409, 'PERSONA.VERSION_IN_USE']);
  });

  it('publishing changes the next answer, and going back to an older version is one call', async () => {
    const conversation = await user.conversation(persona);
    await draftB();
    expect((await publish(2, { expected_version: 1 })).body.version).toBe(2);
    await user.send(conversation, 'One');
    expect(markerOfLast()).toBe('VERSION-B');
    expect((await publish(1)).status).toBe(200);
    await user.send(conversation, 'Two');
    expect(markerOfLast()).toBe('VERSION-A');
    const late = await publish(2, { expected_version: 2 });
    expect([late.status, late.body.code]).toEqual([409, 'PERSONA.VERSION_CONFLICT']);
    // The route that makes a copy goes on working, and counts on from the highest number.
    const restored = await user.request<{ version: number }>('POST', `/personas/${persona}/versions/2/rollback`);
    expect(restored.body.version).toBe(3);
  });

  it('refuses a second experiment, the same version twice, and versions that are not there', async () => {
    await draftB();
    expect((await startExperiment({ version_b: 1 })).status).toBe(422);
    expect((await startExperiment({ version_b: 7 })).status).toBe(404);
    expect((await startExperiment({ version_b: 2, share_b: 100 })).status).toBe(422);
    const { status, body } = await startExperiment({ version_b: 2 });
    expect([status, body.status, body.version_a]).toEqual([201, 'running', 1]);
    expect((await startExperiment({ version_b: 2 })).body.code).toBe('PERSONA.EXPERIMENT_RUNNING');
    const stopped = await user.request<Experiment>('POST', `/personas/${persona}/experiments/${body.id}/stop`);
    expect([stopped.status, stopped.body.status]).toEqual([200, 'stopped']);
    const list = await user.request<{ experiments: Experiment[] }>('GET', `/personas/${persona}/experiments`);
    expect(list.body.experiments.map(({ id }) => id)).toEqual([body.id]);
    const stranger = await Client.register(() => parley.url);
    expect((await stranger.request('GET', `/personas/${persona}/experiments/${body.id}`)).status).toBe(404);
  });

  it('an experiment keeps each conversation at its version, also through the death of a worker, and its report adds up to the ledger and the upstream', async () => {
    const before = await user.conversation(persona);
    await user.send(before, 'I was here before.');
    await draftB();
    const { id } = (await startExperiment({ version_b: 2 })).body;
    upstream.reset();
    const conversations = await Promise.all(Array.from({ length: 16 }, () => user.conversation(persona)));
    const say = (conversation: number, words: string) => user.send(conversation, `[${conversation}] ${words}`);
    const replies = await Promise.all(conversations.map((conversation) => say(conversation, 'one')));
    await Promise.all(conversations.map((conversation) => say(conversation, 'two')));

    // Faults: a retry, a failure, and a worker that dies in the middle of an answer.
    await say(conversations[0]!, 'again [[fake:500 times=1]]');
    await say(conversations[1]!, 'no [[fake:400]]');
    const slow = say(conversations[2]!, 'slowly [[fake:hang-stream after=2 times=1]]');
    await upstream.log.waitFor((entries) => entries.some(({ pieces, scenario }) => scenario === 'hang' && pieces >= 2));
    await parley.worker.kill();
    await parley.startWorker();
    expect((await slow).status).toBe(200);
    await Promise.all(conversations.map((conversation) => say(conversation, 'three')));
    const rate = (answer: { body: SendAnswer }, rating: string) =>
      user.request('POST', `/chat/messages/${answer.body.assistant_message.id}/feedback`, { rating });
    await rate(replies[0]!, 'up');
    await rate(replies[1]!, 'down');

    const ofExperiment = upstream.requests.slice();
    const markers = new Map<string, Set<string>>();
    for (const request of ofExperiment) {
      const conversation = /^\[(\d+)\]/.exec(request.lastUserMessage!)![1]!;
      markers.set(conversation, (markers.get(conversation) ?? new Set()).add(markerOf(request)));
    }
    expect([...markers.values()].every(({ size }) => size === 1)).toBe(true);
    expect(new Set([...markers.values()].flatMap((set) => [...set]))).toEqual(new Set(['VERSION-A', 'VERSION-B']));
    await user.send(before, 'And I stay where I am.');
    expect(markerOfLast()).toBe('VERSION-A');

    const seen = await eventually(async () => {
      const now = await report(id);
      return now.total.turns === 51 && now.total.calls === ofExperiment.length ? now : undefined;
    }, 'the report to have everything');
    for (const field of SUMS) expect([field, seen.a[field]! + seen.b[field]!]).toEqual([field, seen.total[field]]);
    const sent = { input: 0, output: 0, total: 0 };
    for (const { usage } of ofExperiment) {
      sent.input += usage?.input ?? 0;
      sent.output += usage?.output ?? 0;
      sent.total += usage?.total ?? 0;
    }
    expect(seen.total).toMatchObject({
      conversations: 16,
      turns: 51,
      failed: 1,
      input_tokens: sent.input,
      output_tokens: sent.output,
      total_tokens: sent.total,
      calls_without_usage: ofExperiment.filter(({ usage }) => usage === null).length,
      feedback_up: 1,
      feedback_down: 1,
      escalations: 0,
    });
    const { rows } = await sql.query(
      `SELECT count(*)::integer AS calls, sum(total_tokens)::integer AS total_tokens FROM model_calls WHERE experiment_id = $1`,
      [id],
    );
    expect(rows[0]).toEqual({ calls: seen.total.calls, total_tokens: seen.total.total_tokens });
    const inB = [...markers.values()].filter((set) => set.has('VERSION-B')).length;
    expect(seen.b.conversations).toBe(inB);
    expect(seen.split.share_b).toBe(inB / 16);
    expect(seen.comparison.negative_feedback!.p_value).toBeNull();
    expect(seen.total.response_p95_ms).toBeGreaterThanOrEqual(seen.total.response_p50_ms!);

    const stop = await user.request<Experiment>('POST', `/personas/${persona}/experiments/${id}/stop`, {
      publish: 'b',
    });
    expect(stop.body.status).toBe('stopped');
    upstream.reset();
    for (const conversation of [before, ...conversations]) await user.send(conversation, 'After it.');
    expect(new Set(upstream.requests.map(markerOf))).toEqual(new Set(['VERSION-B']));
    expect((await report(id)).total).toEqual(seen.total);
    await eventually(
      async () => ((await inconsistencies(sql)).length === 0 ? true : undefined),
      'everything to be sound',
    ).catch(async () => expect(await inconsistencies(sql)).toEqual([]));
  });
});
