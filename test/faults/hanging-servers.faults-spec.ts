import { setTimeout as pause } from 'node:timers/promises';
import { freshRandom, isFullForm } from './support/form';
import { OwnPostgres } from './support/own-postgres';
import { queueBackendsOrOne } from './support/queue-backend';
import { Scene } from './support/scene';
import { answersAgain, underLoad } from './support/under-load';

/** Longer than the 5 s that a connection may take, so that waiting requests are refused meanwhile. */
const HANGING_MS = isFullForm() ? 20_000 : 8000;
const RUNNING_MS = 2000;

// Worse than a server that is gone: its port takes connections, and nothing comes back.
describe.each(queueBackendsOrOne('redis'))('a server hangs under load, with the queue in %s', (backend) => {
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

  it('PostgreSQL: every answer is true or 503 with Retry-After, and it recovers by itself', async () => {
    const { findings } = await underLoad(scene, `postgres hangs (${backend})`, freshRandom(), async (load) => {
      await pause(RUNNING_MS);
      await postgres.freeze();
      await pause(HANGING_MS);
      postgres.thaw();
      await answersAgain(load);
    });
    expect(findings).toEqual([]);
  }, 240_000);

  it('the queue: messages are answered meanwhile, and it recovers by itself', async () => {
    const { redis } = scene.queue;
    // With the queue in PostgreSQL there is no other server that could hang.
    if (redis === undefined) return;
    const { findings } = await underLoad(scene, `queue hangs (${backend})`, freshRandom(), async (load) => {
      await pause(RUNNING_MS);
      redis.pause();
      await answersAgain(load);
      redis.resume();
      await answersAgain(load);
    });
    expect(findings).toEqual([]);
  }, 240_000);
});
