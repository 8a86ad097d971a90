import { BACKENDS } from '../support/backends';
import type { Client } from '../support/client';
import { scenarios } from '../support/fake-openai';
import { ParleyProcess, eventually } from '../support/process';
import { slowly, StreamingWorld } from '../support/streaming-world';

describe.each(BACKENDS)('reading along while a reply is written (queue in %s)', (backendName) => {
  let world: StreamingWorld;
  let user: Client;

  beforeAll(async () => {
    world = await StreamingWorld.start(backendName);
    ({ user } = world);
  });
  afterAll(() => world.stop());
  beforeEach(() => world.upstream.reset());

  it('a send that accepts events gets the reply piece by piece, numbered from 1, with usage at the end', async () => {
    world.upstream.always(scenarios.reply('one two three four five six', { tokenDelayMs: 300 }));
    const reader = await world.send(await user.conversation(), 'hello');
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
    world.upstream.always(slowly());
    const first = await world.send(await user.conversation(), 'hello');
    await first.until((event) => event.event === 'message.delta', 4);
    first.disconnect();
    const turnId = first.events[0]!.data.turn_id;
    const second = await world.watch(turnId, first.last!.id);
    await second.ended;
    expect(second.events[0]!.id).toBeGreaterThan(first.last!.id);
    const deltas = [...first.events, ...second.events].filter((event) => event.event === 'message.delta');
    expect(deltas.map((event) => event.data.delta).join('')).toBe(second.last!.data.assistant_message!.content);
  });

  it('resumes at another api process, while the reply is written and after it', async () => {
    world.upstream.always(slowly());
    const other = await ParleyProcess.start('api', world.parley.settings);
    const first = await world.send(await user.conversation(), 'hello');
    await first.until((event) => event.event === 'message.delta', 3);
    const turnId = first.events[0]!.data.turn_id;
    const there = await world.watch(turnId, first.events[2]!.id, other.url);
    await Promise.all([first.ended, there.ended]);
    const later = await world.watch(turnId, first.events[2]!.id, other.url);
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
    world.upstream.always(slowly(30));
    const conversation = await user.conversation();
    const turnId = await world.begin(conversation, 'hello');
    await eventually(() => (world.upstream.requests.length > 0 ? true : undefined), 'the call');
    const middle = await world.watch(turnId);
    await middle.ended;
    expect(middle.events[0]!.event).toBe('turn.started');
    expect(middle.text).toBe(middle.last!.data.assistant_message!.content);
    const unwatched = await user.send(conversation, 'quick');
    const after = await world.watch(unwatched.body.turn_id);
    await after.ended;
    expect(after.events.map((event) => event.event)).toEqual(['turn.started', 'message.delta', 'message.completed']);
    expect(after.text).toBe(unwatched.body.assistant_message.content);
  });

  it('text of an attempt that failed is taken back, and the numbers go on', async () => {
    world.upstream.next(scenarios.cut(3), scenarios.reply('the whole answer'));
    const reader = await world.send(await user.conversation(), 'hello');
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
    world.upstream.next(slowly(200), scenarios.reply('after the crash'));
    const reader = await world.send(await user.conversation(), 'hello');
    await reader.until((event) => event.event === 'message.delta', 3);
    await world.parley.worker.kill();
    await world.parley.startWorker();
    await reader.ended;
    expect(reader.events.map((event) => event.event)).toContain('message.reset');
    expect(reader.last!.event).toBe('message.completed');
    expect(reader.text).toBe('after the crash');
  });

  it('a failure tells its code and the text that the person reads', async () => {
    world.upstream.always(scenarios.quotaExhausted());
    const reader = await world.send(await user.conversation(), 'hello');
    await reader.ended;
    expect(reader.last).toMatchObject({
      event: 'turn.failed',
      data: { error: { code: 'UPSTREAM.QUOTA_EXHAUSTED' }, assistant_message: { status: 'fallback' } },
    });
  });

  it('an api that is asked to end sends its readers away in order, and they go on at another one', async () => {
    world.upstream.always(slowly(60));
    const old = world.parley.api;
    await world.parley.startApi();
    const first = await world.send(await user.conversation(), 'hello', old.url);
    await first.until((event) => event.event === 'message.delta', 2);
    void old.kill('SIGTERM');
    await first.ended;
    const second = await world.watch(first.events[0]!.data.turn_id, first.last!.id);
    await second.ended;
    const deltas = [...first.events, ...second.events].filter((event) => event.event === 'message.delta');
    expect(deltas.map((event) => event.data.delta).join('')).toBe(second.last!.data.assistant_message!.content);
  });
});
