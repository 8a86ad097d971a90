import { Client } from '../support/client';
import { eventually } from '../support/process';
import { Agent } from '../support/team';
import { TeamFollowers } from '../support/team-followers';
import { TeamWorld } from '../support/team-world';

/** Far more than the promise of docs/hand-off.md needs on a busy machine. */
const PROMISED_MS = 20_000;

describe('who of the team may follow at sockets', () => {
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

  it('who follows for the team may do nothing in the name of the customer', async () => {
    const { customer, id } = await world.escalated();
    const agent = await team.socketOf(world.dana);
    const { conversationId, messages } = await team.follow(agent, id);
    const { messageId, turnId } = messages[1]!;
    for (const target of [{ conversationId }, {}]) {
      for (const [event, payload] of [
        ['send-message', { message: 'I am the customer' }],
        ['regenerate', { messageId }],
        ['cancel-turn', { turnId }],
        ['read', { seq: 1 }],
        ['sync', { lastSeq: 0 }],
        ['typing', { isTyping: true }],
      ] as const) {
        expect(await agent.ask(event, { ...target, ...payload })).toMatchObject({
          ok: false,
          error: { code: 'SOCKET.NOT_JOINED' },
        });
      }
    }
    expect((await agent.ask('join-chat', { conversationId })).error?.code).toMatch(/^CONVERSATION\./);
    expect(await agent.ask('send-message', { escalationId: id, message: 'x' })).toMatchObject({
      error: { code: 'REQUEST.INVALID' },
    });
    expect(customer.messages().filter(({ role }) => role === 'user')).toEqual([]);
  });

  it('strangers, members who are no agents, and visitors are told nothing, not even that it exists', async () => {
    const { visitor, id } = await world.escalated();
    const stranger = await Client.register(() => world.parley.url);
    const { body } = await stranger.request<{ workspace_id: number }>('GET', '/auth/me');
    expect(body.workspace_id).not.toBe(world.dana.workspaceId);
    const member = new Agent(await Client.register(() => world.parley.url), world.dana.workspaceId);
    await world.addMember(member);
    const refusals = [];
    for (const auth of [{ token: stranger.token }, { token: member.client.token }]) {
      const socket = await world.connect(world.parley.url, auth);
      for (const escalationId of [id, 999_999]) {
        refusals.push((await socket.ask('join-escalation', { escalationId })).error);
      }
      expect((await socket.ask('join-escalation', { escalationId: 0 })).error?.code).toBe('REQUEST.INVALID');
    }
    expect(refusals.map((error) => error?.code)).toEqual(Array(4).fill('ESCALATION.NOT_FOUND'));
    expect(refusals[0]!.detail.replace(String(id), '999999')).toBe(refusals[1]!.detail);
    const customer = await world.connect(world.second.url, { sessionId: visitor.sessionId });
    expect(await customer.ask('join-escalation', { escalationId: id })).toMatchObject({
      error: { code: 'AUTH.REQUIRED' },
    });
  });

  it('of the inbox hears only who may read it, and only as long', async () => {
    const { dana, sql } = world;
    const sam = new Agent(await Client.register(() => world.parley.url), dana.workspaceId);
    await world.addMember(sam);
    const [inbox, other] = [await team.socketOf(sam), await team.socketOf(dana)];
    const present = { workspaceId: dana.workspaceId, isOnline: true };
    expect(await inbox.ask('set-presence', present)).toMatchObject({ error: { code: 'ESCALATION.AGENTS_ONLY' } });
    await world.makeAgent(sam);
    expect(await inbox.ask('set-presence', present)).toMatchObject({ ok: true, agentsOnline: 1 });
    const { customer, id } = await world.escalated();
    await inbox.until(() => inbox.of('escalation-changed').length > 0);
    await customer.until(() => customer.of('message-received').length > 0);
    await sql.query('DELETE FROM workspace_members WHERE user_id = $1 AND workspace_id = $2', [
      sam.client.userId,
      sam.workspaceId,
    ]);
    await customer.until(() => customer.of<{ agentsOnline: number }>('presence').at(-1)?.agentsOnline === 0);
    await team.follow(other, id);
    const heard = inbox.of('escalation-changed').length;
    await dana.act(id, 'claim');
    await other.until(() => other.of<{ status: string }>('escalation-changed').length > 0);
    await inbox.ask('sync', { escalationId: id, lastSeq: 0 });
    expect(inbox.of('escalation-changed')).toHaveLength(heard);
  });

  describe('who may not see it any more hears nothing more', () => {
    const elsewhere = async (): Promise<number> => {
      const owner = await Client.register(() => world.parley.url);
      return (await owner.request<{ workspace_id: number }>('GET', '/auth/me')).body.workspace_id;
    };
    it.each([
      [
        'no agent any more',
        async (kim: Agent) => {
          const path = `/escalations/agents/${kim.client.userId}?workspace_id=${kim.workspaceId}`;
          expect((await world.dana.client.request('DELETE', path)).status).toBe(204);
        },
      ],
      [
        'no member any more',
        async ({ client, workspaceId }: Agent) => {
          await world.sql.query('DELETE FROM workspace_members WHERE workspace_id = $1 AND user_id = $2', [
            workspaceId,
            client.userId,
          ]);
        },
      ],
      [
        'the escalation is in another workspace',
        async (_agent: Agent, id: number) => {
          await world.sql.query('UPDATE escalations SET workspace_id = $2 WHERE id = $1', [id, await elsewhere()]);
        },
      ],
    ])('%s', async (_why, end) => {
      const sam = new Agent(await Client.register(() => world.parley.url), world.dana.workspaceId);
      await world.addMember(sam);
      await world.makeAgent(sam);
      const { customer, id } = await world.escalated();
      const agent = await team.socketOf(sam);
      await team.follow(agent, id);
      await end(sam, id);
      await eventually(
        () => (agent.of('escalation-left').length > 0 ? true : undefined),
        'the agent to be told',
        PROMISED_MS,
      );
      const { ok, error } = await agent.ask('join-escalation', { escalationId: id });
      expect([ok, error?.code]).toEqual([false, 'ESCALATION.NOT_FOUND']);
      const heard = agent.heard.length;
      await customer.ask('send-message', { message: 'a secret' });
      await customer.until(() => customer.messages().length >= 3, 'the next reply');
      // A refusal comes behind whatever this process had told before.
      await agent.ask('sync', { escalationId: id, lastSeq: 0 });
      expect(agent.heard.slice(heard).map(({ event }) => event)).toEqual(['chat-error']);
      expect(agent.of('escalation-left')).toMatchObject([{ reason: 'unavailable' }]);
    });
  });
});
