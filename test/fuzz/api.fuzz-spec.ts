import { Client as Postgres } from 'pg';
import { fingerprintOf, inconsistencies } from '../support/consistency';
import { FakeOpenAI } from '../support/fake-openai';
import { errorLines } from '../support/log-lines';
import { type Operation, operationsOf } from '../support/openapi';
import { type Parley, startParley } from '../support/parley';
import { eventually } from '../support/process';
import { nameOf } from './fuzz-request';
import { Fuzzer } from './fuzzer';
import { ResponseSchemas } from './response-schemas';
import { World } from './world';

const SECRET_KEY = 'test-secret-test-secret-test-secret-test';
/** `npm run test:fuzz` asks for 10,000. */
const REQUESTS = Number(process.env.FUZZ_REQUESTS ?? 4000);
const SEED = Number(process.env.FUZZ_SEED ?? Math.floor(Math.random() * 2 ** 31));
/** The short form runs beside other tests on a machine that may be busy. */
const ANSWER_MS = REQUESTS >= 10_000 ? 5000 : 20_000;
/** Shorter than the deadline: a send that waits longer for its reply answers 202. */
const SEND_WAIT_MS = '2000';
const SETTLE_MS = 60_000;
/** The world is a few hundred requests. */
const BEGIN_MS = 180_000;
/** Enough for every operation to come up often. */
const ENOUGH_FOR_COVERAGE = 1000;

/** Nobody writes through the channels here, so these have nothing to show, to retry or to resume. */
const NEEDS_PEOPLE =
  /\/channels\/\{channel_id\}\/(?:identities|inbox|outbox|threads|files)\/\{|\/escalations\/\{escalation_id\}\/files\/\{/;
/** What has no signature is always refused. */
const SIGNED = / \/webhooks\/(?:whatsapp|instagram|mattermost)/;

const say = (text: string): void => void process.stderr.write(`${text}\n`);

describe(`requests made from the OpenAPI document (FUZZ_SEED=${SEED} FUZZ_REQUESTS=${REQUESTS})`, () => {
  const upstream = new FakeOpenAI();
  let parley: Parley;
  let operations: Operation[];
  let world: World;
  let sql: Postgres;
  let fuzzer: Fuzzer;
  let victim: Record<string, string>;

  beforeAll(async () => {
    say(`FUZZ_SEED=${SEED}`);
    parley = await startParley({
      OPENAI_BASE_URL: await upstream.start(),
      OPENAI_API_KEY: 'sk-fuzz-key-that-nobody-may-see',
      SECRET_KEY,
      ENCRYPTION_KEYS: `test:${'ab'.repeat(32)}`,
      SEND_WAIT_MS,
      // Nobody there: channels can be made, and tried out in vain.
      GRAPH_BASE_URL: 'http://127.0.0.1:9',
      // The fuzzer asks for them.
      ESCALATION_DRAFTS: 'false',
    });
    operations = await operationsOf(parley.url);
    world = await World.create(parley.url, SECRET_KEY);
    sql = new Postgres({ connectionString: parley.database.url });
    sql.on('error', () => undefined);
    await sql.connect();
    victim = await fingerprintOf(sql, world.victimId);
    const schemas = await ResponseSchemas.of(parley.url);
    fuzzer = new Fuzzer({
      url: parley.url,
      operations,
      schemas,
      world,
      seed: SEED,
      requests: REQUESTS,
      answerMs: ANSWER_MS,
    });
  }, BEGIN_MS);
  afterAll(async () => {
    await sql.end();
    await parley.stop();
    await upstream.stop();
  });

  it(
    'are answered in time, as documented, with nothing that is nobody’s business',
    async () => {
      await fuzzer.run();
      say(fuzzer.tally.toString());
      expect(fuzzer.findings.join('\n\n')).toBe('');
      expect(fuzzer.tally.requests).toBeGreaterThanOrEqual(REQUESTS);
    },
    120_000 + REQUESTS * 100,
  );

  it('reach every operation: it succeeds sometimes, and refuses sometimes', async () => {
    if (REQUESTS < ENOUGH_FOR_COVERAGE) return;
    const names = operations.map(nameOf);
    // They take a picture, or fields that fit each other, which hardly anybody finds by chance; the world has sent some.
    const byChance = [
      'POST /chat/uploads',
      'POST /channels',
      'POST /budgets',
      'POST /prices',
      'POST /prices/re-ratings',
      'POST /personas/{persona_id}/experiments',
      'DELETE /personas/{persona_id}/versions/{version}',
    ];
    // Prices and experiments are few, and one that is deleted, or stopped, is over.
    const once = [
      'PATCH /prices/{price_id}',
      'DELETE /prices/{price_id}',
      'POST /personas/{persona_id}/experiments/{experiment_id}/stop',
    ];
    const succeeding = names.filter(
      (name) => ![...byChance, ...once].includes(name) && !NEEDS_PEOPLE.test(name) && !SIGNED.test(name),
    );
    expect(await fuzzer.reach(2, succeeding)).toEqual([]);
    const refusing = operations.filter((operation) => !operation.isPublic || operation.body !== null).map(nameOf);
    expect(await fuzzer.reach(4, refusing)).toEqual([]);
    expect(fuzzer.findings.join('\n\n')).toBe('');
  }, 240_000);

  it(
    'leave nothing half-written',
    async () => {
      let broken: string[] = [];
      await eventually(
        async () => {
          broken = await inconsistencies(sql);
          return broken.length === 0 ? true : undefined;
        },
        'a sound database',
        SETTLE_MS,
      ).catch(() => undefined);
      expect(broken).toEqual([]);
    },
    SETTLE_MS + 30_000,
  );

  it('do not touch what belongs to somebody else', async () => {
    expect(await fingerprintOf(sql, world.victimId)).toEqual(victim);
  });

  it('leave both processes alive, ready and without errors in their logs', async () => {
    for (const process of [parley.api, parley.worker]) {
      expect(process.child.exitCode).toBeNull();
      expect((await fetch(`${process.url}/health/ready`)).status).toBe(200);
    }
    // Personas of the fuzzer name models that the upstream does not have.
    const errors = errorLines(parley.log(), (line) => line.msg === 'attempt failed');
    expect(errors.slice(0, 3).map((line) => line.slice(0, 1000))).toEqual([]);
    expect(parley.log()).not.toContain('sk-fuzz-key');
  });
});
