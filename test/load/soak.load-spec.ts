import { setTimeout as delay } from 'node:timers/promises';
import { Client as Postgres } from 'pg';
import { inconsistencies } from '../support/consistency';
import { FakeOpenAIProcess } from '../support/fake-openai';
import { errorLines } from '../support/log-lines';
import { type Parley, startParley } from '../support/parley';
import { eventually } from '../support/process';
import { type Bounds, judge, tableOf } from './flatness';
import { Latencies } from './latencies';
import { LoadUser } from './load-user';
import { connectionsOf, Sampler } from './sampler';

/** `npm run test:load` asks for 30. */
const MINUTES = Number(process.env.LOAD_MINUTES ?? 40 / 60);
const DURATION_MS = MINUTES * 60_000;
const IS_SHORT = MINUTES < 3;
/** Compiled code and caches fill up first. Rate limits remember a minute. */
const WARM_UP_MS = IS_SHORT ? DURATION_MS * 0.3 : 90_000;
const SAMPLE_MS = IS_SHORT ? 2000 : 10_000;
/** Counting listeners holds the processes up, so it is done seldom: in the short form at the beginning and at the end. */
const LISTENERS_MS = IS_SHORT ? Infinity : 120_000;
const USERS = 12;
/** Pause of each user between two actions: about 60 actions a second together, a third of what two cores can do. */
const PAUSE_MS = 150;
/** The fake keeps every request that it gets; what it remembers is not what is measured. */
const FORGET_MS = 30_000;

/** In the short form caches and compiled code still grow a little after the warm-up. */
const BOUNDS: Bounds = {
  heapMiB: { share: 0.1, amount: IS_SHORT ? 6 : 5 },
  rssMiB: { share: 0.2, amount: 40 },
  handles: { share: 0, amount: 10 },
  resources: { share: 0, amount: 30 },
  emitters: { share: 0.1, amount: 100 },
  listeners: { share: 0.1, amount: 200 },
};
/** Connections that may come on top: a pool grows when it is busy. */
const MORE_CONNECTIONS = 6;

const say = (text: string): void => void process.stderr.write(`${text}\n`);

describe(`${MINUTES.toFixed(1)} minutes of mixed load`, () => {
  const latencies = new Latencies();
  let upstream: FakeOpenAIProcess;
  let parley: Parley;
  let sql: Postgres;
  const samplers: [string, Sampler][] = [];
  const connections: Record<string, number>[] = [];

  beforeAll(async () => {
    upstream = await FakeOpenAIProcess.start();
    parley = await startParley({
      OPENAI_BASE_URL: upstream.baseUrl,
      OPENAI_API_KEY: 'sk-load-key-that-nobody-may-see',
      NODE_OPTIONS: '--inspect=127.0.0.1:0',
    });
    sql = new Postgres({ connectionString: parley.database.url, application_name: 'load-test' });
    sql.on('error', () => undefined);
    await sql.connect();
    samplers.push(['api', await Sampler.attach(parley.api)], ['worker', await Sampler.attach(parley.worker)]);
  });
  afterAll(async () => {
    for (const [, sampler] of samplers) sampler.close();
    await sql.end();
    await parley.stop();
    await upstream.stop();
  });

  it(
    'every request is answered as expected',
    async () => {
      const startedAt = performance.now();
      const now = (): number => performance.now() - startedAt;
      const users = await Promise.all(
        Array.from({ length: USERS }, (_, index) => LoadUser.create(parley.url, index, latencies, now)),
      );
      let listenersDueAt = 0;
      const every = async (ms: number, work: () => Promise<void>): Promise<void> => {
        while (now() < DURATION_MS) {
          await delay(Math.min(ms, Math.max(0, DURATION_MS - now())));
          await work();
        }
      };
      await Promise.all([
        // Each begins at another place of the mix.
        ...users.map(async (user, index) => {
          for (let n = index * 7; now() < DURATION_MS; n += 1) {
            await user.act(n);
            await delay(PAUSE_MS);
          }
        }),
        every(SAMPLE_MS, async () => {
          const isDue = now() >= WARM_UP_MS && now() >= listenersDueAt;
          if (isDue) listenersDueAt = now() + LISTENERS_MS;
          for (const [, sampler] of samplers) await sampler.sample(now(), isDue);
          if (now() >= WARM_UP_MS) connections.push(await connectionsOf(sql));
        }),
        every(FORGET_MS, () => upstream.reset()),
      ]);
      for (const [, sampler] of samplers) await sampler.sample(now(), true);
      say(`${latencies.count} actions in ${MINUTES.toFixed(1)} minutes\n${latencies.table(WARM_UP_MS, DURATION_MS)}`);
      expect(latencies.unexpected).toEqual([]);
    },
    DURATION_MS + 180_000,
  );

  it('heap, memory, handles, timers and listeners stay flat', async () => {
    const verdicts = samplers.flatMap(([name, sampler]) => judge(name, sampler.samples, WARM_UP_MS, BOUNDS));
    say(tableOf(verdicts));
    for (const [name, sampler] of samplers) say(`  ${name}: ${JSON.stringify(await sampler.resourceKinds())}`);
    expect(verdicts.filter(({ isFlat }) => !isFlat)).toEqual([]);
  });

  it('connections to the database stay flat', () => {
    say(`  connections: ${JSON.stringify(connections[0])} → ${JSON.stringify(connections.at(-1))}`);
    const total = (counts: Record<string, number>): number => Object.values(counts).reduce((sum, count) => sum + count);
    const totals = connections.map(total);
    expect(Math.max(...totals.slice(-5))).toBeLessThanOrEqual(totals[0]! + MORE_CONNECTIONS);
  });

  it('nothing is half-written, and no process has logged what it should not', async () => {
    let broken: string[] = [];
    await eventually(
      async () => {
        broken = await inconsistencies(sql);
        return broken.length === 0 ? true : undefined;
      },
      'a sound database',
      60_000,
    ).catch(() => undefined);
    expect(broken).toEqual([]);
    // The upstream's refusals are part of the load; the inspector greets.
    const lines = errorLines(
      parley.log(),
      (line) => line.msg === 'attempt failed' || String(line.msg).startsWith('an API key is put aside'),
    );
    const errors = lines.filter((line) => !/^(Debugger |For help, see: )/.test(line));
    expect(errors.slice(0, 3).map((line) => line.slice(0, 1000))).toEqual([]);
  }, 150_000);
});
