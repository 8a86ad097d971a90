import * as fc from 'fast-check';
import { FakeOpenAI } from '../support/fake-openai';
import { errorLines } from '../support/log-lines';
import { type Parley, startParley } from '../support/parley';
import { problemFaults } from './oracles';
import { mutatedBytes, nonsense } from './protocol-nonsense';
import { exchange } from './wire';

const SEED = Number(process.env.FUZZ_SEED ?? Math.floor(Math.random() * 2 ** 31));
const MUTATIONS = Math.ceil(Number(process.env.FUZZ_REQUESTS ?? 1500) / 10);
const DEADLINE_MS = 20_000;

/** Not every answer is about the path: those that are may be any that the two routes in use give. */
const EXPECTED_STATUSES = [200, 400, 401, 404, 408, 413, 414, 415, 417, 422, 431];

describe(`bytes that are no proper HTTP (FUZZ_SEED=${SEED})`, () => {
  const upstream = new FakeOpenAI();
  let parley: Parley;

  beforeAll(async () => {
    parley = await startParley({ OPENAI_BASE_URL: await upstream.start() });
  });
  afterAll(async () => {
    await parley.stop();
    await upstream.stop();
  });

  /** What is wrong with what comes back: an answer must be an expected one; the connection may also just be closed. */
  async function faultsOf(bytes: Buffer): Promise<string[]> {
    const options = { port: Number(new URL(parley.url).port), deadlineMs: DEADLINE_MS, halfClose: true };
    const { reply } = await exchange(bytes, options);
    if (reply === null) return [];
    const faults = EXPECTED_STATUSES.includes(reply.status) ? [] : [`answered ${reply.status}`];
    return reply.status >= 400
      ? [...faults, ...problemFaults(reply).map((fault) => `${reply.status} ${fault}`)]
      : faults;
  }

  it('every known kind is refused with a problem document, or the connection is closed', async () => {
    const faults: string[] = [];
    for (const [name, bytes] of nonsense) {
      for (const fault of await faultsOf(bytes)) faults.push(`${name}: ${fault}`);
    }
    expect(faults).toEqual([]);
  }, 120_000);

  it(
    'so is a request in which bytes are changed at random',
    async () => {
      const property = fc.asyncProperty(mutatedBytes, async (bytes) => expect(await faultsOf(bytes)).toEqual([]));
      await fc.assert(property, { seed: SEED, numRuns: MUTATIONS });
    },
    60_000 + MUTATIONS * 100,
  );

  it('and the processes go on as if nothing had been', async () => {
    expect((await fetch(`${parley.url}/health/ready`)).status).toBe(200);
    expect(errorLines(parley.log())).toEqual([]);
  });
});
