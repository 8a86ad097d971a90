import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { createParley, type Realtime } from '@parley/client';
import { AsyncApiContract } from '../support/asyncapi';
import { Client } from '../support/client';
import { scenarios } from '../support/fake-openai';
import { FlakyProxy } from '../support/flaky-proxy';
import { InstalledClient } from '../support/installed-client';
import { eventually } from '../support/process';
import { Agent } from '../support/team';
import { TeamWorld } from '../support/team-world';

const PAGE = resolve(__dirname, '../../docs/hand-off.md');

/** @parley/client as the screens of a team use it. */
describe('the JavaScript client in the hands of the team', () => {
  const contract = new AsyncApiContract();
  const open: Realtime[] = [];
  let world: TeamWorld;
  let proxy: FlakyProxy;

  beforeAll(async () => {
    world = await TeamWorld.start();
    proxy = await FlakyProxy.start(Number(new URL(world.parley.url).port));
  });
  beforeEach(() => world.upstream.reset());
  afterEach(() => {
    for (const realtime of open.splice(0)) realtime.close();
    world.closeSockets();
  });
  afterAll(async () => {
    await proxy.stop();
    await world.stop();
  });

  const connect = ({ client }: Agent): Realtime => {
    const api = createParley({ baseUrl: `http://127.0.0.1:${proxy.port}`, token: client.token });
    const realtime = api.realtime({ ackTimeoutMs: 5_000 });
    realtime.socket.onAny((event: string, payload: unknown) => contract.check('server', event, payload));
    realtime.socket.onAnyOutgoing((event: string, payload: unknown) => contract.check('client', event, payload));
    open.push(realtime);
    return realtime;
  };
  const until = (check: () => boolean, what: string): Promise<true> =>
    eventually(() => (check() ? (true as const) : undefined), what, 40_000);

  it('connections that break again and again: what is said on both sides is seen once, in one order', async () => {
    const { dana } = world;
    const { customer, id } = await world.escalated();
    const realtime = connect(dana);
    const chat = await realtime.joinEscalation({ escalationId: id });
    expect(await realtime.joinEscalation({ escalationId: id })).toBe(chat);
    const seen: string[] = [];
    chat.on('messages', (messages) => {
      for (const { seq, role, message } of messages) seen.push(seq < 4 ? `${role}` : `${role}: ${message}`);
    });
    expect([chat.status, seen]).toEqual(['open', ['user', 'assistant', 'system']]);
    await dana.act(id, 'claim');
    await until(() => chat.status === 'claimed', 'the claim');
    const expected: string[] = [];
    for (let round = 0; round < 5; round += 1) {
      const isDown = new Promise<void>((down) => {
        const end = realtime.on('disconnected', () => (end(), down()));
      });
      proxy.cut();
      await isDown;
      await customer.ask('send-message', { message: `question ${round}` });
      await dana.act(id, 'replies', { content: `answer ${round}` });
      expected.push(`user: question ${round}`, `agent: answer ${round}`);
      await until(() => seen.length === 3 + expected.length, `round ${round}`);
    }
    expect(seen.slice(3)).toEqual(expected);
    // Joined again by itself: what is typed reaches both.
    await until(() => realtime.isConnected, 'the connection');
    const typed: string[] = [];
    chat.on('typing', ({ from }) => typed.push(from));
    await until(() => {
      chat.typing(true);
      return customer.of<{ from: string }>('typing').some(({ from }) => from === 'agent');
    }, 'the agent to be seen typing');
    await customer.ask('typing', { isTyping: true });
    await until(() => typed.includes('user'), 'the customer to be seen typing');
    await chat.leave();
    expect(contract.flaws).toEqual([]);
    expect([...contract.seen]).toEqual(
      expect.arrayContaining(['client.join-escalation', 'client.leave-escalation', 'server.escalation-changed']),
    );
  });

  it('a conversation that is one’s own and an escalation, followed both ways at one socket: each is told its own', async () => {
    const { dana } = world;
    const persona = await dana.client.persona({ visibility: 'workspace' });
    const conversationId = await dana.client.conversation(persona);
    const realtime = connect(dana);
    const mine = await realtime.join({ conversationId });
    const asked = await dana.client.request<{ id: number }>('POST', '/escalations', {
      conversation_id: conversationId,
    });
    const team = await realtime.joinEscalation({ escalationId: asked.body.id });
    const seen: Record<'mine' | 'team', number[]> = { mine: [], team: [] };
    mine.on('messages', (messages) => seen.mine.push(...messages.map(({ seq }) => seq)));
    team.on('messages', (messages) => seen.team.push(...messages.map(({ seq }) => seq)));
    world.upstream.next(scenarios.reply('One moment.'));
    await mine.send('hello');
    await until(() => seen.mine.length === 3 && seen.team.length === 3, 'notice, message and reply');
    expect(seen).toEqual({ mine: [1, 2, 3], team: [1, 2, 3] });
    await mine.leave();
    await dana.act(asked.body.id, 'claim');
    await dana.act(asked.body.id, 'replies', { content: 'It is me.' });
    await until(() => seen.team.length === 4, 'the reply');
    expect(seen).toEqual({ mine: [1, 2, 3], team: [1, 2, 3, 4] });
  });

  it('strangers are refused, and whoever loses the right is told and follows it no more', async () => {
    const { id, customer } = await world.escalated();
    const stranger = new Agent(await Client.register(() => world.parley.url), 0);
    await expect(connect(stranger).joinEscalation({ escalationId: id })).rejects.toMatchObject({
      code: 'ESCALATION.NOT_FOUND',
    });
    const { kim } = world;
    const chat = await connect(kim).joinEscalation({ escalationId: id });
    const left: number[] = [];
    const seqs: number[] = [];
    chat.on('left', ({ escalationId }) => left.push(escalationId));
    chat.on('messages', (messages) => seqs.push(...messages.map(({ seq }) => seq)));
    const path = `/escalations/agents/${kim.client.userId}?workspace_id=${kim.workspaceId}`;
    expect((await world.dana.client.request('DELETE', path)).status).toBe(204);
    await until(() => left.length > 0, 'the end');
    await customer.ask('send-message', { message: 'a secret' });
    await customer.until(() => customer.messages().length >= 3);
    expect([left, seqs]).toEqual([[id], [1, 2, 3]]);
    await world.makeAgent(kim);
    await expect(open.at(-1)!.joinEscalation({ escalationId: id })).resolves.not.toBe(chat);
  });

  it('an end that comes while the connection is broken: what was missed is seen to its end, then why nothing more comes', async () => {
    const { dana } = world;
    const { id, customer } = await world.escalated();
    await dana.act(id, 'claim');
    const realtime = connect(dana);
    const chat = await realtime.joinEscalation({ escalationId: id });
    const seen: (number | string)[] = [];
    chat.on('messages', (messages) => seen.push(...messages.map(({ seq }) => seq)));
    chat.on('left', ({ reason }) => seen.push(reason));
    proxy.isClosingAtOnce = true;
    proxy.cut();
    await until(() => !realtime.isConnected, 'the broken connection');
    await dana.act(id, 'replies', { content: 'Done.' });
    await dana.act(id, 'resolve');
    await customer.ask('send-message', { message: 'between me and the AI' });
    await customer.until(() => customer.seqs().includes(7), 'the reply of the AI');
    proxy.isClosingAtOnce = false;
    await until(() => seen.includes('resolved'), 'the end');
    expect([chat.status, seen]).toEqual(['resolved', [1, 2, 3, 4, 5, 'resolved']]);
    // Whoever looks at it later is shown the same.
    const again = await realtime.joinEscalation({ escalationId: id });
    const shown: number[] = [];
    again.on('messages', (messages) => shown.push(...messages.map(({ seq }) => seq)));
    expect([again === chat, again.status, shown]).toEqual([false, 'resolved', [1, 2, 3, 4, 5]]);
    expect(contract.flaws).toEqual([]);
  });

  it('the example of docs/hand-off.md runs as it is written', async () => {
    const { customer, visitor } = await world.escalated('I want a refund for my boots');
    const [code] = [...readFileSync(PAGE, 'utf8').matchAll(/```js\n(.*?)```/gs)].map(([, found]) => found!);
    const { username } = (await world.dana.client.request<{ username: string }>('GET', '/auth/me')).body;
    // The queue is in the order of age; the others of this file wait no longer.
    for (const { id } of (await world.dana.list('&status=open')).slice(1)) await world.dana.act(id, 'resolve');
    const end = `
      await new Promise((resolve) => chat.on('messages', (messages) => messages.some(({ role }) => role === 'agent') && resolve()));
      realtime.close();`;
    const installed = InstalledClient.create();
    try {
      const script = code!
        .replaceAll('http://127.0.0.1:3000', world.parley.url)
        .replace('you@example.com', username)
        .replace('choose-a-long-one', 'password123')
        .replace('workspace_id: 1', `workspace_id: ${world.dana.workspaceId}`);
      writeFileSync(join(installed.folder, 'screen.mjs'), script + end);
      const { stdout } = await promisify(execFile)(process.execPath, ['screen.mjs'], {
        cwd: installed.folder,
        timeout: 50_000,
      });
      expect(stdout).toContain('1 user I want a refund for my boots\n');
      expect(stdout).toContain('it is claimed\n');
      expect(stdout).toContain('4 agent Good morning, I am Dana.\n');
    } finally {
      installed.remove();
    }
    await customer.until(() => customer.of<{ from: string }>('typing').some(({ from }) => from === 'agent'));
    expect((await visitor.history()).body.messages.at(-1)).toMatchObject({ role: 'agent' });
  });
});
