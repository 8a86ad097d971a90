import { benchAnalytics } from './analytics/main';
import { benchBacktest } from './backtest';
import { benchChannels } from './channels';
import { type Contender, direct, floor, parley } from './contenders';
import { type BenchDatabase, run, startDatabase } from './database';
import { benchEncryption } from './encryption';
import { bigTables, longConversation } from './growth';
import { benchHandOff } from './hand-off/main';
import { closedLoop } from './load';
import { type Plan, sideBySide } from './measure';
import { startRedis, startScript, stop } from './processes';
import { machine, ratios, table } from './report';
import { benchReRating } from './rerate';
import { benchStreams } from './streams';

/** A model that answers at once shows what we cost; the throughput is what counts. */
const INSTANT: Plan = { rounds: 3, inFlight: 32, roundMs: 6000, singles: 200 };
/** A model that takes 1.3 s, as real ones do: the throughput shows whether waiting costs anything. */
const PACED: Plan = { rounds: 1, inFlight: 128, roundMs: 15_000, singles: 8 };
const WARM_UP_MS = 3000;

const say = (text: string): void => void process.stdout.write(`${text}\n`);

/**
 * `npm run bench [quick | streams | rerate | analytics | encryption | backtest | hand-off | channels]`; `quick` takes shorter rounds and leaves out the growth of the tables, `streams` measures
 * streaming alone, and with `streams long` for ten minutes, `rerate` a correction of the price of a million calls, `analytics` reports over 5 million
 * calls (`analytics 500000` over fewer), `encryption` what encrypted messages cost and how their keys rotate, `backtest`
 * escalation rules over 100,000 messages, `hand-off` the statements of the inbox over a million escalations, `channels` how fast hooks of WhatsApp are
 * acknowledged while the model is slow.
 */
async function main(): Promise<void> {
  if (process.argv[2] === 'analytics') return analytics(Number(process.argv[3] ?? 5_000_000));
  if (process.argv[2] === 'backtest') {
    return withDatabase((database) => benchBacktest(database, Number(process.argv[3] ?? 100_000), say));
  }
  if (process.argv[2] === 'hand-off') {
    return withDatabase((database) => benchHandOff(database, Number(process.argv[3] ?? 1_000_000), say));
  }
  if (process.argv[2] === 'encryption') return withDatabase((database) => benchEncryption(database, say));
  const isQuick = process.argv[2] === 'quick';
  const isStreamsOnly = process.argv[2] === 'streams';
  const upstream = await startScript('upstream.ts');
  const database = await startDatabase();
  const redis = await startRedis();
  say(`${machine(database.version)}\n`);
  try {
    const streams = (): Promise<void> =>
      benchStreams(database, redis?.url, upstream.url, process.argv[3] === 'long' ? 600_000 : 20_000, say);
    if (isStreamsOnly) return await streams();
    if (process.argv[2] === 'channels') {
      return await benchChannels(database, `${upstream.url}/slow/v1`, Number(process.argv[3] ?? 60), say);
    }
    if (process.argv[2] === 'rerate') return await benchReRating(database, upstream.url, say);
    if (redis === undefined) say('No redis-server on this machine: the Redis half is left out.\n');
    else await compare('Redis', () => redis.url, database, upstream.url, isQuick);
    await compare('PostgreSQL', (url) => url, database, upstream.url, isQuick);
    await streams();
    if (!isQuick) await grow(database, upstream.url);
  } finally {
    await stop(redis);
    await database.stop();
    await stop(upstream);
  }
}

const analytics = (calls: number): Promise<void> => withDatabase((database) => benchAnalytics(database, calls, say));

async function withDatabase(bench: (database: BenchDatabase) => Promise<void>): Promise<void> {
  const database = await startDatabase();
  say(`${machine(database.version)}\n`);
  try {
    await bench(database);
  } finally {
    await database.stop();
  }
}

async function compare(
  backend: string,
  queueOf: (databaseUrl: string) => string,
  database: BenchDatabase,
  upstream: string,
  isQuick: boolean,
): Promise<void> {
  const key = backend.toLowerCase();
  const parleyUrl = await database.create(`parley_${key}`, true);
  const floorUrl = await database.create(`floor_${key}`, true);
  for (const pace of ['instant', 'paced'] as const) {
    const model = `${upstream}/${pace}/v1`;
    const plan = shortened(pace === 'instant' ? INSTANT : PACED, isQuick);
    const contenders: Contender[] = [
      direct(model),
      await floor(floorUrl, queueOf(floorUrl), model),
      await parley(parleyUrl, queueOf(parleyUrl), model, plan.inFlight),
    ];
    try {
      for (const contender of contenders) await closedLoop(contender.shot, 8, WARM_UP_MS);
      // As autovacuum does within the first minute: without statistics PostgreSQL reads small tables whole.
      for (const url of [parleyUrl, floorUrl]) await run(url, 'ANALYZE');
      const figures = await sideBySide(contenders, plan);
      const about = pace === 'instant' ? 'a model without latency' : 'a model that takes 300 ms, then 40 tokens in 1 s';
      say(table(`${backend} queue, ${about}`, plan.inFlight, figures));
      say(ratios(figures));
    } finally {
      for (const contender of contenders) await contender.stop();
    }
  }
}

async function grow(database: BenchDatabase, upstream: string): Promise<void> {
  const url = await database.create('parley_growth', true);
  const subject = await parley(url, url, `${upstream}/instant/v1`, INSTANT.inFlight);
  try {
    await closedLoop(subject.shot, 8, WARM_UP_MS);
    say('### Growth (PostgreSQL queue)\n');
    await run(url, 'ANALYZE');
    say(await longConversation(subject));
    say(await bigTables(subject, url, INSTANT.inFlight, INSTANT.roundMs));
  } finally {
    await subject.stop();
  }
}

const shortened = (plan: Plan, isQuick: boolean): Plan =>
  isQuick ? { ...plan, rounds: 1, roundMs: plan.roundMs / 2, singles: Math.ceil(plan.singles / 4) } : plan;

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
});
