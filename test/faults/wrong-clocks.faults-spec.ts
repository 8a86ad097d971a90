import { setTimeout as pause } from 'node:timers/promises';
import { freshRandom, isFullForm } from './support/form';
import { withClockOff } from './support/preload';
import { queueBackendsOrOne } from './support/queue-backend';
import { Scene } from './support/scene';
import { underLoad } from './support/under-load';

const OFF_MS = 120_000;
const RUNNING_MS = isFullForm() ? 40_000 : 8000;
const LONGEST_MS = 90_000;

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

    /** Goes on until each of the three has had a conversation in its hands; a lease names whoever had it last. */
    const allTakePart = async (): Promise<void> => {
      const owners = new Set<string>();
      const end = performance.now() + LONGEST_MS;
      const look = (): Promise<void> =>
        scene.withSql(async (sql) => {
          const { rows } = await sql.query<{ owner: string }>('SELECT DISTINCT owner FROM conversation_leases');
          for (const { owner } of rows) owners.add(owner);
        });
      await pause(RUNNING_MS);
      for (await look(); owners.size < 3 && performance.now() < end; await look()) await pause(200);
      expect(owners.size).toBe(3);
    };

    it('answer like the others: nobody steals a turn that somebody works on, and there is no second reply', async () => {
      const { findings } = await underLoad(scene, `clocks off (${backend})`, freshRandom(), allTakePart, {
        // Longer than the scan and the patience of the reconciler, so that there is something to steal.
        draw: (random) => ({
          directive: random.chance(0.4) ? '[[fake:reply delay=400 first=1500]]' : '',
          ends: 'completed',
        }),
      });
      expect(findings).toEqual([]);
      const taken = await scene.withSql(async (sql) => {
        const { rows } = await sql.query<{ taken: string }>(
          'SELECT coalesce(sum(lost_attempts), 0) AS taken FROM turns',
        );
        return Number(rows[0]!.taken);
      });
      // Without faults no worker loses an attempt.
      expect(taken).toBe(0);
    }, 180_000);
  },
);
