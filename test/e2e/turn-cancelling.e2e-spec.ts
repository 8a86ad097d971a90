import { BACKENDS } from '../support/backends';
import { type Client, type TurnAnswer } from '../support/client';
import { scenarios } from '../support/fake-openai';
import { eventually } from '../support/process';
import { slowly, StreamingWorld } from '../support/streaming-world';

describe.each(BACKENDS)('cancelling (queue in %s)', (backendName) => {
  let world: StreamingWorld;
  let user: Client;

  beforeAll(async () => {
    world = await StreamingWorld.start(backendName);
    ({ user } = world);
  });
  afterAll(() => world.stop());
  beforeEach(() => world.upstream.reset());

  it('stops the call, keeps what was written, marks it and accounts for it as an estimate', async () => {
    world.upstream.always(slowly(500));
    const conversation = await user.conversation();
    const reader = await world.send(conversation, 'hello');
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
      () => (world.upstream.requests.at(-1)!.outcome === 'aborted' ? true : undefined),
      'the upstream to be told',
    );
    const after = await user.request<{ estimated_tokens: number }>('GET', '/chat/stats');
    expect(after.body.estimated_tokens - before.body.estimated_tokens).toBe(reader.last!.data.usage!.total_tokens);
    // What the person saw is part of what was said.
    world.upstream.always(scenarios.reply('next'));
    await user.send(conversation, 'go on');
    expect(JSON.stringify(world.upstream.requests.at(-1)!.body.input)).toContain(kept.content.trim().slice(0, 20));
  });

  it('ends a turn that still waits at once, and leaves one that is over as it is', async () => {
    world.upstream.always(slowly(100));
    const conversation = await user.conversation();
    const running = await world.begin(conversation, 'first');
    const waiting = await world.begin(conversation, 'second');
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
    world.upstream.always(slowly(500));
    const turnId = await world.begin(await user.conversation(), 'hello');
    await eventually(() => (world.upstream.requests.length > 0 ? true : undefined), 'the call');
    await world.parley.worker.kill();
    const cancelling = user.request<TurnAnswer>('POST', `/chat/turns/${turnId}/cancel`);
    await world.parley.startWorker();
    await cancelling;
    expect((await world.finished(turnId)).status).toBe('cancelled');
  });
});
