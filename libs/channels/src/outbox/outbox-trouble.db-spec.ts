import { FakeGraph } from '../../../../test/support/fake-graph';
import { credentialsOf } from '../../../../test/support/channel-fleet';
import { type TestDatabase, testDatabase } from '../../../../test/support/database';
import { type Chat, OutboxWorld } from './outbox.spec-support';
import { MAX_OWN_ERRORS } from './send-backoff';

const HOUR_MS = 3_600_000;

describe('what waits in the outbox, in trouble', () => {
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
  const attempts = (): number => graph.calls.filter(({ kind }) => kind === 'message').length;
  const change = (table: string, set: string, id: number): Promise<unknown> =>
    db.database.query(`UPDATE ${table} SET ${set} WHERE id = $1`, [id]);
  /** Tries until so much time would have gone by. */
  const tryFor = async (hours: number): Promise<void> => {
    for (let waitedMs = 0; waitedMs < hours * HOUR_MS;) {
      await world.skipPauses(chat);
      await world.deliver(chat);
      const pauseMs = await world.pauseMs(chat);
      expect(pauseMs).toBeGreaterThan(1000);
      expect(pauseMs).toBeLessThan(370_000);
      waitedMs += pauseMs;
    }
  };

  it.each(['whatsapp', 'instagram'] as const)('%s is away for ten hours, and nothing is lost', async (type) => {
    chat = await world.chat(type);
    await world.say(chat, 'one');
    await world.say(chat, 'two');
    graph.always({ type: 'html', status: 503 });
    await tryFor(10);
    expect(attempts()).toBeLessThan(150);
    graph.reset();
    await world.say(chat, 'three');
    await world.skipPauses(chat);
    await world.deliver(chat);
    expect(texts()).toEqual(['one', 'two', 'three']);
  });

  it('it ends with the window: what could not leave by then is told as too late', async () => {
    await world.say(chat, 'one');
    graph.always({ type: 'cut' });
    await tryFor(1);
    await change('channel_identities', `last_inbound_at = now() - interval '24 hours'`, chat.identityId);
    await world.skipPauses(chat);
    const before = attempts();
    await world.deliver(chat);
    expect(await world.statuses(chat)).toEqual(['dead window-closed']);
    expect(attempts()).toBe(before);
  });

  it('an error of our own is not repeated for a day', async () => {
    await world.say(chat, 'one');
    await world.channels.setCredentials(chat.channelId, { phone_number_id: chat.account.id });
    for (let attempt = 0; attempt < MAX_OWN_ERRORS; attempt += 1) {
      await world.skipPauses(chat);
      await world.deliver(chat);
    }
    expect(await world.statuses(chat)).toEqual(['dead unavailable']);
  });

  it('an error of our own after a long outage is one error, and not the last of many', async () => {
    await world.say(chat, 'one');
    graph.always({ type: 'html', status: 503 });
    for (let attempt = 0; attempt < MAX_OWN_ERRORS + 2; attempt += 1) {
      await world.skipPauses(chat);
      await world.deliver(chat);
    }
    graph.reset();
    const { account } = chat;
    await world.channels.setCredentials(chat.channelId, { phone_number_id: account.id });
    await world.skipPauses(chat);
    await world.deliver(chat);
    expect(await world.statuses(chat)).toEqual(['pending may-have-left']);
    await world.channels.setCredentials(chat.channelId, credentialsOf(account));
    await world.skipPauses(chat);
    await world.deliver(chat);
    expect(texts()).toEqual(['one']);
  });

  it('what ends a worker each time is tried more and more seldom', async () => {
    await world.say(chat, 'one');
    graph.refuse(131016);
    await world.deliver(chat);
    const { id } = (await world.rows(chat))[0]!;
    await change('channel_outbox', `status = 'sending', attempts = 9, taken_until = now() - interval '1 s'`, id);
    const since = Date.now();
    await world.deliver(chat);
    expect(await world.statuses(chat)).toEqual(['pending may-have-left']);
    expect(await world.pauseMs(chat, since)).toBeGreaterThanOrEqual(298_000);
  });

  it('what may have left Instagram is known by its echo, whatever was tried since, and is not sent again', async () => {
    chat = await world.chat('instagram');
    await world.say(chat, 'Die  **Antwort**\n\nist 42.');
    await world.say(chat, 'two');
    graph.next({ type: 'taken-but-cut' }, { type: 'html', status: 503 });
    await world.deliver(chat);
    await world.skipPauses(chat);
    await world.deliver(chat);
    const { id: mid, text } = graph.messages[0]!;
    expect(await world.echo(chat, 'mid.else', 'Something else')).toBeUndefined();
    expect(await world.echo(chat, mid, `${text} `)).toEqual({ conversationId: chat.conversationId, isNews: true });
    expect((await world.rows(chat))[0]).toMatchObject({ status: 'sent', externalId: mid, content: null });
    await world.skipPauses(chat);
    await world.deliver(chat);
    expect(texts()).toEqual([text, 'two']);
  });

  it('the echo of what had to be sent twice is no word of the team, however late it comes', async () => {
    chat = await world.chat('instagram');
    await world.say(chat, 'one');
    graph.next({ type: 'taken-but-cut' });
    await world.deliver(chat);
    await world.skipPauses(chat);
    await world.deliver(chat);
    expect(texts()).toEqual(['one', 'one']);
    expect(await world.echo(chat, graph.messages[0]!.id, 'one')).toMatchObject({ isNews: false });
    expect(await world.echo(chat, 'mid.kim', 'I am Kim.')).toBeUndefined();
  });

  it('what a model said before people had the conversation is not sent after they have given it back', async () => {
    await world.say(chat, 'from before');
    graph.refuse(131016);
    await world.deliver(chat);
    await world.ownership.handOver(chat.conversationId, () => Promise.resolve());
    await world.ownership.giveBack(chat.conversationId, () => Promise.resolve());
    await world.say(chat, 'from after');
    await world.skipPauses(chat);
    await world.deliver(chat);
    expect(texts()).toEqual(['from after']);
    expect(await world.statuses(chat)).toEqual(['skipped people-answer', 'sent']);
  });

  it('a reply whose place another has taken is not sent any more', async () => {
    const replaced = await world.say(chat, 'replaced');
    graph.refuse(131016);
    await world.deliver(chat);
    await db.database.query(
      'UPDATE turns SET is_current = false WHERE id = (SELECT turn_id FROM messages WHERE id = $1)',
      [replaced],
    );
    await world.say(chat, 'better');
    await world.skipPauses(chat);
    await world.deliver(chat);
    expect(texts()).toEqual(['better']);
    expect(await world.statuses(chat)).toEqual(['skipped deleted', 'sent']);
  });

  it('a conversation, and a channel, that go while something is on the wire take what waits with them', async () => {
    for (const table of ['conversations', 'channels']) {
      chat = await world.chat();
      await world.say(chat, 'one');
      await world.say(chat, 'two');
      graph.next({ type: 'held' });
      const sending = world.deliver(chat);
      await graph.waitFor(() => texts().length === 1);
      await db.database.query(`DELETE FROM ${table} WHERE id = $1`, [
        table === 'channels' ? chat.channelId : chat.conversationId,
      ]);
      graph.release();
      await sending;
      expect(texts()).toEqual(['one']);
      expect(await world.rows(chat)).toEqual([]);
      await world.delivery.settled(chat.conversationId);
      await world.deliver(chat);
    }
  });
});
