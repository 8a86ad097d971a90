import { setTimeout as pause } from 'node:timers/promises';
import { freshRandom, isFullForm } from './support/form';
import { OwnPostgres } from './support/own-postgres';
import { queueBackends, queueBackendsOrOne } from './support/queue-backend';
import { Scene } from './support/scene';
import { answersAgain, underLoad } from './support/under-load';

const DOWN_MS = isFullForm() ? 8000 : 3000;
const RUNNING_MS = isFullForm() ? 6000 : 2500;

describe.each(queueBackends().filter((backend) => backend === 'redis'))('%s is restarted under load', (backend) => {
  let scene: Scene;

  beforeAll(async () => {
    scene = await Scene.set({ backend, size: { apis: 1, workers: 2 } });
  }, 120_000);
  afterAll(async () => scene?.strike(), 60_000);

  it('every answer is true or 503 with Retry-After, and it recovers by itself', async () => {
    const { findings, load } = await underLoad(scene, 'redis restarted', freshRandom(), async (running) => {
      await pause(RUNNING_MS);
      await scene.queue.redis!.stop('SIGKILL');
      await pause(DOWN_MS);
      await answersAgain(running);
      await scene.queue.redis!.start();
      await answersAgain(running);
    });
    expect(findings).toEqual([]);
    expect(load.report.answers['500']).toBeUndefined();
  }, 240_000);
});

describe.each(queueBackendsOrOne('postgres'))('PostgreSQL is restarted under load, with the queue in %s', (backend) => {
  let postgres: OwnPostgres;
  let scene: Scene;

  beforeAll(async () => {
    postgres = await OwnPostgres.start();
    scene = await Scene.set({ backend, size: { apis: 1, workers: 2 }, database: postgres.database });
  }, 180_000);
  afterAll(async () => {
    await scene?.strike();
    await postgres?.remove();
  }, 120_000);

  it('every answer is true or 503 with Retry-After, no process ends, and it recovers by itself', async () => {
    const { findings, load } = await underLoad(
      scene,
      `postgres restarted (${backend})`,
      freshRandom(),
      async (running) => {
        await pause(RUNNING_MS);
        await postgres.down();
        await pause(DOWN_MS);
        await postgres.up();
        await answersAgain(running);
        postgres.crash();
        await pause(RUNNING_MS);
        await answersAgain(running);
      },
    );
    expect(findings).toEqual([]);
    expect(load.report.answers['503']).toBeGreaterThan(0);
  }, 240_000);
});
