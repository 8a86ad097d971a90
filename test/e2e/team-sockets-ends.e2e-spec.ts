import { Client } from '../support/client';
import type { HeardMessage, SocketUser } from '../support/socket-user';
import { TeamFollowers } from '../support/team-followers';
import { TeamWorld } from '../support/team-world';

describe('people of the team at sockets, when it ends', () => {
  let world: TeamWorld;
  let team: TeamFollowers;

  beforeAll(async () => {
    world = await TeamWorld.start();
  });
  beforeEach(() => {
    world.upstream.reset();
    team = new TeamFollowers(world);
  });
  afterEach(() => {
    world.closeSockets();
    expect(team.flaws).toEqual([]);
  });
  afterAll(() => world.stop());

  /** What the inbox shows over REST. */
  const shownByRest = async (id: number): Promise<number[]> => {
    const path = `/escalations/${id}/messages?limit=200`;
    const { body } = await world.dana.client.request<{ messages: { seq: number }[] }>('GET', path);
    return body.messages.map(({ seq }) => seq);
  };
  /** The customer goes on with the AI. */
  const goOn = async (customer: SocketUser, message = 'between me and the AI'): Promise<void> => {
    const replies = customer.messages().filter(({ role }) => role === 'assistant').length;
    await customer.ask('send-message', { message });
    await customer.until(
      () => customer.messages().filter(({ role }) => role === 'assistant').length > replies,
      'the reply',
    );
  };
  const eventsAbout = ({ heard }: SocketUser): string[] =>
    heard.map(({ event }) => event).filter((event) => /^(message-received|escalation-)/.test(event));

  it.each([
    ['resolve', 'resolved'],
    ['return', 'returned'],
  ])('%s: followers at both processes hear the last notice and why, and nothing more', async (action, reason) => {
    const { dana, kim } = world;
    const { customer, id } = await world.escalated();
    const followers = [await team.socketOf(dana), await team.socketOf(kim, world.second.url)];
    for (const socket of followers) await team.follow(socket, id);
    await dana.act(id, 'claim');
    await dana.act(id, 'replies', { content: 'Done.' });
    expect((await dana.act(id, action)).status).toBe(200);
    for (const socket of followers) {
      await socket.until(() => socket.of('escalation-left').length > 0, 'the end');
      expect(socket.messages().map(({ seq, role }) => `${seq} ${role}`)).toEqual(['4 agent', '5 system']);
      expect(socket.of<{ status: string }>('escalation-changed').map(({ status }) => status)).toEqual([
        'claimed',
        reason,
      ]);
      expect(eventsAbout(socket).slice(-3)).toEqual(['message-received', 'escalation-changed', 'escalation-left']);
      expect(socket.of('escalation-left')).toMatchObject([{ escalationId: id, reason }]);
    }
    const heard = followers.map((socket) => socket.heard.length);
    await goOn(customer);
    for (const socket of followers) {
      expect(await socket.ask('typing', { escalationId: id, isTyping: true })).toMatchObject({ ok: false });
      expect(socket.heard.slice(heard.shift()).map(({ event }) => event)).toEqual(['chat-error']);
    }
  });

  it('joined or asked for afterwards, it is shown to its end as over REST, and not followed', async () => {
    const { dana, kim } = world;
    const { customer, id } = await world.escalated();
    await dana.act(id, 'claim');
    await dana.act(id, 'resolve');
    await goOn(customer);
    expect(await shownByRest(id)).toEqual([1, 2, 3, 4]);
    for (const socket of [await team.socketOf(dana), await team.socketOf(kim, world.second.url)]) {
      const joined = await team.follow(socket, id);
      expect(joined).toMatchObject({ status: 'resolved', hasMore: false, openTurnId: null, answeredBy: 'ai' });
      expect(joined.messages.map(({ seq }) => seq)).toEqual([1, 2, 3, 4]);
      expect((await team.follow(socket, id, 2)).messages.map(({ seq }) => seq)).toEqual([3, 4]);
      const later = { escalationId: id, lastSeq: 3 };
      const synced = await team.ask<{ messages: HeardMessage[]; hasMore: boolean }>(socket, 'sync', later);
      expect(synced).toMatchObject({ ok: true, hasMore: false, messages: [{ seq: 4, escalationId: id }] });
      await goOn(customer);
      expect(await socket.ask('typing', { escalationId: id, isTyping: true })).toMatchObject({
        error: { code: 'SOCKET.NOT_JOINED' },
      });
      expect(socket.heard.map(({ event }) => event)).toEqual(['chat-error']);
    }
    const stranger = await Client.register(() => world.parley.url);
    const socket = await world.connect(world.parley.url, { token: stranger.token });
    for (const event of ['join-escalation', 'sync']) {
      expect(await socket.ask(event, { escalationId: id, lastSeq: 0 })).toMatchObject({
        error: { code: 'ESCALATION.NOT_FOUND' },
      });
    }
  });

  it('a customer who goes on at the same moment: followers, and who joins just then, see what REST shows', async () => {
    const { dana, kim } = world;
    for (let round = 0; round < 8; round += 1) {
      const { customer, id } = await world.escalated();
      await dana.act(id, 'claim');
      const followers = [await team.socketOf(dana), await team.socketOf(kim, world.second.url)];
      const before = await Promise.all(followers.map((socket) => team.follow(socket, id)));
      const late = await team.socketOf(dana, world.second.url);
      const [, , joined] = await Promise.all([
        dana.act(id, round % 2 === 0 ? 'resolve' : 'return'),
        Promise.all([1, 2, 3].map((n) => customer.ask('send-message', { message: `and ${n}` }))),
        team.follow(late, id),
      ]);
      const all = [...followers.entries()].map(([n, socket]) => ({ socket, ...before[n]! }));
      if (['open', 'claimed'].includes(joined.status)) all.push({ socket: late, ...joined });
      else expect(joined.messages.map(({ seq }) => seq)).toEqual(await shownByRest(id));
      for (const { socket, messages } of all) {
        await socket.until(() => socket.of('escalation-left').length > 0, 'the end');
        expect([...messages.map(({ seq }) => seq), ...socket.seqs()]).toEqual(await shownByRest(id));
      }
    }
  });

  it('of what is asked for next, only its own followers hear', async () => {
    const { dana, kim } = world;
    const { customer, id, visitor } = await world.escalated();
    const [first, second] = [await team.socketOf(dana), await team.socketOf(kim)];
    await team.follow(first, id);
    await dana.act(id, 'claim');
    await dana.act(id, 'resolve');
    await first.until(() => first.of('escalation-left').length > 0, 'the end');
    await customer.ask('send-message', { message: 'I want a refund again' });
    await customer.until(() => customer.of('escalation-needed').length > 1, 'the second hand-off');
    const next = customer.of<{ escalationId: number }>('escalation-needed')[1]!.escalationId;
    await team.follow(second, next);
    expect((await dana.act(next, 'claim')).status).toBe(200);
    await dana.act(next, 'replies', { content: 'I am back.' });
    await second.until(() => second.messages().some(({ role }) => role === 'agent'), 'the reply');
    expect((await team.follow(first, id)).messages.at(-1)!.seq).toBe((await shownByRest(id)).at(-1));
    expect(first.messages().every(({ seq }) => seq <= 4)).toBe(true);
    expect((await visitor.history()).body.messages.at(-1)).toMatchObject({ role: 'agent' });
  });

  it.each(['resolve', 'return'])(
    '%s before anybody has come: the customer is told that nobody is awaited',
    async (end) => {
      const { customer, id, visitor } = await world.escalated();
      expect(await customer.join({ lastSeq: 3 })).toMatchObject({ answeredBy: 'ai', isPersonAwaited: true });
      expect(customer.of('answered-by')).toEqual([]);
      await world.dana.act(id, end);
      await customer.until(() => customer.of('answered-by').length > 0, 'to be told');
      expect(customer.of('answered-by')).toMatchObject([{ sessionId: visitor.sessionId, answeredBy: 'ai' }]);
      expect(await customer.join({ lastSeq: 3 })).toMatchObject({ answeredBy: 'ai', isPersonAwaited: false });
    },
  );

  it('claimed and returned while the customer was away: nobody is awaited when they come back', async () => {
    const { customer, id, visitor } = await world.escalated();
    customer.close();
    await world.dana.act(id, 'claim');
    const back = await world.connect(world.second.url, { sessionId: visitor.sessionId });
    expect(await back.join({})).toMatchObject({ answeredBy: 'people', isPersonAwaited: false });
    back.close();
    await world.dana.act(id, 'return');
    const again = await world.connect(world.parley.url, { sessionId: visitor.sessionId });
    expect(await again.join({})).toMatchObject({ answeredBy: 'ai', isPersonAwaited: false });
  });
});
