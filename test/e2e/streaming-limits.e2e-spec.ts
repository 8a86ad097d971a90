import { Client as Postgres } from 'pg';
import { BACKENDS } from '../support/backends';
import { Client, type Problem } from '../support/client';
import { EventReader } from '../support/event-reader';
import { scenarios } from '../support/fake-openai';
import { eventually } from '../support/process';
import { slowly, StreamingWorld } from '../support/streaming-world';

describe.each(BACKENDS)('limits of reading along (queue in %s)', (backendName) => {
  let world: StreamingWorld;
  let user: Client;

  beforeAll(async () => {
    world = await StreamingWorld.start(backendName);
    ({ user } = world);
  });
  afterAll(() => world.stop());
  beforeEach(() => world.upstream.reset());

  it('a reader that does not read holds no memory: the server waits for it, and it gets everything in the end', async () => {
    world.upstream.always(scenarios.reply(undefined, { tokens: 40_000 }));
    const conversation = await user.conversation();
    const reader = await world.send(conversation, 'a long one');
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
    const stranger = await Client.register(() => world.parley.url);
    expect((await stranger.request('GET', `/chat/turns/${body.turn_id}/events`)).status).toBe(403);
    world.upstream.always(slowly(100));
    const conversation = await user.conversation();
    const readers = await Promise.all(Array.from({ length: 5 }, () => world.send(conversation, 'x')));
    const sixth = await world.send(conversation, 'one too many');
    expect(sixth.response.status).toBe(429);
    for (const reader of readers) reader.disconnect();
    // They would go on for long, and the next tests look at what reaches the upstream.
    const open = await user.request<{ turn_ids: number[] }>('GET', `/chat/conversations/${conversation}/open-turns`);
    for (const turnId of open.body.turn_ids.reverse()) await user.request('POST', `/chat/turns/${turnId}/cancel`);
  });

  it('a burst of streamed sends above the limit stores each message once: those without room are told to ask later', async () => {
    world.upstream.always(slowly(200));
    const busy = await Client.register(() => world.parley.url);
    const conversation = await busy.conversation();
    const burst = await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        EventReader.open(`${world.parley.url}/chat/conversations/${conversation}/send`, {
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
    world.upstream.always(slowly(50));
    const turnId = await world.begin(await user.conversation(), 'hello');
    await eventually(() => (world.upstream.requests.length > 0 ? true : undefined), 'the call');
    const stranger = await Client.register(() => world.parley.url);
    expect((await stranger.request('GET', `/chat/turns/${turnId}/events`)).status).toBe(403);
    const sql = new Postgres({ connectionString: world.parley.database.url });
    await sql.connect();
    const { rows } = await sql.query('SELECT is_watched FROM turns WHERE id = $1', [turnId]);
    await sql.end();
    expect(rows).toEqual([{ is_watched: false }]);
    await user.request('POST', `/chat/turns/${turnId}/cancel`);
  });
});
