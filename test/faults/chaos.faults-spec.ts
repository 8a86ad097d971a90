import { check } from './checker';
import { runChaos } from './support/chaos';
import { CORRUPTIONS } from './support/corruptions';
import { freshRandom, kills, say } from './support/form';
import type { Load } from './support/load';
import { queueBackends } from './support/queue-backend';
import { Scene } from './support/scene';

const COUNT = kills();
const TIMEOUT_MS = 300_000 + COUNT * 10_000;
const SIZE = { apis: 2, workers: 3 };

describe.each(queueBackends())('processes that die at random, with the queue in %s', (backend) => {
  const random = freshRandom();
  let scene: Scene;
  let load: Load;

  beforeAll(async () => {
    // Long runs outlive an access token; so short ones log in again, too.
    scene = await Scene.set({ backend, size: SIZE, numbersAnswers: true, env: { ACCESS_TOKEN_TTL_SECONDS: '20' } });
  }, 120_000);
  afterAll(async () => scene?.strike(), 60_000);

  it(
    `${COUNT} kills lose nothing, double nothing and change no order`,
    async () => {
      say(`chaos with ${backend}: FAULTS_SEED=${random.seed} FAULTS_KILLS=${COUNT} FAULTS_BACKEND=${backend}`);
      const result = await runChaos(scene, random, COUNT);
      ({ load } = result);
      say(`chaos with ${backend}, seed ${random.seed}\n  ${result.summary}`);
      expect(await scene.verdict(load, `${backend}-${random.seed}`)).toEqual([]);
      expect(load.report.refusedIntrusions).toBeGreaterThan(0);
    },
    TIMEOUT_MS,
  );

  it.each(CORRUPTIONS)('the checker reports $name in that very data', async ({ sql: statements = [], spoil, rule }) => {
    const findings = await scene.withSql(async (sql) => {
      await sql.query('BEGIN');
      try {
        for (const statement of statements) await sql.query(statement);
        const evidence = await scene.evidence(load, sql);
        return check({ ...evidence, clients: spoil?.(evidence.clients) ?? evidence.clients });
      } finally {
        await sql.query('ROLLBACK');
      }
    });
    expect(findings.map((found) => found.rule)).toContain(rule);
  });
});
