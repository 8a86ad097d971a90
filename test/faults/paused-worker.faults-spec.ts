import { setTimeout as pause } from 'node:timers/promises';
import { Client, type TurnAnswer } from '../support/client';
import { eventually } from '../support/process';
import { isFullForm } from './support/form';
import { queueBackendsOrOne } from './support/queue-backend';
import { Scene } from './support/scene';

/** The short form shortens the lease with the pause; what counts is that the pause is much longer. */
const PAUSE_MS = isFullForm() ? 30_000 : 15_000;
const LEASE: NodeJS.ProcessEnv = isFullForm()
  ? {}
  : { TURN_LEASE_MS: '5000', TURN_HEARTBEAT_MS: '500', TURN_RECONCILE_MS: '500' };

describe.each(queueBackendsOrOne('postgres'))(
  'a worker that sleeps in the middle of a call, with the queue in %s',
  (backend) => {
    let scene: Scene;
    let user: Client;

    beforeAll(async () => {
      // The upstream's silence must not end the first call before the sleeper wakes: it is the lease that is tested.
      scene = await Scene.set({
        backend,
        size: { apis: 1, workers: 2 },
        env: { ...LEASE, OPENAI_TIMEOUT: '90000', OPENAI_TOTAL_TIMEOUT: '120000' },
      });
      user = await Client.register(() => scene.fleet.apiUrls()[0]!);
    }, 120_000);
    afterAll(async () => scene?.strike(), 60_000);

    it('wakes to find the turn answered by another: its late reply is refused, its tokens are booked', async () => {
      const conversation = await user.conversation();
      // All of this answer is in the sleeper's socket when it wakes.
      await scene.upstream.next({ type: 'reply', text: 'the late reply', firstTokenDelayMs: 1000, tokenDelayMs: 500 });
      const { body: sent } = await user.request<TurnAnswer>(
        'POST',
        `/chat/conversations/${conversation}/send`,
        { content: 'who answers?' },
        { prefer: 'respond-async' },
      );
      const owner = await eventually(
        () =>
          scene.withSql(async (sql) => {
            const query = 'SELECT owner FROM conversation_leases WHERE conversation_id = $1';
            const { rows } = await sql.query<{ owner: string }>(query, [conversation]);
            return (await scene.upstream.requests()).length === 1 ? rows[0]?.owner : undefined;
          }),
        'the call is on its way',
      );
      const sleeper = scene.fleet.workerOf(owner);
      scene.fleet.pause('worker', sleeper);
      const asleepSince = performance.now();
      await eventually(
        async () => {
          const { body } = await user.request<TurnAnswer>('GET', `/chat/turns/${sent.id}`);
          return body.status === 'completed' ? true : undefined;
        },
        'the reply of the other worker',
        40_000,
      );
      await pause(PAUSE_MS - (performance.now() - asleepSince));
      scene.fleet.resume('worker', sleeper);

      // It has come round when it has booked its call, or ended it because its lease is gone.
      const rows = await eventually(
        () =>
          scene.withSql(async (sql) => {
            const query = `SELECT attempt, status, error_code, total_tokens, total_ms FROM model_calls WHERE turn_id = $1 AND purpose = 'reply' ORDER BY attempt`;
            const { rows: calls } = await sql.query<Record<string, unknown>>(query, [sent.id]);
            return calls[0]?.total_ms === null ? undefined : calls;
          }),
        'the sleeper has closed its call',
        40_000,
      );
      expect(rows).toHaveLength(2);
      expect(rows[0]).toMatchObject({ attempt: 1, status: 'lost' });
      expect(rows[1]).toMatchObject({ attempt: 2, status: 'succeeded' });
      const messages = await user.messages(conversation);
      expect(messages.map(({ content }) => content)).toEqual(['who answers?', 'You said: who answers?']);
      // And it works on as if nothing had been.
      await user.send(conversation, 'all well?');
      expect(await user.messages(conversation)).toHaveLength(4);
      expect(scene.fleet.unexpectedEnds).toEqual([]);
    }, 180_000);
  },
);
