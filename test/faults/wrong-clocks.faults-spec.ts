import { setTimeout as pause } from 'node:timers/promises';
import { freshRandom, isFullForm } from './support/form';
import { withClockOff } from './support/preload';
import { queueBackendsOrOne } from './support/queue-backend';
import { Scene } from './support/scene';
import { underLoad } from './support/under-load';

const OFF_MS = 120_000;
const RUNNING_MS = isFullForm() ? 40_000 : 8000;

describe.each(queueBackendsOrOne('postgres'))(
  'workers whose clocks are two minutes off, with the queue in %s',
  (backend) => {
    let scene: Scene;

    beforeAll(async () => {
      scene = await Scene.set({ backend, size: { apis: 1, workers: 1 } });
      await Promise.all([
        scene.fleet.add('worker', withClockOff(OFF_MS)),
        scene.fleet.add('worker', withClockOff(-OFF_MS)),
      ]);
    }, 120_000);
    afterAll(async () => scene?.strike(), 60_000);

    it('answer like the others: nobody steals a turn that somebody works on, and there is no second reply', async () => {
      const { findings } = await underLoad(scene, `clocks off (${backend})`, freshRandom(), () => pause(RUNNING_MS), {
        // Longer than the scan and the patience of the reconciler, so that there is something to steal.
        draw: (random) => ({
          directive: random.chance(0.4) ? '[[fake:reply delay=400 first=1500]]' : '',
          ends: 'completed',
        }),
      });
      expect(findings).toEqual([]);
      const taken = await scene.withSql(async (sql) => {
        const { rows } = await sql.query<{ taken: string; workers: string }>(
          `SELECT (SELECT coalesce(sum(lost_attempts), 0) FROM turns) AS taken, (SELECT count(DISTINCT owner) FROM conversation_leases) AS workers`,
        );
        return { taken: Number(rows[0]!.taken), workers: Number(rows[0]!.workers) };
      });
      // Without faults no worker loses an attempt; and the ones with the wrong clocks took part.
      expect(taken).toEqual({ taken: 0, workers: 3 });
    }, 180_000);
  },
);
