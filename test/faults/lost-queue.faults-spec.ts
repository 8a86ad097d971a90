import { setTimeout as pause } from 'node:timers/promises';
import { Client, type TurnAnswer } from '../support/client';
import { freshRandom } from './support/form';
import { queueBackends } from './support/queue-backend';
import { Scene } from './support/scene';
import { underLoad } from './support/under-load';

const RETRY_AFTER_SECONDS = 6;

describe.each(queueBackends())('the queue in %s is wiped', (backend) => {
  let scene: Scene;

  beforeAll(async () => {
    scene = await Scene.set({ backend, size: { apis: 1, workers: 2 } });
  }, 120_000);
  afterAll(async () => scene?.strike(), 60_000);

  it('under load: every turn finishes, and a backoff is kept', async () => {
    const user = await Client.register(() => scene.fleet.apiUrls()[0]!);
    const conversation = await user.conversation();
    const content = `wait [[fake:429 retry-after=${RETRY_AFTER_SECONDS} times=1]]`;
    let turnId = 0;
    const { findings } = await underLoad(scene, `queue wiped (${backend})`, freshRandom(), async () => {
      const sent = await user.request<TurnAnswer>(
        'POST',
        `/chat/conversations/${conversation}/send`,
        { content },
        { prefer: 'respond-async' },
      );
      turnId = sent.body.id;
      // Three times, a second apart: with jobs waiting, delayed and active in it.
      for (let times = 0; times < (backend === 'redis' ? 3 : 1); times++) {
        await pause(1000);
        await scene.queue.wipe();
      }
      await pause(4000);
    });
    expect(findings).toEqual([]);
    const waitedMs = await scene.withSql(async (sql) => {
      const { rows } = await sql.query<{ status: string; waited: number }>(
        `SELECT status, extract(epoch FROM started_at - lag(ended_at) OVER (ORDER BY attempt))::float8 * 1000 AS waited
         FROM model_calls WHERE turn_id = $1 AND purpose = 'reply' ORDER BY attempt`,
        [turnId],
      );
      expect(rows.map(({ status }) => status)).toEqual(['failed', 'succeeded']);
      return rows[1]!.waited;
    });
    expect(waitedMs).toBeGreaterThanOrEqual(RETRY_AFTER_SECONDS * 1000);
  }, 180_000);
});
