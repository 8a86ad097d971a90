import { Client as Postgres } from 'pg';
import { Client, type Problem } from '../support/client';
import { FakeOpenAI, scenarios } from '../support/fake-openai';
import { type Parley, startParley } from '../support/parley';
import { eventually } from '../support/process';
import { runJob } from '../support/run-job';

interface Remote {
  conversation_state: string;
  openai_conversation_id: string | null;
  is_at_upstream: boolean | null;
  is_current: boolean;
  holds_turn_id: number | null;
  newest_turn_id: number | null;
}
interface Items {
  items: { id: string; role: string; text: string }[];
  has_more: boolean;
  last_id: string | null;
}
interface Workspace {
  id: number;
  role: string;
  kind: string;
  name: string;
  conversation_state: string | null;
}

describe('the copy of a conversation at OpenAI', () => {
  const upstream = new FakeOpenAI();
  let parley: Parley;
  let owner: Client;

  beforeAll(async () => {
    const baseUrl = await upstream.start();
    parley = await startParley({ OPENAI_BASE_URL: baseUrl, OPENAI_API_KEY: 'sk-test', OPENAI_TIMEOUT: '3000' });
    owner = await Client.register(() => parley.url);
  });
  afterAll(async () => {
    await parley.stop();
    await upstream.stop();
  });
  beforeEach(() => upstream.reset());

  const start = async (state: string): Promise<number> =>
    owner.conversation(await owner.persona({ conversation_state: state }));
  const remote = (method: string, id: number, path = '') =>
    owner.request<Remote & Items & Problem>(method, `/chat/conversations/${id}/openai${path}`);

  it('shows what the upstream keeps, page by page, and whether that is current', async () => {
    const id = await start('hybrid');
    expect((await remote('GET', id)).body).toMatchObject({
      conversation_state: 'hybrid',
      openai_conversation_id: null,
      is_at_upstream: null,
      is_current: false,
    });
    expect((await remote('GET', id, '/items')).body).toMatchObject({ code: 'CONVERSATION_STATE.NO_COPY' });
    const { body } = await owner.send(id, 'one');
    await owner.send(id, 'two');
    const seen = (await remote('GET', id)).body;
    expect(seen).toMatchObject({ is_at_upstream: true, is_current: true });
    expect(seen.holds_turn_id).toBe(seen.newest_turn_id);
    expect(seen.newest_turn_id).not.toBe(body.turn_id);
    const first = (await remote('GET', id, '/items?limit=3')).body;
    expect(first.items.map(({ text }) => text)).toEqual(['one', 'You said: one', 'two']);
    const second = (await remote('GET', id, `/items?limit=3&after=${first.last_id}`)).body;
    expect(second.items.map(({ role, text }) => [role, text])).toEqual([['assistant', 'You said: two']]);
    expect(second.has_more).toBe(false);
    const wrong = await remote('GET', id, '/items?after=msg_nothing');
    expect({ status: wrong.status, detail: wrong.body.detail }).toMatchObject({
      status: 422,
      detail: expect.stringMatching(/^after:/) as string,
    });
  });

  it('is made again on request, and goes on request; the history here stays', async () => {
    const id = await start('conversation');
    await owner.send(id, 'one');
    const before = (await remote('GET', id)).body.openai_conversation_id!;
    const made = await remote('POST', id);
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({ is_at_upstream: true, is_current: true });
    expect(made.body.openai_conversation_id).not.toBe(before);
    const copy = upstream.conversations.get(made.body.openai_conversation_id!)!;
    expect(copy.items.map(({ text }) => text)).toEqual(['one', 'You said: one']);
    await owner.send(id, 'two');
    expect(upstream.requests.at(-1)!.body.conversation).toBe(copy.id);
    expect((await remote('DELETE', id)).status).toBe(204);
    expect(upstream.conversations.get(copy.id)).toBeUndefined();
    expect((await remote('DELETE', id)).status).toBe(204);
    expect(await owner.messages(id)).toHaveLength(4);
    await owner.send(id, 'three');
    expect(upstream.requests.at(-1)!.context).toHaveLength(5);
  });

  it('a copy that somebody else has deleted is shown as lost', async () => {
    const id = await start('conversation');
    await owner.send(id, 'one');
    upstream.conversations.clear();
    expect((await remote('GET', id)).body).toMatchObject({ is_at_upstream: false, is_current: false });
    expect((await remote('GET', id, '/items')).status).toBe(404);
  });

  it('does not exist where the context is kept here only', async () => {
    const id = await start('stateless');
    await owner.send(id, 'one');
    for (const [method, path] of [
      ['GET', ''],
      ['GET', '/items'],
      ['POST', ''],
    ] as const) {
      const answer = await remote(method, id, path);
      expect(answer).toMatchObject({ status: 409, body: { code: 'CONVERSATION_STATE.NOT_AVAILABLE' } });
      expect(answer.body.detail).toContain('conversation_state');
    }
    expect(upstream.conversationRequests).toEqual([]);
  });

  it('belongs to the owner of the conversation only', async () => {
    const id = await start('conversation');
    const stranger = await Client.register(() => parley.url);
    for (const [method, path] of [
      ['GET', ''],
      ['GET', '/items'],
      ['POST', ''],
      ['DELETE', ''],
    ] as const) {
      const answer = await stranger.request<Problem>(method, `/chat/conversations/${id}/openai${path}`);
      expect(answer).toMatchObject({ status: 403, body: { code: 'CONVERSATION.FORBIDDEN' } });
    }
    expect((await remote('GET', 987_654)).status).toBe(404);
  });

  it.each([
    [scenarios.error(503), 503],
    [scenarios.hang(), 503],
    [scenarios.error(401), 502],
  ])('an upstream that fails is told in our words (%j)', async (scenario, status) => {
    const id = await start('conversation');
    await owner.send(id, 'one');
    upstream.alwaysConversations(scenario);
    for (const [method, path] of [
      ['GET', ''],
      ['GET', '/items'],
      ['POST', ''],
    ] as const) {
      const answer = await remote(method, id, path);
      expect(answer.status).toBe(status);
      expect(JSON.stringify(answer.body)).not.toMatch(/engine|incorrect api key|sk-/i);
    }
    // It is let go all the same; the job deletes it when the upstream is back.
    expect((await remote('DELETE', id)).status).toBe(204);
    upstream.alwaysConversations(null);
    expect((await remote('GET', id)).body.openai_conversation_id).toBeNull();
  });

  it('is not made while a message is being answered, and nothing is left behind', async () => {
    const id = await start('conversation');
    await owner.send(id, 'one');
    upstream.next({ type: 'reply', text: 'slow', reasoningEvents: 5, tokenDelayMs: 1500 });
    const sending = owner.send(id, 'two');
    await upstream.waitForRequests(2, 20_000);
    expect(await remote('POST', id)).toMatchObject({ status: 409, body: { code: 'CONVERSATION_STATE.BUSY' } });
    expect((await sending).body.assistant_message.content).toBe('slow');
    await runJob(parley, 'openai-conversations.remove');
    await eventually(() => (upstream.conversations.all().length === 1 ? true : undefined), 'the discarded copy to go');
    expect((await remote('GET', id)).body.is_current).toBe(true);
  });

  it('a workspace has a default, which its owners set; it counts from the next message on', async () => {
    const { body: list } = await owner.request<{ workspaces: Workspace[] }>('GET', '/workspaces');
    const mine = list.workspaces.find(({ kind }) => kind === 'personal')!;
    expect(mine).toMatchObject({ role: 'owner', conversation_state: null });
    const id = await owner.conversation();
    await owner.send(id, 'one');
    expect(upstream.conversationRequests).toEqual([]);
    const changed = await owner.request<Workspace>('PATCH', `/workspaces/${mine.id}`, {
      name: 'Mine',
      conversation_state: 'hybrid',
    });
    expect(changed).toMatchObject({ status: 200, body: { name: 'Mine', conversation_state: 'hybrid' } });
    expect((await owner.request<Workspace>('GET', `/workspaces/${mine.id}`)).body).toEqual(changed.body);
    await owner.send(id, 'two');
    expect(upstream.requests.at(-1)!.body.conversation).toMatch(/^conv_/);
    expect((await remote('GET', id)).body.conversation_state).toBe('hybrid');
    const reset = await owner.request<Workspace>('PATCH', `/workspaces/${mine.id}`, { conversation_state: null });
    expect(reset.body).toMatchObject({ name: 'Mine', conversation_state: null });
    expect((await remote('GET', id)).status).toBe(409);
  });

  it('members may read a workspace and not change it; strangers do not see it', async () => {
    const sql = new Postgres({ connectionString: parley.database.url });
    await sql.connect();
    const member = await Client.register(() => parley.url);
    const { body: list } = await owner.request<{ workspaces: Workspace[] }>('GET', '/workspaces');
    const id = list.workspaces[0]!.id;
    expect(await member.request('GET', `/workspaces/${id}`)).toMatchObject({ status: 404 });
    expect(await member.request('PATCH', `/workspaces/${id}`, { name: 'x' })).toMatchObject({ status: 404 });
    await sql.query(`INSERT INTO workspace_members (workspace_id, user_id, role) VALUES ($1, $2, 'member')`, [
      id,
      member.userId,
    ]);
    await sql.end();
    expect(await member.request('GET', `/workspaces/${id}`)).toMatchObject({ status: 200, body: { role: 'member' } });
    expect(await member.request('PATCH', `/workspaces/${id}`, { name: 'x' })).toMatchObject({
      status: 403,
      body: { code: 'WORKSPACE.FORBIDDEN' },
    });
  });
});

describe('upstreams without conversations', () => {
  const upstream = new FakeOpenAI();
  let parley: Parley;
  afterEach(async () => {
    await parley.stop();
    await upstream.stop();
  });

  const startWith = async (env: NodeJS.ProcessEnv): Promise<Client> => {
    const baseUrl = await upstream.start();
    upstream.reset();
    parley = await startParley({ OPENAI_BASE_URL: baseUrl, OPENAI_API_KEY: 'sk-test', OPENAI_TIMEOUT: '2000', ...env });
    return Client.register(() => parley.url);
  };
  const talkAs = async (person: Client, state: string): Promise<string[]> => {
    const id = await person.conversation(await person.persona({ conversation_state: state }));
    const replies = [];
    for (const text of ['one', 'two', 'three']) {
      replies.push((await person.send(id, text)).body.assistant_message.content);
    }
    return replies;
  };
  const REPLIES = ['You said: one', 'You said: two', 'You said: three'];

  it('hybrid answers from the history here, and asks for a conversation once', async () => {
    const person = await startWith({});
    upstream.conversations.isSupported = false;
    expect(await talkAs(person, 'hybrid')).toEqual(REPLIES);
    expect(upstream.requests.at(-1)!.context).toHaveLength(5);
    expect(upstream.requests.at(-1)!.body.store).toBe(false);
    expect(upstream.conversationRequests).toHaveLength(1);
  });

  it('hybrid does so, too, while the Conversations API hangs', async () => {
    const person = await startWith({});
    upstream.alwaysConversations(scenarios.hang());
    expect(await talkAs(person, 'hybrid')).toEqual(REPLIES);
  });

  it('with OPENAI_API=chat everything is stateless, and a switch from responses in mid-conversation keeps the context', async () => {
    const person = await startWith({});
    const id = await person.conversation(await person.persona({ conversation_state: 'conversation' }));
    await person.send(id, 'one');
    await Promise.all([parley.api.kill(), parley.worker.kill()]);
    parley.settings.OPENAI_API = 'chat';
    await Promise.all([parley.startApi(), parley.startWorker()]);
    expect((await person.send(id, 'two')).body.assistant_message.content).toBe('You said: two');
    const chat = upstream.requests.at(-1)!;
    expect(chat.api).toBe('chat');
    expect(
      chat.context.filter(({ role }) => role !== 'system' && role !== 'developer').map(({ text }) => text),
    ).toEqual(['one', 'You said: one', 'two']);
    expect((await person.request('GET', `/chat/conversations/${id}/openai`)).status).toBe(409);
    await runJob(parley, 'openai-conversations.remove');
    await eventually(() => (upstream.conversations.all().length === 0 ? true : undefined), 'the copy to be removed');
    await Promise.all([parley.api.kill(), parley.worker.kill()]);
    parley.settings.OPENAI_API = 'responses';
    await Promise.all([parley.startApi(), parley.startWorker()]);
    await person.send(id, 'three');
    expect(upstream.requests.at(-1)!.context.map(({ text }) => text)).toEqual([
      'one',
      'You said: one',
      'two',
      'You said: two',
      'three',
    ]);
  });
});

describe('conversations with the simulator', () => {
  it('an installation without a key can use every state', async () => {
    const parley = await startParley();
    try {
      const person = await Client.register(() => parley.url);
      for (const state of ['stateless', 'conversation', 'hybrid']) {
        const id = await person.conversation(await person.persona({ conversation_state: state }));
        await person.send(id, 'My name is Dana');
        const { body } = await person.send(id, 'What is my name?');
        expect(body.assistant_message.content).toContain('Your name is Dana.');
      }
    } finally {
      await parley.stop();
    }
  });
});
