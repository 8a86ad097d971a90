import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Client4, WebSocketClient } from '@mattermost/client';
import { eventually } from '../process';
import { FakeMattermost, type FakeChannel, type FakeTeam, type FakeUser } from '.';

describe('the fake Mattermost', () => {
  const mattermost = new FakeMattermost();
  let bot: FakeUser & { token: string };
  let ann: FakeUser;
  let team: FakeTeam;
  let channel: FakeChannel;

  beforeAll(async () => {
    await mattermost.start();
    bot = mattermost.addBot();
    ann = mattermost.addUser({ username: 'ann' });
    team = mattermost.addTeam('devops');
    channel = mattermost.addChannel({ name: 'builds', team, members: [ann, bot] });
  });
  afterAll(() => mattermost.stop());
  beforeEach(() => mattermost.reset());

  const client = (token = bot.token): Client4 => {
    const client4 = new Client4();
    client4.setUrl(mattermost.url);
    client4.setToken(token);
    return client4;
  };
  const draft = (message: string, change: Record<string, unknown> = {}): Parameters<Client4['createPost']>[0] => ({
    channel_id: channel.id,
    message,
    ...change,
  });

  it('says to the official client who it is', async () => {
    expect(await client().getMe()).toMatchObject({ id: bot.id, username: 'aibot', is_bot: true });
    await expect(client('wrong').getMe()).rejects.toMatchObject({
      status_code: 401,
      server_error_id: 'api.context.session_expired.app_error',
    });
    expect(mattermost.calls.map(({ method, path, status, userId }) => ({ method, path, status, userId }))).toEqual([
      { method: 'GET', path: '/api/v4/users/me', status: 200, userId: bot.id },
      { method: 'GET', path: '/api/v4/users/me', status: 401, userId: null },
    ]);
    expect(JSON.stringify(mattermost.calls)).not.toContain(bot.token);
  });

  it('takes posts of its bot, marks them, and takes one pending_post_id once', async () => {
    const root = mattermost.post({ channel, user: ann, message: 'Is the build green?' });
    const reply = draft('Yes.', { root_id: root.id, pending_post_id: 'outbox-7', props: { parley_outbox_id: '7' } });
    const first = await client().createPost(reply);
    expect(first).toMatchObject({ root_id: root.id, props: { parley_outbox_id: '7', from_bot: 'true' } });
    expect((await client().createPost(reply)).id).toBe(first.id);
    mattermost.pendingPostTtlMs = 0;
    expect((await client().createPost(reply)).id).not.toBe(first.id);
    mattermost.pendingPostTtlMs = 30_000;
  });

  it('refuses what Mattermost refuses', async () => {
    const root = mattermost.post({ channel, user: ann, message: 'Hello' });
    mattermost.remove(root);
    const foreign = mattermost.addChannel({ name: 'secrets', type: 'P', team, members: [ann] });
    const refusal = (post: ReturnType<typeof draft>): Promise<unknown> =>
      client()
        .createPost(post)
        .catch((error: unknown) => error);
    expect(await refusal(draft('x', { root_id: root.id }))).toMatchObject({
      status_code: 400,
      server_error_id: 'api.post.create_post.root_id.app_error',
    });
    expect(await refusal(draft('x', { channel_id: foreign.id }))).toMatchObject({ status_code: 403 });
    expect(await refusal(draft('🙂'.repeat(16_384)))).toMatchObject({
      status_code: 400,
      server_error_id: 'model.post.is_valid.message_length.app_error',
    });
    expect((await client().createPost(draft('🙂'.repeat(16_383)))).message).toHaveLength(32_766);
  });

  it('lists posts newest first, with system posts and without removed ones; `since` goes by the last change', async () => {
    const begun = Date.now() - 10_000;
    const [old, gone, joined] = [
      mattermost.post({ channel, user: ann, message: 'old', createAt: begun }),
      mattermost.post({ channel, user: ann, message: 'gone', createAt: begun + 1 }),
      mattermost.post({ channel, user: ann, message: 'joined', type: 'system_join_channel', createAt: begun + 2 }),
    ];
    mattermost.remove(gone);
    const page = await client().getPosts(channel.id, 0, 10);
    expect(page.order).toEqual([joined.id, old.id]);
    expect((await client().getPosts(channel.id, 1, 1)).order).toEqual([old.id]);
    expect((await client().getPostsBefore(channel.id, joined.id)).order).toEqual([old.id]);
    expect((await client().getPostsSince(channel.id, begun + 1)).order).toEqual([joined.id, gone.id]);
    mattermost.edit(old, 'new');
    expect((await client().getPostsSince(channel.id, begun + 2)).order).toEqual([gone.id, old.id]);
  });

  describe('outgoing hooks and slash commands', () => {
    const received: { headers: Record<string, unknown>; body: string }[] = [];
    let answer: { status: number; body: string };
    let url: string;
    const receiver = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        received.push({ headers: request.headers, body: Buffer.concat(chunks).toString() });
        response.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.body);
      });
    });

    beforeAll(async () => {
      await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
      url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`;
    });
    afterAll(() => new Promise((resolve) => receiver.close(resolve)));
    beforeEach(() => {
      received.length = 0;
      answer = { status: 200, body: '' };
      mattermost.world.hooks.clear();
      mattermost.world.commands.clear();
    });

    it('sends a public post whose first word is a trigger, as a form without root_id', async () => {
      const hook = mattermost.addOutgoingHook({ team, triggerWords: ['@aibot', 'ai:'], callbackUrls: [url] });
      const root = mattermost.post({ channel, user: ann, message: 'well, @aibot' });
      const post = mattermost.post({ channel, user: ann, message: '@aibot hello', root });
      mattermost.post({ channel: mattermost.direct(ann, bot), user: ann, message: '@aibot hello' });
      await mattermost.settled();
      expect(received.map(({ body }) => Object.fromEntries(new URLSearchParams(body)))).toEqual([
        {
          token: hook.token,
          team_id: team.id,
          team_domain: 'devops',
          channel_id: channel.id,
          channel_name: 'builds',
          timestamp: String(Math.floor(post.create_at / 1000)),
          user_id: ann.id,
          user_name: 'ann',
          post_id: post.id,
          text: '@aibot hello',
          trigger_word: '@aibot',
          file_ids: '',
        },
      ]);
    });

    it('sends JSON with milliseconds, as often as it is told, and posts the answer of the receiver', async () => {
      mattermost.addOutgoingHook({
        ...{ team, triggerWords: ['ai:'], triggerWhen: 'prefix', callbackUrls: [url], creator: ann },
        contentType: 'application/json',
      });
      answer.body = JSON.stringify({ text: 'Done.', response_type: 'comment' });
      mattermost.repeatHooks(2);
      const post = mattermost.post({ channel, user: ann, message: 'ai:hello' });
      await mattermost.settled();
      expect(received.map(({ body }) => (JSON.parse(body) as { timestamp: number }).timestamp)).toEqual([
        post.create_at,
        post.create_at,
      ]);
      expect(mattermost.posts(channel).slice(1)).toMatchObject(
        Array(2).fill({ message: 'Done.', root_id: post.id, user_id: ann.id, props: { from_webhook: 'true' } }),
      );
    });

    it('sends a command and shows its replies, five at most at its response_url', async () => {
      const command = mattermost.addCommand({ team, url });
      answer.body = JSON.stringify({ response_type: 'ephemeral', text: 'On it…' });
      const run = await mattermost.runCommand({ channel, user: ann, text: '/ai what is up?' });
      expect(received[0]?.headers.authorization).toBe(`Token ${command.token}`);
      expect(Object.fromEntries(new URLSearchParams(received[0]?.body))).toMatchObject({
        command: '/ai',
        text: 'what is up?',
        user_name: 'ann',
        response_url: run.responseUrl,
        trigger_id: run.triggerId,
      });
      expect(mattermost.ephemeral).toMatchObject([{ userId: ann.id, text: 'On it…' }]);
      const say = (text: string): Promise<Response> =>
        fetch(run.responseUrl, { method: 'POST', body: JSON.stringify({ text, response_type: 'in_channel' }) });
      for (let use = 1; use <= 5; use += 1) expect((await say(`part ${use}`)).status).toBe(200);
      expect((await say('part 6')).status).toBe(400);
      expect(mattermost.posts(channel)).toHaveLength(5);
    });

    it('tells the person that a command failed when the answer is not 200', async () => {
      mattermost.addCommand({ team, url });
      answer = { status: 202, body: '{}' };
      await mattermost.runCommand({ channel, user: ann, text: 'hello' });
      expect(mattermost.ephemeral).toMatchObject([{ text: "Command with a trigger of 'ai' failed." }]);
    });
  });

  describe('on the WebSocket', () => {
    const events: { event: string; seq: number; data: unknown; broadcast: unknown }[] = [];
    let socket: WebSocketClient;
    const posted = (): unknown[] =>
      events
        .filter(({ event }) => event === 'posted')
        .map(({ data }) => JSON.parse((data as { post: string }).post) as unknown);

    beforeEach(async () => {
      events.length = 0;
      jest.spyOn(console, 'log').mockImplementation();
      socket = new WebSocketClient({ minWebSocketRetryTime: 10, reconnectJitterRange: 10 });
      // Without it the client takes no new numbering after it was away.
      socket.addMissedMessageListener(() => undefined);
      socket.addMessageListener((event) => events.push(event));
      socket.initialize(`${mattermost.url.replace('http', 'ws')}/api/v4/websocket`, bot.token);
      await mattermost.waitFor(({ sockets }) => sockets === 1);
    });
    afterEach(async () => {
      socket.close();
      await mattermost.waitFor(({ sockets }) => sockets === 0);
      jest.restoreAllMocks();
    });

    it('tells members of what is posted, with channel type, mentions and sender', async () => {
      const foreign = mattermost.addChannel({ type: 'P', team, members: [ann] });
      mattermost.post({ channel: foreign, user: ann, message: '@aibot in private' });
      const post = mattermost.post({ channel, user: ann, message: 'Hey @aibot, are you there?' });
      mattermost.post({ channel: mattermost.direct(ann, bot), user: ann, message: 'psst' });
      await eventually(() => posted()[1], 'two posts');
      expect(events[0]).toMatchObject({ event: 'hello', seq: 0 });
      expect(events[1]).toMatchObject({
        seq: 1,
        data: { channel_type: 'O', mentions: JSON.stringify([bot.id]), sender_name: '@ann', team_id: team.id },
        broadcast: { channel_id: channel.id },
      });
      expect(posted()[0]).toMatchObject({ id: post.id, message: 'Hey @aibot, are you there?' });
      expect(events[2]?.data).toMatchObject({ channel_type: 'D', team_id: '' });
    });

    it('breaks off, refuses, and takes the client again', async () => {
      mattermost.refuseSockets(true);
      mattermost.dropSockets();
      await mattermost.waitFor(({ sockets }) => sockets === 0);
      mattermost.post({ channel, user: ann, message: 'nobody hears' });
      mattermost.refuseSockets(false);
      await mattermost.waitFor(({ sockets }) => sockets === 1);
      mattermost.post({ channel, user: ann, message: 'heard' });
      await eventually(() => posted()[0], 'the second post');
      expect(posted()).toMatchObject([{ message: 'heard' }]);
    });
  });

  it('misbehaves on demand', async () => {
    mattermost.failNext({ method: 'POST', path: /^\/api\/v4\/posts$/, status: 'lost-answer' });
    await expect(client().createPost(draft('once'))).rejects.toThrow();
    expect(mattermost.posts(channel)).toMatchObject([{ message: 'once' }]);
    mattermost.failNext({ path: /posts$/, status: 429, times: 2 });
    for (let time = 1; time <= 2; time += 1) {
      const refused = await fetch(`${mattermost.url}/api/v4/posts`, { method: 'POST' });
      expect([refused.status, refused.headers.get('x-ratelimit-reset')]).toEqual([429, '1']);
    }
    mattermost.offline(true);
    await expect(client().getMe()).rejects.toThrow();
    mattermost.offline(false);
    expect((await client().getMe()).id).toBe(bot.id);
  });
});
