import { FakeGraph, graphError } from '../../../../test/support/fake-graph';
import { type TestDatabase, testDatabase } from '../../../../test/support/database';
import { type Chat, OutboxWorld } from './outbox.spec-support';
import { MAX_ATTEMPTS } from './send-backoff';

const TEMPLATE = { name: 'we_are_back', language: 'en_US' };

describe('what waits in the outbox is sent', () => {
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
  const quiet = (hours: number): Promise<unknown> =>
    change('channel_identities', `last_inbound_at = now() - ${hours} * interval '1 hour'`, chat.identityId);
  const said = async (...lines: string[]): Promise<void> => {
    for (const line of lines) await world.say(chat, line);
  };

  it('from the number that received, to the person by their number or their id', async () => {
    await said('one');
    await world.deliver(chat);
    expect(graph.messages[0]).toMatchObject({ accountId: chat.account.id, to: chat.to, body: { to: chat.to } });
    await change('channel_identities', `external_id = 'US.13491208655302741918', phone = NULL`, chat.identityId);
    await said('two');
    await world.deliver(chat);
    expect(graph.messagesTo('US.13491208655302741918')[0]!.body).toMatchObject({
      recipient: 'US.13491208655302741918',
    });
    const rows = await world.rows(chat);
    expect(rows.map(({ externalId }) => externalId)).toEqual(graph.messages.map(({ id }) => id));
  });

  it('one that fails holds up those behind it, and is tried again later and later', async () => {
    await said('one', 'two');
    graph.refuse(131000, 2);
    await world.deliver(chat);
    const [first, second] = await world.rows(chat);
    expect(first).toMatchObject({ status: 'pending', reason: 'unavailable', attempts: 1 });
    expect(second!.nextAttemptAt).toEqual(first!.nextAttemptAt);
    const pause = await world.pauseMs(chat);
    expect(pause).toBeGreaterThanOrEqual(2000);
    await world.holdAll(chat);
    await said('three');
    await world.deliver(chat);
    expect(attempts()).toBe(1);
    expect((await world.rows(chat))[2]!.nextAttemptAt.getTime()).toBeGreaterThan(Date.now() + 1_000_000);
    await world.skipPauses(chat);
    await world.deliver(chat);
    expect(await world.pauseMs(chat)).toBeGreaterThanOrEqual(4000);
    await world.skipPauses(chat);
    await world.deliver(chat);
    expect(texts()).toEqual(['one', 'two', 'three']);
  });

  it.each([
    ['the pair rate', graphError(131056), 6000],
    ['what Meta asks for', graphError(130429, { retryAfter: 40 }), 40_000],
  ])('a limit is waited for: %s', async (_name, error, leastMs) => {
    await said('one');
    graph.next({ type: 'error', error });
    await world.deliver(chat);
    const [row] = await world.rows(chat);
    expect(row).toMatchObject({ status: 'pending', reason: 'rate-limited' });
    expect(await world.pauseMs(chat)).toBeGreaterThanOrEqual(leastMs);
  });

  it('in the end it is given up, and those behind it leave', async () => {
    await said('one', 'two');
    graph.refuse(131016, 131016);
    await world.deliver(chat);
    await change('channel_outbox', `attempts = ${MAX_ATTEMPTS - 1}`, (await world.rows(chat))[0]!.id);
    await world.skipPauses(chat);
    await world.deliver(chat);
    expect(await world.statuses(chat)).toEqual(['dead unavailable', 'sent']);
    expect((await world.rows(chat))[0]).toMatchObject({
      attempts: MAX_ATTEMPTS,
      content: expect.stringMatching(/^enc:/) as string,
    });
    expect(texts()).toEqual(['two']);
  });

  it.each([
    [131026, 'unreachable'],
    [131051, 'invalid'],
    [131047, 'window-closed'],
  ])('what will not get better is given up at once: %s', async (code, reason) => {
    await said('one', 'two');
    graph.refuse(code);
    await world.deliver(chat);
    expect(await world.statuses(chat)).toEqual([`dead ${reason}`, 'sent']);
  });

  it('refused credentials stop the channel, lose nothing, and new ones set it going', async () => {
    await said('one', 'two');
    graph.refuse(190);
    await world.deliver(chat);
    await world.deliver(chat);
    expect(attempts()).toBe(1);
    expect((await world.channels.find(chat.channelId))!.problemCode).toBe('CHANNEL.TOKEN_REFUSED');
    expect((await world.rows(chat)).map(({ status, attempts: made }) => [status, made])).toEqual([
      ['pending', 0],
      ['pending', 0],
    ]);
    expect(await world.outbox.due(1000)).not.toContain(chat.conversationId);
    await world.channels.setCredentials(chat.channelId, world.credentialsOf(chat.account));
    expect(await world.outbox.due(1000)).toContain(chat.conversationId);
    await world.deliver(chat);
    expect(texts()).toEqual(['one', 'two']);
  });

  it('a token that is refused after it was replaced says nothing about the new one', async () => {
    await said('one');
    graph.next({ type: 'held' });
    const before = world.deliver(chat);
    await graph.waitForMessages(1);
    graph.reset();
    await before;
    await world.channels.setCredentials(chat.channelId, world.credentialsOf(chat.account));
    // This process has not heard of the change.
    await said('two');
    await world.deliver(chat);
    expect(texts()).toEqual(['two']);
    expect((await world.channels.find(chat.channelId))!.problemCode).toBeNull();
  });

  it('what may have left WhatsApp is not sent again before there was time to hear of it', async () => {
    await said('one');
    graph.next({ type: 'taken-but-cut' });
    await world.deliver(chat);
    const [row] = await world.rows(chat);
    expect(row).toMatchObject({ status: 'pending', reason: 'may-have-left' });
    expect(await world.pauseMs(chat)).toBeGreaterThanOrEqual(30_000);
    expect(graph.messages[0]!.callbackData).toBe(`parley:${row!.id}`);
  });

  it('what may have left Instagram waits for its echo, too, and is sent again when none comes', async () => {
    chat = await world.chat('instagram');
    await said('one');
    graph.next({ type: 'taken-but-cut' });
    await world.deliver(chat);
    expect(await world.pauseMs(chat)).toBeGreaterThanOrEqual(30_000);
    await world.skipPauses(chat);
    await world.deliver(chat);
    expect(texts()).toEqual(['one', 'one']);
  });

  it('what a worker that is gone had in hand waits for a word of it, then is sent again', async () => {
    await said('one', 'two');
    graph.refuse(131000);
    await world.deliver(chat);
    const { id } = (await world.rows(chat))[0]!;
    await change('channel_outbox', `status = 'sending', taken_until = now() + interval '1 hour'`, id);
    await world.deliver(chat);
    expect(attempts()).toBe(1);
    const since = Date.now();
    await change('channel_outbox', `taken_until = now() - interval '1 s'`, id);
    await world.deliver(chat);
    expect(await world.statuses(chat)).toEqual(['pending may-have-left', 'pending']);
    expect(await world.pauseMs(chat, since)).toBeGreaterThanOrEqual(29_000);
    await world.skipPauses(chat);
    await world.deliver(chat);
    expect(texts()).toEqual(['one', 'two']);
  });

  it('a status that is faster than the answer is not taken back', async () => {
    await said('one');
    graph.next({ type: 'held' });
    const sending = world.deliver(chat);
    await graph.waitForMessages(1);
    const { id } = (await world.rows(chat))[0]!;
    const [message] = graph.messages;
    await change(
      'channel_outbox',
      `status = 'delivered', external_id = '${message!.id}', taken_until = NULL, delivered_at = now()`,
      id,
    );
    graph.release();
    await sending;
    expect((await world.rows(chat))[0]).toMatchObject({ status: 'delivered', externalId: message!.id, content: null });
  });

  it('sent by many at once, each leaves once and in order', async () => {
    const lines = Array.from({ length: 30 }, (_, index) => `line ${index}`);
    await said(...lines);
    await Promise.all([1, 2, 3, 4].map(() => world.deliver(chat)));
    expect(texts()).toEqual(lines);
  });

  it('outside of the window nothing but a template leaves, once', async () => {
    await quiet(25);
    await said('one');
    await world.deliver(chat);
    expect(await world.statuses(chat)).toEqual(['dead window-closed']);
    chat = await world.chat('whatsapp', { template: TEMPLATE });
    await quiet(25);
    await said('one', 'two');
    await world.deliver(chat);
    expect(graph.messagesTo(chat.to)).toEqual([expect.objectContaining({ type: 'template', text: TEMPLATE.name })]);
    expect(graph.messages[0]!.body).toMatchObject({ template: { language: { code: 'en_US' } } });
    expect(await world.statuses(chat)).toEqual(['sent', 'dead window-closed']);
    await quiet(0);
    await said('three');
    await world.deliver(chat);
    expect(texts()).toEqual([TEMPLATE.name, 'three']);
  });

  it('when Meta says that the window is closed a template takes the place of the text', async () => {
    chat = await world.chat('whatsapp', { template: TEMPLATE });
    await said('one');
    graph.refuse(131047);
    await world.deliver(chat);
    expect(graph.messagesTo(chat.to).map(({ type }) => type)).toEqual(['template']);
    expect(await world.statuses(chat)).toEqual(['sent']);
  });

  it('nothing leaves to those who want nothing, from a channel that is off, or that was deleted meanwhile', async () => {
    await change('channel_identities', 'opted_out_at = now()', chat.identityId);
    await said('one');
    await world.deliver(chat);
    await change('channel_identities', 'opted_out_at = NULL', chat.identityId);
    await world.channels.change(chat.channelId, { isEnabled: false });
    await said('two');
    await world.deliver(chat);
    await world.channels.change(chat.channelId, { isEnabled: true });
    const messageId = await world.say(chat, 'three');
    graph.refuse(131016);
    await world.deliver(chat);
    await change('messages', `deleted_at = now(), content = ''`, messageId);
    await world.skipPauses(chat);
    await world.deliver(chat);
    expect(await world.statuses(chat)).toEqual(['skipped opted-out', 'skipped channel-off', 'skipped deleted']);
    expect(graph.messages).toEqual([]);
    expect((await world.rows(chat)).map(({ content }) => content)).toEqual([null, null, null]);
  });

  it('credentials that cannot be read keep nobody else waiting', async () => {
    await said('one');
    await change('channels', `credentials = 'enc:gone:AAAA', updated_at = now()`, chat.channelId);
    world.directory.changed(chat.channelId);
    const since = Date.now();
    await world.deliver(chat);
    expect(await world.pauseMs(chat, since)).toBeGreaterThanOrEqual(60_000);
  });

  it('what a model said is not sent any more once people have the conversation; what they say is', async () => {
    await said('one');
    graph.refuse(131016);
    await world.deliver(chat);
    await world.ownership.handOver(chat.conversationId, () => Promise.resolve());
    await world.sayAsTeam(chat, 'I am Kim.', chat.userId);
    await world.skipPauses(chat);
    await world.deliver(chat);
    expect(await world.statuses(chat)).toEqual(['skipped people-answer', 'sent']);
    expect(texts()).toEqual(['I am Kim.']);
  });

  it('who takes a conversation over waits for what is on its way, and nothing of a model leaves afterwards', async () => {
    await said('one', 'two');
    graph.next({ type: 'held' });
    const sending = world.deliver(chat);
    await graph.waitForMessages(1);
    let isTaken = false;
    const taking = world.ownership.handOver(chat.conversationId, () => Promise.resolve()).then(() => (isTaken = true));
    await graph.waitFor(() => true);
    await db.database.query('SELECT pg_sleep(0.5)');
    expect(isTaken).toBe(false);
    graph.release();
    await Promise.all([sending, taking]);
    expect(texts()).toEqual(['one']);
    expect(await world.statuses(chat)).toEqual(['sent', 'skipped people-answer']);
  });
});
