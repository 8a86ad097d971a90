import { scenarios } from '../support/fake-openai';
import { ParleyProcess } from '../support/process';
import type { HeardMessage, SocketUser } from '../support/socket-user';
import { TeamFollowers } from '../support/team-followers';
import { TeamWorld } from '../support/team-world';

const shown = (messages: readonly HeardMessage[]): string[] =>
  messages.map(({ seq, role, message }) => `${seq} ${role}: ${message}`);

describe('people of the team at sockets of one process, customers at those of another', () => {
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

  const typing = (socket: SocketUser, from: string): boolean[] =>
    socket
      .of<{ from: string; isTyping: boolean }>('typing')
      .filter((told) => told.from === from)
      .map(({ isTyping }) => isTyping);

  it('before the claim: what was said, what the customer says and types, and the answer of the model as it is written', async () => {
    const { dana } = world;
    const { visitor, customer, id } = await world.escalated();
    const agent = await team.socketOf(dana);
    const joined = await team.follow(agent, id);
    expect(joined).toMatchObject({ escalationId: id, status: 'open', hasMore: false, openTurnId: null });
    expect(joined.messages.map(({ seq, role }) => `${seq} ${role}`)).toEqual(['1 user', '2 assistant', '3 system']);
    await customer.ask('typing', { isTyping: true });
    await agent.until(() => typing(agent, 'user').length > 0, 'the customer to type');
    world.upstream.next(scenarios.reply(undefined, { pieces: ['We ', 'will ', 'see.'], tokenDelayMs: 500 }));
    await customer.ask('send-message', { message: 'Anybody?' });
    await agent.until(() => agent.messages().length >= 2);
    expect(shown(agent.messages())).toEqual(['4 user: Anybody?', '5 assistant: We will see.']);
    expect(agent.messages()).toMatchObject([{ escalationId: id }, { escalationId: id }]);
    const deltas = agent.of<{ offset: number; delta: string; escalationId: number }>('message-delta');
    expect(deltas.length).toBeGreaterThan(0);
    expect('We will see.').toContain(deltas.map(({ delta }) => delta).join(''));
    expect(deltas[0]!.escalationId).toBe(id);
    await agent.until(() => typing(agent, 'assistant').includes(true));
    // The session's id is the customer's secret: whoever knows it is the customer.
    expect(JSON.stringify([joined, agent.heard])).not.toContain(visitor.sessionId);
  });

  it('after the claim: typing of both sides, what anybody of the team says, and what becomes of it', async () => {
    const { dana, kim } = world;
    const { customer, id } = await world.escalated();
    const [first, other] = [await team.socketOf(dana), await team.socketOf(kim, world.second.url)];
    await team.follow(first, id);
    await team.follow(other, id);
    // Nobody of the team is shown as typing who cannot answer.
    expect(await first.ask('typing', { escalationId: id, isTyping: true })).toMatchObject({
      ok: false,
      error: { code: 'ESCALATION.NOT_YOURS' },
    });
    await dana.act(id, 'claim');
    await other.until(() => other.of('escalation-changed').length > 0);
    expect(other.of('escalation-changed')).toMatchObject([{ escalationId: id, status: 'claimed' }]);
    expect(await first.ask('typing', { escalationId: id, isTyping: true })).toMatchObject({ ok: true });
    await customer.until(() => typing(customer, 'agent').length > 0, 'the agent to type');
    await other.until(() => typing(other, 'agent').length > 0);
    expect(await other.ask('typing', { escalationId: id, isTyping: true })).toMatchObject({ ok: false });
    await customer.ask('typing', { isTyping: true });
    await first.until(() => typing(first, 'user').length > 0);
    await customer.ask('send-message', { message: 'Are you there?' });
    await dana.act(id, 'replies', { content: 'I am Dana.' });
    await dana.act(id, 'resolve');
    for (const socket of [first, other]) {
      await socket.until(() => socket.messages().length >= 3);
      expect(socket.messages().map(({ seq, role }) => `${seq} ${role}`)).toEqual(['4 user', '5 agent', '6 system']);
      await socket.until(() => socket.of<{ status: string }>('escalation-changed').at(-1)?.status === 'resolved');
    }
    // Nobody has said that it is over, but nobody is there any more who could type.
    await customer.until(() => typing(customer, 'agent').length > 1, 'the end of typing');
    expect(typing(customer, 'agent')).toEqual([true, false]);
  });

  it.each([
    ['loses the connection', (agent: SocketUser) => Promise.resolve(agent.close())],
    ['leaves', (agent: SocketUser, id: number) => agent.ask('leave-escalation', { escalationId: id })],
    [
      'hands it on',
      (_: SocketUser, id: number) => world.dana.act(id, 'transfer', { user_id: world.kim.client.userId }),
    ],
  ])('whoever types and %s is not shown as typing any more', async (_what, end) => {
    const { dana } = world;
    const { customer, id } = await world.escalated();
    const agent = await team.socketOf(dana);
    await team.follow(agent, id);
    await dana.act(id, 'claim');
    expect(await agent.ask('typing', { escalationId: id, isTyping: true })).toMatchObject({ ok: true });
    // Joining again ends nothing.
    await team.follow(agent, id, 3);
    await customer.until(() => typing(customer, 'agent').length > 0, 'the agent to type');
    expect(typing(customer, 'agent')).toEqual([true]);
    await end(agent, id);
    await customer.until(() => typing(customer, 'agent').length > 1, 'the end of typing');
    expect(typing(customer, 'agent')).toEqual([true, false]);
  });

  it('a customer who types and goes is not shown as typing any more', async () => {
    const { customer, id } = await world.escalated();
    const agent = await team.socketOf(world.dana);
    await team.follow(agent, id);
    await customer.ask('typing', { isTyping: true });
    await agent.until(() => typing(agent, 'user').length > 0, 'the customer to type');
    customer.close();
    await agent.until(() => typing(agent, 'user').length > 1, 'the end of typing');
    expect(typing(agent, 'user')).toEqual([true, false]);
  });

  it('a model that writes when somebody claims: its text is taken back before their eyes, too', async () => {
    const { customer, id } = await world.escalated();
    const agent = await team.socketOf(world.dana);
    await team.follow(agent, id);
    world.upstream.next(scenarios.reply(undefined, { pieces: ['It ', 'will ', 'never ', 'end'], tokenDelayMs: 3000 }));
    await customer.ask('send-message', { message: 'And now?' });
    await agent.until(() => agent.of('message-delta').length > 0);
    await world.dana.act(id, 'claim');
    await agent.until(() => agent.of('turn-handed-off').length > 0);
    expect(agent.of('turn-handed-off')).toMatchObject([{ escalationId: id }]);
    expect(agent.messages().map(({ role }) => role)).toEqual(['user']);
  });

  it('its process is killed: at another one, what was missed comes, and nothing twice', async () => {
    const { dana } = world;
    const { customer, id } = await world.escalated();
    await dana.act(id, 'claim');
    const doomed = await ParleyProcess.start('api', world.parley.settings);
    const before = await world.connect(doomed.url, { token: dana.client.token }, { reconnection: false });
    await team.follow(before, id);
    await customer.ask('send-message', { message: 'one' });
    await before.until(() => before.seqs().includes(4));
    await doomed.kill('SIGKILL');
    await before.until(() => before.disconnected !== undefined);
    await customer.ask('send-message', { message: 'two' });
    await dana.act(id, 'replies', { content: 'three' });
    const after = await team.socketOf(dana);
    const joined = await team.follow(after, id, 4);
    expect(shown(joined.messages)).toEqual(['5 user: two', '6 agent: three']);
    await customer.ask('send-message', { message: 'four' });
    await after.until(() => after.messages().length > 0);
    expect(after.seqs()).toEqual([7]);
    const synced = await after.ask<{ messages: HeardMessage[] }>('sync', { escalationId: id, lastSeq: 5 });
    expect(synced.messages.map(({ seq }) => seq)).toEqual([6, 7]);
    // Joining again makes no second follower.
    await team.follow(after, id, 7);
    await customer.ask('send-message', { message: 'five' });
    await after.until(() => after.seqs().includes(8));
    await after.ask('leave-escalation', { escalationId: id });
    await customer.ask('send-message', { message: 'six' });
    expect(await after.ask('sync', { escalationId: id, lastSeq: 0 })).toMatchObject({
      error: { code: 'SOCKET.NOT_JOINED' },
    });
    expect(after.seqs()).toEqual([7, 8]);
  });
});
