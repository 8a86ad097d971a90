import { FakeGraph } from '../../../../test/support/fake-graph';
import { type TestDatabase, testDatabase } from '../../../../test/support/database';
import { type Chat, OutboxWorld } from './outbox.spec-support';

describe('while a model writes', () => {
  const graph = new FakeGraph();
  let db: TestDatabase;
  let world: OutboxWorld;
  let chat: Chat;

  beforeAll(async () => {
    await graph.start();
    db = await testDatabase();
    world = new OutboxWorld(db, graph);
  });
  afterAll(async () => {
    world.close();
    await db.close();
    await graph.stop();
  });
  beforeEach(async () => {
    graph.reset();
    chat = await aChat();
  });

  const aChat = async (): Promise<Chat> => {
    const made = await world.chat();
    await db.database.query(`UPDATE channel_threads SET last_external_id = 'wamid.ABC' WHERE conversation_id = $1`, [
      made.conversationId,
    ]);
    return made;
  };

  const signals = (): number =>
    graph.calls.filter(({ kind, accountId }) => kind === 'read' && accountId === chat.account.id).length;
  const shown = (count: number): Promise<void> => graph.waitFor(() => signals() >= count, 20_000);

  it('the person sees it again and again, and not any more once it is over', async () => {
    const end = world.delivery.begins(chat.conversationId);
    await shown(3);
    end();
    end();
    const other = await aChat();
    const before = signals();
    const endOther = world.delivery.begins(other.conversationId);
    await graph.waitFor(
      () => graph.calls.filter(({ accountId }) => accountId === other.account.id).length >= 4,
      20_000,
    );
    endOther();
    // What was on its way when it ended has arrived; nothing has come since.
    expect(signals() - before).toBeLessThanOrEqual(2);
  });

  it.each([
    [
      'they want no messages any more',
      'UPDATE channel_identities SET opted_out_at = now() WHERE id = $1',
      'identityId',
    ],
    ['people have taken the conversation', `UPDATE conversations SET owner = 'human' WHERE id = $1`, 'conversationId'],
    ['the channel was switched off', 'UPDATE channels SET is_enabled = false WHERE id = $1', 'channelId'],
  ] as const)('nothing is shown once %s', async (_name, sql, id) => {
    const end = world.delivery.begins(chat.conversationId);
    await shown(1);
    await db.database.query(sql, [chat[id]]);
    const before = signals();
    const other = await aChat();
    const endOther = world.delivery.begins(other.conversationId);
    await graph.waitFor(
      () => graph.calls.filter(({ accountId }) => accountId === other.account.id).length >= 4,
      20_000,
    );
    endOther();
    end();
    expect(signals() - before).toBeLessThanOrEqual(2);
  });
});
