import * as fc from 'fast-check';
import { queueBackends } from '../faults/support/queue-backend';
import { Random } from '../faults/support/random';
import { Scene } from '../faults/support/scene';
import { commands, type Model, type Real } from './commands';
import { MOST_COMMANDS, PATH, RUNS, say, SEED } from './form';
import { World } from './world';

/** Short times for a lost worker, so that many sequences can be played; long enough for a busy machine. */
const LEASE = { TURN_LEASE_MS: '4000', TURN_HEARTBEAT_MS: '500', TURN_RECONCILE_MS: '500' };
const RUN_WITHIN_MS = 120_000;

describe.each(queueBackends())('people who do anything at any time, with the queue in %s', (backend) => {
  let scene: Scene;

  beforeAll(async () => {
    scene = await Scene.set({
      backend,
      size: { apis: 1, workers: 2 },
      numbersAnswers: true,
      env: { ...LEASE, MAX_STREAMS_PER_USER: '1000' },
    });
  }, 120_000);
  afterAll(async () => scene?.strike(), 60_000);

  it(
    `${RUNS} random sequences of up to ${MOST_COMMANDS} commands break none of the invariants`,
    async () => {
      say(`queue in ${backend}: PROPERTY_SEED=${SEED} PROPERTY_RUNS=${RUNS} PROPERTY_COMMANDS=${MOST_COMMANDS}`);
      const startedAt = performance.now();
      const played: Record<string, number> = {};
      let sequences = 0;
      await fc.assert(
        fc.asyncProperty(commands(MOST_COMMANDS), async (sequence) => {
          sequences += 1;
          const world = await World.make(scene, new Random(SEED + sequences));
          const model: Model = { messages: 0, streams: 0 };
          const real: Real = { world, scene };
          await fc.asyncModelRun(() => ({ model, real }), sequence);
          await world.settle();
          for (const [what] of String(sequence).matchAll(/\w+(?=\()/g)) played[what] = (played[what] ?? 0) + 1;
          expect(await scene.verdict(world, `property-${backend}-${SEED}`)).toEqual([]);
        }),
        {
          seed: SEED,
          path: PATH,
          numRuns: RUNS,
          // A smaller sequence that is played anew meets other moments, and each takes seconds: the evidence of the first failure says more.
          endOnFailure: true,
        },
      );
      const commandCount = Object.values(played).reduce((sum, count) => sum + count, 0);
      const kinds = Object.entries(played).map(([what, count]) => `${what} ${count}`);
      say(`${sequences} sequences, ${commandCount} commands (${kinds.join(', ')}) in ${seconds(startedAt)} s`);
      expect(commandCount).toBeGreaterThan(0);
    },
    RUNS * RUN_WITHIN_MS,
  );
});

const seconds = (startedAt: number): number => Math.round((performance.now() - startedAt) / 1000);
