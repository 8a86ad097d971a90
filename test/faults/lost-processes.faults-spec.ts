import { Client, type SendAnswer, type TurnAnswer } from '../support/client';
import { eventually } from '../support/process';
import { queueBackends } from './support/queue-backend';
import { Scene } from './support/scene';

interface LedgerRow {
  attempt: number;
  status: string;
}

/** What is promised for a killed worker: lease 6 s, scan 2 s, and the second attempt. */
const TAKEOVER_MS = 15_000;

describe.each(queueBackends())('a process that is killed, with the queue in %s', (backend) => {
  let scene: Scene;
  let user: Client;

  beforeAll(async () => {
    scene = await Scene.set({ backend, size: { apis: 1, workers: 2 } });
    user = await Client.register(() => scene.fleet.apiUrls()[0]!);
  }, 120_000);
  afterAll(async () => scene?.strike(), 60_000);

  const sendAsync = async (conversation: number, content: string): Promise<TurnAnswer> => {
    const answer = await user.request<TurnAnswer>(
      'POST',
      `/chat/conversations/${conversation}/send`,
      { content },
      { prefer: 'respond-async' },
    );
    expect(answer.status).toBe(202);
    return answer.body;
  };

  const ledgerOf = (turnId: number): Promise<LedgerRow[]> =>
    scene.withSql(async (sql) => {
      const query = `SELECT attempt, status FROM model_calls WHERE turn_id = $1 AND purpose = 'reply' ORDER BY attempt`;
      return (await sql.query<LedgerRow>(query, [turnId])).rows;
    });

  it('a worker killed after the third token: another one gives exactly one reply within 15 s, and the first attempt is lost', async () => {
    const conversation = await user.conversation();
    const before = (await scene.upstream.requests()).length;
    await scene.upstream.next({ type: 'reply', tokens: 100, tokenDelayMs: 150 });
    const sent = await sendAsync(conversation, 'tell me a long story');
    await eventually(async () => {
      const request = (await scene.upstream.requests())[before];
      return request !== undefined && request.pieces >= 3 ? true : undefined;
    }, 'the third token');
    const victim = await scene.withSql(async (sql) => {
      const query = 'SELECT owner FROM conversation_leases WHERE conversation_id = $1';
      const { rows } = await sql.query<{ owner: string }>(query, [conversation]);
      return scene.fleet.workerOf(rows[0]!.owner);
    });
    const killedAt = performance.now();
    await scene.fleet.down('worker', victim, 'SIGKILL');
    const turn = await eventually(async () => {
      const { body } = await user.request<TurnAnswer>('GET', `/chat/turns/${sent.id}`);
      return body.status === 'completed' ? body : undefined;
    }, 'the reply of another worker');
    expect(performance.now() - killedAt).toBeLessThan(TAKEOVER_MS);
    expect(turn.assistant_message?.content).toBe('You said: tell me a long story');
    expect((await user.messages(conversation)).map(({ role }) => role)).toEqual(['user', 'assistant']);
    expect(await ledgerOf(sent.id)).toEqual([
      { attempt: 1, status: 'lost' },
      { attempt: 2, status: 'succeeded' },
    ]);
    expect(await scene.upstream.requests()).toHaveLength(before + 2);
    await scene.fleet.up('worker', victim);
  }, 150_000);

  it('an api killed right after the commit: the reply still comes, and the same Idempotency-Key finds it', async () => {
    const conversation = await user.conversation();
    const key = { 'idempotency-key': 'sent-before-the-kill' };
    await scene.withSql(async (sql) => {
      const sending = user.send(conversation, 'are you there?', key).catch(() => undefined);
      const query = 'SELECT id FROM turns WHERE conversation_id = $1';
      await eventually(
        async () => ((await sql.query(query, [conversation])).rowCount === 1 ? true : undefined),
        'the commit',
      );
      await scene.fleet.down('api', 0, 'SIGKILL');
      await sending;
    });
    await scene.untilNoTurnIsOpen();
    await scene.fleet.up('api', 0);
    const again = await user.request<SendAnswer>(
      'POST',
      `/chat/conversations/${conversation}/send`,
      { content: 'are you there?' },
      key,
    );
    expect(again.status).toBe(200);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(again.body.assistant_message.content).toBe('You said: are you there?');
    expect(await user.messages(conversation)).toHaveLength(2);
  }, 150_000);
});
