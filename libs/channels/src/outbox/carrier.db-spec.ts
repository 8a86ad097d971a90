import { FakeGraph } from '../../../../test/support/fake-graph';
import { type TestDatabase, testDatabase } from '../../../../test/support/database';
import { PlanReader } from '../../../../test/support/plans';
import { conversationRepositories } from '../../../../test/support/encryption';
import { MessagesToCarryRepository } from '../../../conversations/src/persistence/messages-to-carry.repository';
import { type Chat, OutboxWorld } from './outbox.spec-support';
import { CarryRepository } from './persistence/carry.repository';
import type { SealedOutbox } from './persistence/sealed-outbox';

describe('what is said in conversations is carried into the outbox', () => {
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
    chat = await world.chat();
  });

  const texts = (): string[] => graph.messagesTo(chat.to).map(({ text }) => text);

  it('what a model, the team and notices say, in its order, and nothing else', async () => {
    await world.say(chat, 'Hello?', 'user');
    await world.say(chat, 'Hello!');
    await world.say(chat, 'Somebody takes over.', 'system');
    await world.say(chat, 'I am Kim.', 'agent');
    await world.say(chat, 'Written on a phone', 'agent', 'author_id = NULL');
    await world.say(chat, 'Was deleted', 'assistant', `content = '', deleted_at = now()`);
    await world.say(chat, 'Was stopp', 'assistant', `status = 'cancelled'`);
    await world.deliver(chat);
    expect(texts()).toEqual(['Hello!', 'Somebody takes over.', 'I am Kim.']);
    expect((await world.rows(chat)).map(({ author }) => author)).toEqual(['assistant', 'system', 'agent']);
  });

  it('is read although it is encrypted, and is encrypted again until it has left', async () => {
    await db.database.query(`UPDATE conversations SET owner = 'human' WHERE id = $1`, [chat.conversationId]);
    await world.sayAsTeam(chat, 'Your code is 4711.', chat.userId);
    graph.refuse(131016);
    await world.deliver(chat);
    const [waiting] = await world.rows(chat);
    expect(waiting!.content).toMatch(/^enc:/);
    await world.skipPauses(chat);
    await world.deliver(chat);
    expect(texts()).toEqual(['Your code is 4711.']);
    expect((await world.rows(chat))[0]).toMatchObject({ status: 'sent', content: null });
  });

  it('what cannot be read is given up where it can be seen, and what follows leaves', async () => {
    await world.say(chat, 'unreadable', 'system', `content = 'enc:gone:AAAA', encryption_key = 'gone'`);
    await world.say(chat, 'Hello!');
    await world.deliver(chat);
    expect(await world.statuses(chat)).toEqual(['dead unreadable', 'sent']);
    expect(texts()).toEqual(['Hello!']);
  });

  it('long texts leave in parts, in the dialect of the channel', async () => {
    await world.say(chat, `**First** ${'word '.repeat(1000)}end`);
    await world.say(chat, 'Second');
    await world.deliver(chat);
    expect(texts()).toHaveLength(3);
    expect(texts()[0]).toMatch(/^\*First\* word/);
    expect(texts()[1]).toMatch(/end$/);
    expect(texts()[2]).toBe('Second');
    expect((await world.rows(chat)).map(({ part }) => part)).toEqual([0, 1, 0]);
  });

  it('more than fits into one transaction is carried whole', async () => {
    const said = Array.from({ length: 45 }, (_, index) => `line ${index}`);
    for (const line of said) await world.say(chat, line);
    await world.deliver(chat);
    expect(texts()).toEqual(said);
  });

  it('carried by many at once, everything leaves once and in order', async () => {
    const said: string[] = [];
    for (let round = 0; round < 10; round += 1) {
      said.push(`one ${round}`, `two ${round}`);
      await world.say(chat, `one ${round}`);
      await Promise.all([world.say(chat, `two ${round}`), ...[1, 2, 3].map(() => world.deliver(chat))]);
    }
    await world.deliver(chat);
    expect(texts()).toEqual(said);
    expect(
      await db.database.query('SELECT 1 FROM channel_threads WHERE carry_since IS NOT NULL AND conversation_id = $1', [
        chat.conversationId,
      ]),
    ).toEqual([]);
  });

  it('what nobody was woken for is found', async () => {
    await world.say(chat, 'Hello!');
    expect(await world.carrying.overdue(60_000, 10)).not.toContain(chat.conversationId);
    expect(await world.carrying.overdue(0, 1000)).toContain(chat.conversationId);
  });

  it('needs no look at whole tables', async () => {
    const { conversationId } = chat;
    await db.database.query(
      `INSERT INTO messages (workspace_id, conversation_id, seq, role, status, content)
       SELECT $1, $2, 1000 + n, 'system', 'sent', 'x' FROM generate_series(1, 20000) AS n`,
      [chat.workspaceId, conversationId],
    );
    await db.database.query('ANALYZE messages, channel_threads');
    const plans = new PlanReader(db.dataSource);
    const carrying = new CarryRepository(plans, undefined as unknown as SealedOutbox);
    await carrying.note(conversationId);
    await carrying.isNoted(conversationId);
    await carrying.setCarried(conversationId, 1, true);
    const messages = new MessagesToCarryRepository(plans, conversationRepositories(db.database).sealed);
    await messages.after(conversationId, 20_900, 20);
    await messages.find(1);
    expect(plans.take()).not.toMatch(/Seq Scan on (messages|turns)/);
  });
});
