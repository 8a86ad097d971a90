import { Client, type TurnAnswer } from '../support/client';
import { eventually } from '../support/process';
import { isFullForm } from './support/form';
import { withCrashOn } from './support/preload';
import { queueBackendsOrOne } from './support/queue-backend';
import { Scene } from './support/scene';

const MARKER = 'crash-the-worker-7f3a';
const TRIES = isFullForm() ? 5 : 2;
const LEASE: NodeJS.ProcessEnv = isFullForm()
  ? {}
  : { TURN_LEASE_MS: '5000', TURN_HEARTBEAT_MS: '500', TURN_RECONCILE_MS: '500' };

describe.each(queueBackendsOrOne('redis'))(
  'a message that crashes every worker that touches it, with the queue in %s',
  (backend) => {
    let scene: Scene;
    let isWatching = true;
    let supervisor: Promise<void> | undefined;

    beforeAll(async () => {
      scene = await Scene.set({
        backend,
        size: { apis: 1, workers: 0 },
        env: { ...LEASE, TURN_MAX_LOST_ATTEMPTS: String(TRIES) },
      });
      const crashing = withCrashOn(MARKER, scene.upstream.baseUrl);
      await Promise.all([scene.fleet.add('worker', crashing), scene.fleet.add('worker', crashing)]);
    }, 120_000);
    afterAll(async () => {
      isWatching = false;
      await scene?.strike();
    }, 120_000);

    /** What systemd or Kubernetes does: starts again what has died. */
    async function supervise(): Promise<void> {
      while (isWatching) {
        const dead = await eventually(() => (isWatching ? scene.fleet.deadWorker() : -1), 'a death', 600_000);
        if (dead >= 0) await scene.fleet.up('worker', dead, withCrashOn(MARKER, scene.upstream.baseUrl));
      }
    }

    it(`is given up visibly after ${TRIES} tries, and other conversations go on meanwhile`, async () => {
      supervisor = supervise();
      const user = await Client.register(() => scene.fleet.apiUrls()[0]!);
      const [poisoned, healthy] = [await user.conversation(), await user.conversation()];
      const { body: sent } = await user.request<TurnAnswer>(
        'POST',
        `/chat/conversations/${poisoned}/send`,
        { content: MARKER },
        { prefer: 'respond-async' },
      );
      let answered = 0;
      const turn = await eventually(
        async () => {
          const other = await user.send(healthy, `still there? ${answered}`);
          expect([200, 202]).toContain(other.status);
          answered += 1;
          const { body } = await user.request<TurnAnswer>('GET', `/chat/turns/${sent.id}`);
          return body.status === 'failed' ? body : undefined;
        },
        'the message to be given up',
        240_000,
      );
      expect(turn.error?.code).toBe('TURN.WORKER_LOST');
      expect(turn.assistant_message).toMatchObject({ role: 'assistant', status: 'fallback' });
      expect(scene.fleet.unexpectedEnds).toHaveLength(TRIES);
      const calls = await scene.withSql(async (sql) => {
        const { rows } = await sql.query<{ status: string }>(
          `SELECT status FROM model_calls WHERE turn_id = $1 AND purpose = 'reply'`,
          [sent.id],
        );
        return rows.map(({ status }) => status);
      });
      expect(calls).toEqual(Array.from({ length: TRIES }, () => 'lost'));
      expect(answered).toBeGreaterThan(0);
      // The conversation itself is not lost: the next message in it is answered.
      const next = await user.send(poisoned, 'and now something else');
      expect(next.body.assistant_message.content).toBe('You said: and now something else');
      isWatching = false;
      await supervisor;
    }, 300_000);
  },
);
