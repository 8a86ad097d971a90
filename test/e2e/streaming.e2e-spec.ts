import { Client as Postgres } from 'pg';
import { type Backend, BACKENDS, startBackend } from '../support/backends';
import { Client, type Message, type Problem, type TurnAnswer } from '../support/client';
import { EventReader } from '../support/event-reader';
import { FakeOpenAI, scenarios } from '../support/fake-openai';
import { type Parley, startParley } from '../support/parley';
import { ParleyProcess, eventually } from '../support/process';

describe.each(BACKENDS)('reading along while a reply is written (queue in %s)', (backendName) => {
  const upstream = new FakeOpenAI();
  let backend: Backend;
  let parley: Parley;
  let user: Client;

  beforeAll(async () => {
    const baseUrl = await upstream.start();
    backend = await startBackend(backendName);
    parley = await startParley({
      ...backend.env,
      OPENAI_BASE_URL: baseUrl,
      OPENAI_API_KEY: 'sk-test',
      OPENAI_TIMEOUT: '3000',
      MAX_STREAMS_PER_USER: '5',
    });
    user = await Client.register(() => parley.url);
  });
  afterAll(async () => {
    await parley.stop();
    await backend.stop();
    await upstream.stop();
  });
  beforeEach(() => upstream.reset());

  const authorization = (): Record<string, string> => ({ authorization: `Bearer ${user.token}` });
  const sendStreaming = (
    conversationId: number,
    content: string,
    more: Record<string, string> = {},
    url = parley.url,
  ) =>
    EventReader.open(`${url}/chat/conversations/${conversationId}/send`, {
      method: 'POST',
      headers: { ...authorization(), 'content-type': 'application/json', ...more },
      body: JSON.stringify({ content }),
    });
  const watch = (turnId: number, after?: number, url = parley.url) =>
    EventReader.open(`${url}/chat/turns/${turnId}/events`, {
      headers: { ...authorization(), ...(after === undefined ? {} : { 'last-event-id': String(after) }) },
    });
  const start = async (conversationId: number, content: string): Promise<number> =>
    (
      await user.request<TurnAnswer>(
        'POST',
        `/chat/conversations/${conversationId}/send`,
        { content },
        { prefer: 'respond-async' },
      )
    ).body.id;
  const finished = (turnId: number): Promise<TurnAnswer> =>
    eventually(async () => {
      const { body } = await user.request<TurnAnswer>('GET', `/chat/turns/${turnId}`);
      return ['pending', 'running'].includes(body.status) ? undefined : body;
    }, 'the turn to end');
  const slowly = (tokens = 20, tokenDelayMs = 40) => scenarios.reply(undefined, { tokens, tokenDelayMs });

  it('a send that accepts events gets the reply piece by piece, numbered from 1, with usage at the end', async () => {
    upstream.always(scenarios.reply('one two three four five six', { tokenDelayMs: 60 }));
    const reader = await sendStreaming(await user.conversation(), 'hello');
    expect(reader.response.status).toBe(200);
    expect(reader.response.headers.get('content-type')).toContain('text/event-stream');
    await reader.ended;
    expect(reader.events.map((event) => event.id)).toEqual(reader.events.map((_, index) => index + 1));
    expect(reader.events[0]).toMatchObject({ event: 'turn.started', data: { user_message: { content: 'hello' } } });
    expect(reader.events.filter((event) => event.event === 'message.delta').length).toBeGreaterThan(3);
    expect(reader.text).toBe('one two three four five six');
    expect(reader.last).toMatchObject({
      event: 'message.completed',
      data: { status: 'completed', assistant_message: { content: reader.text, status: 'completed' } },
    });
    expect(reader.last!.data.usage!.total_tokens).toBeGreaterThan(0);
  });

  it('a client that goes away loses nothing: it resumes after the last event it has, without gap and without repetition', async () => {
    upstream.always(slowly());
    const first = await sendStreaming(await user.conversation(), 'hello');
    await first.until((event) => event.event === 'message.delta', 4);
    first.disconnect();
    const turnId = first.events[0]!.data.turn_id;
    const second = await watch(turnId, first.last!.id);
    await second.ended;
    expect(second.events[0]!.id).toBeGreaterThan(first.last!.id);
    const deltas = [...first.events, ...second.events].filter((event) => event.event === 'message.delta');
    expect(deltas.map((event) => event.data.delta).join('')).toBe(second.last!.data.assistant_message!.content);
  });

  it('resumes at another api process, while the reply is written and after it', async () => {
    upstream.always(slowly());
    const other = await ParleyProcess.start('api', parley.settings);
    const first = await sendStreaming(await user.conversation(), 'hello');
    await first.until((event) => event.event === 'message.delta', 3);
    const turnId = first.events[0]!.data.turn_id;
    const there = await watch(turnId, first.events[2]!.id, other.url);
    await Promise.all([first.ended, there.ended]);
    const later = await watch(turnId, first.events[2]!.id, other.url);
    await later.ended;
    for (const reader of [there, later]) {
      const seen = [...first.events.slice(0, 3), ...reader.events];
      const text = seen.filter((event) => event.event === 'message.delta').map((event) => event.data.delta);
      expect(text.join('')).toBe(first.last!.data.assistant_message!.content);
      expect(reader.last).toEqual(first.last);
    }
    await other.kill();
  });

  it('a turn that nobody has watched from the beginning can be watched in the middle, and after its end', async () => {
    upstream.always(slowly(30));
    const conversation = await user.conversation();
    const turnId = await start(conversation, 'hello');
    await eventually(() => (upstream.requests.length > 0 ? true : undefined), 'the call');
    const middle = await watch(turnId);
    await middle.ended;
    expect(middle.events[0]!.event).toBe('turn.started');
    expect(middle.text).toBe(middle.last!.data.assistant_message!.content);
    const unwatched = await user.send(conversation, 'quick');
    const after = await watch(unwatched.body.turn_id);
    await after.ended;
    expect(after.events.map((event) => event.event)).toEqual(['turn.started', 'message.delta', 'message.completed']);
    expect(after.text).toBe(unwatched.body.assistant_message.content);
  });

  it('text of an attempt that failed is taken back, and the numbers go on', async () => {
    upstream.next(scenarios.cut(3), scenarios.reply('the whole answer'));
    const reader = await sendStreaming(await user.conversation(), 'hello');
    await reader.ended;
    const kinds = reader.events.map((event) => event.event);
    expect(kinds.filter((kind) => kind === 'message.reset')).toHaveLength(1);
    expect(reader.text).toBe('the whole answer');
    const ids = reader.events.map((event) => event.id);
    expect(ids).toEqual([...ids].sort((a, b) => a - b));
    expect(new Set(ids).size).toBe(ids.length);
    expect(reader.events.find((event) => event.event === 'message.reset')!.data.attempt).toBe(2);
  });

  it('kill -9 of the worker while it writes: the reader sees a reset and then the whole reply', async () => {
    upstream.next(slowly(200), scenarios.reply('after the crash'));
    const reader = await sendStreaming(await user.conversation(), 'hello');
    await reader.until((event) => event.event === 'message.delta', 3);
    await parley.worker.kill();
    await parley.startWorker();
    await reader.ended;
    expect(reader.events.map((event) => event.event)).toContain('message.reset');
    expect(reader.last!.event).toBe('message.completed');
    expect(reader.text).toBe('after the crash');
  });

  it('a failure tells its code and the text that the person reads', async () => {
    upstream.always(scenarios.quotaExhausted());
    const reader = await sendStreaming(await user.conversation(), 'hello');
    await reader.ended;
    expect(reader.last).toMatchObject({
      event: 'turn.failed',
      data: { error: { code: 'UPSTREAM.QUOTA_EXHAUSTED' }, assistant_message: { status: 'fallback' } },
    });
  });

  it('a reader that does not read holds no memory: the server waits for it, and it gets everything in the end', async () => {
    upstream.always(scenarios.reply(undefined, { tokens: 40_000 }));
    const conversation = await user.conversation();
    const reader = await sendStreaming(conversation, 'a long one');
    await reader.ended;
    expect(reader.text).toBe(reader.last!.data.assistant_message!.content);
    expect(reader.text.length).toBeGreaterThan(100_000);
  });

  it('refuses what cannot be: another format, the future, strangers, too many streams', async () => {
    const { body } = await user.send(await user.conversation(), 'hello');
    const ask = (headers: Record<string, string>, path = `/chat/turns/${body.turn_id}/events`) =>
      user.request<Problem>('GET', path, undefined, headers);
    for (const wrong of ['abc', '-1', '1.5', '999999', '99999999999', `${body.turn_id}-3`]) {
      const { status, body: problem } = await ask({ 'last-event-id': wrong });
      expect([wrong, status]).toEqual([wrong, 422]);
      expect(problem.errors![0]!.field).toBe('Last-Event-ID');
      expect(problem.detail).toContain('Leave it out');
    }
    expect((await ask({}, `/chat/turns/${body.turn_id}/events?after=999`)).status).toBe(422);
    expect((await ask({}, '/chat/turns/999999999/events')).status).toBe(404);
    const stranger = await Client.register(() => parley.url);
    expect((await stranger.request('GET', `/chat/turns/${body.turn_id}/events`)).status).toBe(403);
    upstream.always(slowly(100));
    const conversation = await user.conversation();
    const readers = await Promise.all(Array.from({ length: 5 }, () => sendStreaming(conversation, 'x')));
    const sixth = await sendStreaming(conversation, 'one too many');
    expect(sixth.response.status).toBe(429);
    for (const reader of readers) reader.disconnect();
    // They would go on for long, and the next tests look at what reaches the upstream.
    const open = await user.request<{ turn_ids: number[] }>('GET', `/chat/conversations/${conversation}/open-turns`);
    for (const turnId of open.body.turn_ids.reverse()) await user.request('POST', `/chat/turns/${turnId}/cancel`);
  });

  it('an api that is asked to end sends its readers away in order, and they go on at another one', async () => {
    upstream.always(slowly(60));
    const old = parley.api;
    await parley.startApi();
    const first = await sendStreaming(await user.conversation(), 'hello', {}, old.url);
    await first.until((event) => event.event === 'message.delta', 2);
    void old.kill('SIGTERM');
    await first.ended;
    const second = await watch(first.events[0]!.data.turn_id, first.last!.id);
    await second.ended;
    const deltas = [...first.events, ...second.events].filter((event) => event.event === 'message.delta');
    expect(deltas.map((event) => event.data.delta).join('')).toBe(second.last!.data.assistant_message!.content);
  });

  it('a burst of streamed sends above the limit stores each message once: those without room are told to ask later', async () => {
    upstream.always(slowly(30));
    const busy = await Client.register(() => parley.url);
    const conversation = await busy.conversation();
    const burst = await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        EventReader.open(`${parley.url}/chat/conversations/${conversation}/send`, {
          method: 'POST',
          headers: { authorization: `Bearer ${busy.token}`, 'content-type': 'application/json' },
          body: JSON.stringify({ content: `message ${index}` }),
        }),
      ),
    );
    const statuses = burst.map((reader) => reader.response.status);
    const stored = (await busy.messages(conversation)).filter(({ role }) => role === 'user');
    expect(stored).toHaveLength(statuses.filter((status) => status !== 429).length);
    expect(statuses.filter((status) => status === 200).length).toBeLessThanOrEqual(5);
    for (const reader of burst) reader.disconnect();
    const open = await busy.request<{ turn_ids: number[] }>('GET', `/chat/conversations/${conversation}/open-turns`);
    for (const turnId of open.body.turn_ids) await busy.request('POST', `/chat/turns/${turnId}/cancel`);
  });

  it('a stranger who is refused has not made a worker tell', async () => {
    upstream.always(slowly(50));
    const turnId = await start(await user.conversation(), 'hello');
    await eventually(() => (upstream.requests.length > 0 ? true : undefined), 'the call');
    const stranger = await Client.register(() => parley.url);
    expect((await stranger.request('GET', `/chat/turns/${turnId}/events`)).status).toBe(403);
    const sql = new Postgres({ connectionString: parley.database.url });
    await sql.connect();
    const { rows } = await sql.query('SELECT is_watched FROM turns WHERE id = $1', [turnId]);
    await sql.end();
    expect(rows).toEqual([{ is_watched: false }]);
    await user.request('POST', `/chat/turns/${turnId}/cancel`);
  });

  it('deleting the first message takes its words out of the title, too', async () => {
    const conversation = await user.conversation();
    const { body } = await user.send(conversation, 'a secret of mine');
    await user.request('DELETE', `/chat/messages/${body.user_message.id}`);
    const { body: after } = await user.request<{ title: string }>('GET', `/chat/conversations/${conversation}`);
    expect(after.title).toBe('New conversation');
  });

  describe('cancelling', () => {
    it('stops the call, keeps what was written, marks it and accounts for it as an estimate', async () => {
      upstream.always(slowly(500));
      const conversation = await user.conversation();
      const reader = await sendStreaming(conversation, 'hello');
      await reader.until((event) => event.event === 'message.delta', 3);
      const turnId = reader.events[0]!.data.turn_id;
      const before = await user.request<{ estimated_tokens: number }>('GET', '/chat/stats');
      const { status, body } = await user.request<TurnAnswer>('POST', `/chat/turns/${turnId}/cancel`);
      expect([status, body.status]).toEqual([200, 'cancelled']);
      await reader.ended;
      expect(reader.last).toMatchObject({ event: 'turn.cancelled', data: { usage: { is_estimated: true } } });
      const kept = reader.last!.data.assistant_message!;
      expect(kept.status).toBe('cancelled');
      expect(kept.content).not.toBe('');
      expect(reader.text).toBe(kept.content);
      await eventually(
        () => (upstream.requests.at(-1)!.outcome === 'aborted' ? true : undefined),
        'the upstream to be told',
      );
      const after = await user.request<{ estimated_tokens: number }>('GET', '/chat/stats');
      expect(after.body.estimated_tokens - before.body.estimated_tokens).toBe(reader.last!.data.usage!.total_tokens);
      // What the person saw is part of what was said.
      upstream.always(scenarios.reply('next'));
      await user.send(conversation, 'go on');
      expect(JSON.stringify(upstream.requests.at(-1)!.body.input)).toContain(kept.content.trim().slice(0, 20));
    });

    it('ends a turn that still waits at once, and leaves one that is over as it is', async () => {
      upstream.always(slowly(100));
      const conversation = await user.conversation();
      const running = await start(conversation, 'first');
      const waiting = await start(conversation, 'second');
      const { body } = await user.request<TurnAnswer>('POST', `/chat/turns/${waiting}/cancel`);
      expect(body).toMatchObject({ status: 'cancelled', assistant_message: null });
      const open = await user.request<{ turn_ids: number[] }>('GET', `/chat/conversations/${conversation}/open-turns`);
      expect(open.body.turn_ids).toEqual([running]);
      await user.request('POST', `/chat/turns/${running}/cancel`);
      const over = await user.send(conversation, 'third');
      expect(over.status).toBe(200);
      const again = await user.request<TurnAnswer>('POST', `/chat/turns/${over.body.turn_id}/cancel`);
      expect([again.status, again.body.status]).toEqual([200, 'completed']);
    });

    it('reaches a worker whose process died: the turn is cancelled, not answered', async () => {
      upstream.always(slowly(500));
      const turnId = await start(await user.conversation(), 'hello');
      await eventually(() => (upstream.requests.length > 0 ? true : undefined), 'the call');
      await parley.worker.kill();
      const cancelling = user.request<TurnAnswer>('POST', `/chat/turns/${turnId}/cancel`);
      await parley.startWorker();
      await cancelling;
      expect((await finished(turnId)).status).toBe('cancelled');
    });
  });

  describe('other replies and other words', () => {
    const prompt = (): { role: string; content: string }[] =>
      (upstream.requests.at(-1)!.body.input as { role: string; content: string }[]).map(({ role, content }) => ({
        role,
        content,
      }));

    it('regenerating keeps both replies, and the latest counts for what follows', async () => {
      upstream.next(scenarios.reply('first try'), scenarios.reply('second try'), scenarios.reply('third'));
      const conversation = await user.conversation();
      const sent = await user.send(conversation, 'hello');
      const replyId = sent.body.assistant_message.id;
      const again = await user.request<typeof sent.body>('POST', `/chat/messages/${replyId}/regenerate`);
      expect(again.body.assistant_message.content).toBe('second try');
      expect(prompt()).toEqual([{ role: 'user', content: 'hello' }]);
      const siblings = await user.request<{ messages: (Message & { is_current: boolean })[] }>(
        'GET',
        `/chat/messages/${replyId}/siblings`,
      );
      expect(siblings.body.messages.map(({ content, is_current }) => [content, is_current])).toEqual([
        ['first try', false],
        ['second try', true],
      ]);
      await user.send(conversation, 'and now?');
      expect(prompt().map(({ content }) => content)).toEqual(['hello', 'second try', 'and now?']);
      const { body } = await user.request<{ messages: Message[] }>(
        'GET',
        `/chat/conversations/${conversation}/messages?current=true`,
      );
      expect(body.messages.map(({ content }) => content)).toEqual(['hello', 'second try', 'and now?', 'third']);
      expect(await user.messages(conversation)).toHaveLength(5);
    });

    it('a regeneration that fails leaves the reply that worked in its place', async () => {
      upstream.next(scenarios.reply('good'), scenarios.quotaExhausted(), scenarios.reply('next'));
      const conversation = await user.conversation();
      const sent = await user.send(conversation, 'hello');
      await user.request('POST', `/chat/messages/${sent.body.assistant_message.id}/regenerate`);
      await user.send(conversation, 'more');
      expect(prompt().map(({ content }) => content)).toEqual(['hello', 'good', 'more']);
    });

    it('editing goes on from the edited message; the old branch stays and counts no more', async () => {
      const conversation = await user.conversation();
      const first = await user.send(conversation, 'one');
      const second = await user.send(conversation, 'two');
      await user.send(conversation, 'three');
      const id = second.body.user_message.id;
      const edited = await user.request<typeof second.body>('PUT', `/chat/messages/${id}`, {
        content: 'two, but better',
      });
      expect(edited.status).toBe(200);
      expect(edited.body.user_message.content).toBe('two, but better');
      expect(prompt().map(({ content }) => content)).toEqual(['one', 'You said: one', 'two, but better']);
      await user.send(conversation, 'after');
      expect(prompt().map(({ content }) => content)).toEqual([
        'one',
        'You said: one',
        'two, but better',
        'You said: two, but better',
        'after',
      ]);
      const old = await user.request<Problem>('PUT', `/chat/messages/${id}`, { content: 'again' });
      expect([old.status, old.body.code]).toEqual([409, 'MESSAGE.NOT_CURRENT']);
      const siblings = await user.request<{ messages: Message[] }>('GET', `/chat/messages/${id}/siblings`);
      expect(siblings.body.messages.map(({ content }) => content)).toEqual(['two', 'two, but better']);
      const reply = await user.request<Problem>('PUT', `/chat/messages/${first.body.assistant_message.id}`, {
        content: 'x',
      });
      expect([reply.status, reply.body.code]).toEqual([409, 'MESSAGE.NOT_EDITABLE']);
    });

    it('an edit cancels what is being written to the old words, and the same key edits once', async () => {
      upstream.next(slowly(500));
      const conversation = await user.conversation();
      const turnId = await start(conversation, 'wrong');
      await eventually(() => (upstream.requests.length > 0 ? true : undefined), 'the call');
      const { body: turn } = await user.request<TurnAnswer>('GET', `/chat/turns/${turnId}`);
      const edit = () =>
        user.request<{ turn_id: number; assistant_message: Message }>(
          'PUT',
          `/chat/messages/${turn.user_message!.id}`,
          { content: 'right' },
          { 'idempotency-key': 'edit-1' },
        );
      const [one, two, three] = [...(await Promise.all([edit(), edit()])), await edit()];
      expect(one.body.assistant_message.content).toBe('You said: right');
      expect([two.body.turn_id, three.body.turn_id]).toEqual([one.body.turn_id, one.body.turn_id]);
      expect((await finished(turnId)).status).toBe('cancelled');
      expect((await user.messages(conversation)).map(({ content }) => content)).toEqual([
        'wrong',
        'right',
        'You said: right',
      ]);
    });

    it('what is still being answered cannot be regenerated', async () => {
      upstream.always(slowly(200));
      const turnId = await start(await user.conversation(), 'hello');
      const { body: turn } = await user.request<TurnAnswer>('GET', `/chat/turns/${turnId}`);
      const { status, body } = await user.request<Problem>(
        'POST',
        `/chat/messages/${turn.user_message!.id}/regenerate`,
      );
      expect([status, body.code]).toEqual([409, 'TURN.STILL_OPEN']);
      await user.request('POST', `/chat/turns/${turnId}/cancel`);
    });

    it('an opinion can be given, changed and taken back, about replies only', async () => {
      const conversation = await user.conversation();
      const { body } = await user.send(conversation, 'hello');
      const path = `/chat/messages/${body.assistant_message.id}/feedback`;
      await user.request('POST', path, { rating: 'up' });
      const changed = await user.request('POST', path, { rating: 'down', comment: 'too short' });
      expect(changed.body).toMatchObject({ rating: 'down', comment: 'too short' });
      expect((await user.messages(conversation)).at(-1)).toMatchObject({ feedback: { rating: 'down' } });
      expect((await user.request('DELETE', path)).status).toBe(204);
      expect((await user.messages(conversation)).at(-1)).toMatchObject({ feedback: null });
      expect((await user.request('POST', path, { rating: 'meh' })).status).toBe(422);
      const wrong = await user.request('POST', `/chat/messages/${body.user_message.id}/feedback`, { rating: 'up' });
      expect(wrong.status).toBe(409);
      const stranger = await Client.register(() => parley.url);
      expect((await stranger.request('POST', path, { rating: 'up' })).status).toBe(403);
    });
  });
});
