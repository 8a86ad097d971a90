import { setTimeout as pause } from 'node:timers/promises';
import { Client as Postgres } from 'pg';
import { Client, type Problem } from '../support/client';
import { FakeOpenAI, scenarios } from '../support/fake-openai';
import { type Parley, startParley } from '../support/parley';
import { eventually } from '../support/process';
import { runJob } from '../support/run-job';

interface Warning {
  model: string;
  status: string;
  shutdown_date: string | null;
  days_left: number | null;
  is_soon: boolean;
  advice: string;
  role?: string;
  setting?: string;
}

interface List {
  read_at: string | null;
  known: string;
  settings: Warning[];
  personas: { persona_id: number; name: string; warnings: Warning[] }[];
  has_more: boolean;
  next_cursor: string | null;
}

/** The day so many days from now, by UTC. */
const DAY_MS = 86_400_000;
const inDays = (days: number): string => new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 10);

describe('the watch over models', () => {
  const upstream = new FakeOpenAI();
  let parley: Parley;
  let sql: Postgres;
  let admin: Client;
  let alice: Client;
  let bob: Client;
  const ids: Record<string, number> = {};

  let offered: { id: string; shutdown_date: string | null }[];
  const modelReads = (): number => upstream.log.entries.filter(({ api }) => api === 'models').length;
  const list = async (user: Client, query = ''): Promise<List> =>
    (await user.request<List>('GET', `/personas/model-warnings${query}`)).body;
  const lines = (text: string): number =>
    parley
      .log()
      .split('\n')
      .filter((line) => line.includes(text)).length;

  /** Runs the daily look and waits for it: the reading, or what came of it, is newer than before. */
  async function look(isDone: () => Promise<boolean> | boolean): Promise<void> {
    await runJob(parley, 'models.check');
    await eventually(async () => (await isDone()) || undefined, 'the models to be looked at');
  }
  const aDayPasses = (): Promise<unknown> =>
    sql.query(
      `UPDATE upstream_model_readings SET read_at = read_at - interval '1 day', tried_at = tried_at - interval '1 day'`,
    );
  /** The reading of today is stored, and not only asked for. */
  const isRead = async (): Promise<boolean> => {
    const { rowCount } = await sql.query(
      `SELECT 1 FROM upstream_model_readings WHERE outcome = 'listed' AND read_at > now() - interval '1 hour'`,
    );
    return rowCount === 1;
  };
  const warned = async (): Promise<string[]> =>
    (await sql.query<{ model: string }>('SELECT model FROM model_warnings ORDER BY model')).rows.map(
      ({ model }) => model,
    );

  beforeAll(async () => {
    // Days are counted here and there: it is to be the same one.
    const leftOfDayMs = DAY_MS - (Date.now() % DAY_MS);
    if (leftOfDayMs < 180_000) await pause(leftOfDayMs + 1000);
    offered = [
      { id: 'gpt-6-luna', shutdown_date: null },
      { id: 'gpt-later', shutdown_date: inDays(200) },
      { id: 'gpt-soon', shutdown_date: inDays(30) },
      { id: 'gpt-over', shutdown_date: inDays(-1) },
    ];
    upstream.models.offer(offered);
    parley = await startParley({
      OPENAI_BASE_URL: await upstream.start(),
      OPENAI_API_KEY: 'sk-test',
      OPENAI_MODEL: 'gpt-soon',
      SUMMARY_MODEL: 'gpt-over',
    });
    sql = new Postgres({ connectionString: parley.database.url });
    sql.on('error', () => undefined);
    await sql.connect();
    [admin, alice, bob] = [
      await Client.register(parley.url),
      await Client.register(parley.url),
      await Client.register(parley.url),
    ];
    ids.fine = await alice.persona({ name: 'Fine', model: 'gpt-6-luna' });
    ids.follower = await alice.persona({ name: 'Follower' });
    ids.fallback = await alice.persona({
      name: 'Fallback',
      model: 'gpt-6-luna',
      fallback_models: ['gpt-later', 'gpt-over'],
    });
    ids.typo = await bob.persona({ name: 'Typo', model: 'gtp-6-luna' });
    await eventually(async () => ((await list(alice)).read_at === null ? undefined : true), 'the first reading');
  });
  afterAll(async () => {
    await sql.end();
    await parley.stop();
    await upstream.stop();
  });

  it('lists the personas that one may change, with what is wrong and what to do', async () => {
    const { known, personas, has_more: hasMore } = await list(alice);
    expect({ known, hasMore }).toEqual({ known: 'dates', hasMore: false });
    expect(personas.map(({ persona_id: id }) => id)).toEqual([ids.fallback, ids.follower]);
    expect(personas[0]!.warnings).toMatchObject([
      { model: 'gpt-later', role: 'fallback_model', status: 'ending', days_left: 200, is_soon: false },
      { model: 'gpt-over', role: 'fallback_model', status: 'shut_down', days_left: -1, is_soon: true },
    ]);
    expect(personas[1]!.warnings).toMatchObject([
      {
        model: 'gpt-soon',
        role: 'default_model',
        status: 'ending',
        shutdown_date: inDays(30),
        days_left: 30,
        is_soon: true,
      },
    ]);
    expect(personas[1]!.warnings[0]!.advice).toContain('OPENAI_MODEL');
    expect((await list(bob)).personas).toMatchObject([
      { persona_id: ids.typo, warnings: [{ model: 'gtp-6-luna', role: 'model', status: 'unknown', days_left: null }] },
    ]);
  });

  it('names the settings of the instance', async () => {
    expect((await list(bob)).settings).toMatchObject([
      { setting: 'OPENAI_MODEL', model: 'gpt-soon', status: 'ending' },
      { setting: 'SUMMARY_MODEL', model: 'gpt-over', status: 'shut_down' },
    ]);
  });

  it('shows an instance admin those of everybody, page by page', async () => {
    const seen: number[] = [];
    let page = await list(admin, '?limit=1');
    for (;;) {
      seen.push(...page.personas.map(({ persona_id: id }) => id));
      if (!page.has_more) break;
      page = await list(admin, `?limit=1&cursor=${page.next_cursor}`);
    }
    // The one that came with the installation follows the default model, too.
    expect(seen).toEqual([ids.typo, ids.fallback, ids.follower, 1]);
  });

  it('both versions of a running comparison count, until it is stopped', async () => {
    const carol = await Client.register(parley.url);
    const persona = await carol.persona({ name: 'Compared', model: 'gpt-6-luna' });
    await carol.request('PATCH', `/personas/${persona}`, { model: 'gpt-over' });
    await carol.request('PATCH', `/personas/${persona}`, { model: 'gpt-6-luna', description: 'again' });
    expect((await list(carol)).personas).toEqual([]);
    const fields = { name: 'Old or new', version_a: 3, version_b: 2 };
    const { status, body } = await carol.request<{ id: number }>('POST', `/personas/${persona}/experiments`, fields);
    expect(status).toBe(201);
    expect((await list(carol)).personas).toMatchObject([
      { persona_id: persona, version: 2, warnings: [{ model: 'gpt-over' }] },
    ]);
    await carol.request('POST', `/personas/${persona}/experiments/${body.id}/stop`, {});
    expect((await list(carol)).personas).toEqual([]);
  });

  it('its path is not taken for a persona, and bad paging is refused', async () => {
    expect((await alice.request('GET', '/personas/model-warnings')).status).toBe(200);
    expect((await alice.request<Problem>('GET', '/personas/model-warning')).status).toBe(422);
    expect((await alice.request<Problem>('GET', '/personas/model-warnings?limit=0')).status).toBe(422);
    expect((await alice.request<Problem>('GET', '/personas/model-warnings?cursor=x')).status).toBe(422);
  });

  it('health, metrics and log say it; the log once a day for each model, and the upstream is asked once a day', async () => {
    await look(async () => (await warned()).join() === 'gpt-later,gpt-over,gpt-soon,gtp-6-luna');
    for (const url of [parley.url, parley.worker.url]) {
      const health = (await (await fetch(`${url}/health`)).json()) as { status: string; models: unknown };
      expect(health).toMatchObject({
        status: 'healthy',
        models: { status: 'warning', shut_down: 1, ending_soon: 1, unknown: 1 },
      });
      expect((await fetch(`${url}/health/ready`)).status).toBe(200);
      const metrics = await (await fetch(`${url}/metrics`)).text();
      expect(metrics).toContain('parley_model_days_to_shutdown{model="gpt-soon"} 30');
      expect(metrics).toContain('parley_model_days_to_shutdown{model="gpt-over"} -1');
    }
    await eventually(() => (lines('"model":"gtp-6-luna"') > 0 ? true : undefined), 'the log');
    await bob.persona({ name: 'Later typo', model: 'gtp-7' });
    await look(() => lines('"model":"gtp-7"') > 0);
    expect(lines('"level":50') + lines('"level":"error"')).toBe(lines('"model":"gpt-over"'));
    for (const { model } of [{ model: 'gpt-over' }, { model: 'gpt-soon' }, { model: 'gtp-6-luna' }]) {
      expect(lines(`"model":"${model}"`)).toBe(1);
    }
    expect(modelReads()).toBe(1);
  });

  it('a model that is not listed any more was shut down, and comes back when it is listed again', async () => {
    const used = await alice.persona({ name: 'Uses it', model: 'gpt-later' });
    const statusOf = async (): Promise<Warning | undefined> =>
      (await list(alice)).personas.find(({ persona_id: id }) => id === used)?.warnings[0];
    upstream.models.offer(
      offered.map((model) => ({ ...model, shutdown_date: null })).filter(({ id }) => id !== 'gpt-later'),
    );
    await aDayPasses();
    await look(isRead);
    expect(modelReads()).toBe(2);
    await eventually(async () => ((await warned()).includes('gpt-soon') ? undefined : true), 'the warnings');
    // Although its day has not come.
    expect(await statusOf()).toMatchObject({ status: 'shut_down', days_left: 200, is_soon: true });
    expect((await statusOf())?.advice).toContain('does not offer gpt-later any more');
    upstream.models.offer(offered.map((model) => ({ ...model, shutdown_date: null })));
    await aDayPasses();
    await look(async () => (await statusOf()) === undefined);
  });

  it('an upstream that fails changes nothing, and is asked again', async () => {
    upstream.always(scenarios.error(500));
    await aDayPasses();
    await look(() => lines('the list of models could not be read') === 1);
    expect(await list(bob)).toMatchObject({ known: 'dates', personas: [{}, {}] });
    await runJob(parley, 'models.check');
    upstream.always(null);
    await aDayPasses();
    await look(isRead);
  });

  it('a server without dates tells less, and one without a list nothing', async () => {
    upstream.models.offer([{ id: 'gpt-6-luna' }, { id: 'gpt-soon' }]);
    await aDayPasses();
    await look(async () => (await list(bob)).known === 'models');
    expect((await list(bob)).personas.map(({ name }) => name)).toEqual(['Later typo', 'Typo']);
    upstream.models.offer(null);
    await aDayPasses();
    await look(async () => (await list(bob)).known === 'nothing');
    expect(await list(bob)).toMatchObject({ settings: [], personas: [] });
    await eventually(async () => ((await warned()).length === 0 ? true : undefined), 'the warnings to end');
  });
});
