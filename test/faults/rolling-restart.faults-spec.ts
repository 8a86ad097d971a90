import { setTimeout as pause } from 'node:timers/promises';
import { Balancer } from './support/balancer';
import { freshRandom } from './support/form';
import { queueBackendsOrOne } from './support/queue-backend';
import { type ExtraCheck, Scene } from './support/scene';
import { underLoad } from './support/under-load';

/** What clients may see behind a balancer that looks at `/health/ready`: nothing of it. */
const ALLOWED = new Set(['200', '202', '403', '404']);
/** Far longer than the balancer takes to notice, also on a busy machine. */
const DRAIN_MS = 3000;

/** An orderly end finishes its turns or gives them back; nobody has to find out that it is gone. */
const noLostAttempts: ExtraCheck = ({ turns }) =>
  turns
    .filter((turn) => turn.lost_attempts > 0 || turn.status !== 'completed')
    .map((turn) => `Turn ${turn.id} is ${turn.status} and lost ${turn.lost_attempts} attempts.`);

describe.each(queueBackendsOrOne('redis'))('every process is replaced under load, with the queue in %s', (backend) => {
  let scene: Scene;
  let balancer: Balancer;

  beforeAll(async () => {
    scene = await Scene.set({ backend, size: { apis: 2, workers: 2 }, env: { SHUTDOWN_DRAIN_MS: String(DRAIN_MS) } });
    balancer = await Balancer.start(() => scene.fleet.apiUrls());
  }, 120_000);
  afterAll(async () => {
    await balancer?.stop();
    await scene?.strike();
  }, 120_000);

  it('behind a balancer no request and no turn fails, and none loses an attempt', async () => {
    const { findings, load } = await underLoad(
      scene,
      `rolling restart (${backend})`,
      freshRandom(),
      async () => {
        await pause(1000);
        for (const app of ['api', 'worker'] as const) {
          for (let slot = 0; slot < 2; slot++) {
            await scene.fleet.down(app, slot, 'SIGTERM');
            await scene.fleet.up(app, slot);
            await balancer.sees(scene.fleet.apiUrls());
          }
        }
        await pause(1000);
      },
      {
        draw: (random) => ({
          directive: random.chance(0.3) ? '[[fake:reply delay=150 first=500]]' : '',
          ends: 'completed',
        }),
        more: noLostAttempts,
        urls: () => balancer.urls(),
      },
    );
    expect(findings).toEqual([]);
    expect(Object.keys(load.report.answers).filter((kind) => !ALLOWED.has(kind))).toEqual([]);
    // Ended by the signal: an exit code would mean that the deadline had to cut them off.
    expect(scene.fleet.orderlyEnds).toEqual(['SIGTERM', 'SIGTERM', 'SIGTERM', 'SIGTERM']);
  }, 180_000);
});
