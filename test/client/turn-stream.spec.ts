import { createParley, ParleyError, type TurnEvent } from '@parley/client';
import { events, FakeBackend, json, problem } from './fake-backend';

const BASE = 'http://parley.test';
const started = { id: 1, event: 'turn.started', data: { turn_id: 7, attempt: 1 } };
const delta = (id: number, offset: number, text: string, attempt = 1) => ({
  id,
  event: 'message.delta',
  data: { turn_id: 7, attempt, offset, delta: text },
});
const completed = (id: number, content: string) => ({
  id,
  event: 'message.completed',
  data: { turn_id: 7, attempt: 1, status: 'completed', assistant_message: { content } },
});

describe('a reply as it is written', () => {
  let backend: FakeBackend;
  beforeEach(() => (backend = new FakeBackend()));
  const send = (options = {}) =>
    createParley({ baseUrl: BASE, fetch: backend.fetch, token: 't', maxTries: 2 }).send(5, 'hi', options);
  const read = async (stream: AsyncIterable<TurnEvent>): Promise<TurnEvent[]> => {
    const seen: TurnEvent[] = [];
    for await (const event of stream) seen.push(event);
    return seen;
  };
  const textOf = (seen: TurnEvent[]): string =>
    seen.map((event) => (event.event === 'message.delta' ? event.data.delta : '')).join('');

  it('gives the events of the turn, its text and its result', async () => {
    backend.next(events([started, delta(2, 0, 'Hel'), delta(3, 3, 'lo'), completed(4, 'Hello')]));
    const stream = send();
    expect((await read(stream)).map(({ id, event }) => [id, event])).toEqual([
      [1, 'turn.started'],
      [2, 'message.delta'],
      [3, 'message.delta'],
      [4, 'message.completed'],
    ]);
    expect([stream.turnId, stream.text, stream.lastEventId]).toEqual([7, 'Hello', 4]);
    expect(await stream.result()).toMatchObject({ event: 'message.completed', data: { status: 'completed' } });
    expect(backend.seen[0]).toMatchObject({
      method: 'POST',
      path: '/chat/conversations/5/send',
      body: '{"content":"hi"}',
    });
    expect(backend.seen[0]!.headers.get('accept')).toBe('text/event-stream');
  });

  it('goes on after the last event that it has when the connection breaks, and the message is sent once', async () => {
    backend.next(
      events([started, delta(2, 0, 'Hel')], { isCut: true }),
      events([delta(3, 3, 'lo ')]),
      events([delta(4, 6, 'you'), completed(5, 'Hello you')]),
    );
    const seen = await read(send());
    expect(seen.map(({ id }) => id)).toEqual([1, 2, 3, 4, 5]);
    expect(textOf(seen)).toBe('Hello you');
    expect(backend.seen.map(({ method, path, headers }) => [method, path, headers.get('last-event-id')])).toEqual([
      ['POST', '/chat/conversations/5/send', null],
      ['GET', '/chat/turns/7/events', '2'],
      ['GET', '/chat/turns/7/events', '3'],
    ]);
  });

  it('a connection that breaks before anything came is sent again with the same key, unless the turn is known', async () => {
    const silent = () =>
      new Response(new ReadableStream({ start: (controller) => controller.error(new TypeError('terminated')) }));
    backend.next(silent, events([started, completed(2, 'x')]));
    await read(send());
    const [first, second] = backend.seen.map(({ method, headers }) => [method, headers.get('idempotency-key')]);
    expect(first).toEqual(second);
    expect(first![0]).toBe('POST');
  });

  it('passes on nothing twice: not an event, and not a part of the text', async () => {
    backend.next(
      events([started, delta(2, 0, 'Hel'), delta(2, 0, 'Hel')], { isCut: true }),
      events([started, delta(2, 0, 'Hel'), delta(5, 1, 'ello'), delta(6, 0, 'Hello'), completed(7, 'Hello')]),
    );
    const seen = await read(send());
    expect(seen.map(({ id }) => id)).toEqual([1, 2, 5, 7]);
    expect(seen[2]).toMatchObject({ data: { offset: 3, delta: 'lo' } });
  });

  it('asks again when text before a piece is missing, rather than pass on a text with a hole', async () => {
    backend.next(
      events([started, delta(2, 0, 'Hel'), delta(4, 5, ' you')]),
      events([delta(3, 3, 'lo'), delta(4, 5, ' you'), completed(5, 'Hello you')]),
    );
    const seen = await read(send());
    expect(textOf(seen)).toBe('Hello you');
    expect(backend.seen[1]!.headers.get('last-event-id')).toBe('2');
  });

  it('forgets the text of an attempt that failed', async () => {
    backend.next(
      events(
        [
          started,
          delta(2, 0, 'wrong'),
          { id: 3, event: 'message.reset', data: { turn_id: 7, attempt: 2 } },
          delta(4, 0, 'right', 2),
        ],
        { isCut: true },
      ),
      events([completed(5, 'right')]),
    );
    const stream = send();
    const texts: string[] = [];
    for await (const { event } of stream) if (event !== 'message.completed') texts.push(stream.text);
    expect(texts).toEqual(['', 'wrong', '', 'right']);
  });

  it('begins anew when the backend no longer knows the last event, without telling the beginning twice', async () => {
    backend.next(
      events([started, delta(2, 0, 'Hel'), delta(90, 3, 'lo')], { isCut: true }),
      problem(422, 'REQUEST.INVALID'),
      events([started, delta(2, 0, 'Hello you'), completed(3, 'Hello you')]),
    );
    const seen = await read(send());
    expect(seen.filter(({ event }) => event === 'turn.started')).toHaveLength(1);
    expect(textOf(seen)).toBe('Hello you');
    expect(backend.seen[2]!.headers.get('last-event-id')).toBeNull();
  });

  it('a message that was stored while there was no room for a stream is watched, not sent again', async () => {
    backend.next(
      json({ id: 7 }, 202, { location: '/chat/turns/7' }),
      problem(429, 'REQUEST.TOO_MANY', { 'retry-after': '0' }),
      events([started, completed(2, 'x')]),
    );
    await read(send());
    expect(backend.seen.map(({ method }) => method)).toEqual(['POST', 'GET', 'GET']);
  });

  it('with stream: false only the end comes', async () => {
    backend.next(events([started, delta(2, 0, 'x'), completed(3, 'x')]));
    expect((await read(send({ stream: false }))).map(({ event }) => event)).toEqual(['message.completed']);
  });

  it('what is refused is thrown: sending, and reading on', async () => {
    backend.next(problem(404, 'CONVERSATION.NOT_FOUND'));
    await expect(read(send())).rejects.toMatchObject({ code: 'CONVERSATION.NOT_FOUND' });
    backend = new FakeBackend().next(events([started], { isCut: true }), problem(403, 'TURN.FORBIDDEN'));
    await expect(read(send())).rejects.toMatchObject({ code: 'TURN.FORBIDDEN' });
    backend = new FakeBackend().next(new TypeError('fetch failed'));
    await expect(read(send())).rejects.toBeInstanceOf(ParleyError);
    expect(backend.seen).toHaveLength(2);
  });

  it('whoever leaves the loop closes the connection; an aborted signal is thrown', async () => {
    let isClosed = false;
    const endless = (): Response =>
      new Response(
        new ReadableStream<Uint8Array>({
          start: (controller) =>
            controller.enqueue(new TextEncoder().encode(`id: 1\nevent: turn.started\ndata: {"turn_id":7}\n\n`)),
          cancel: () => void (isClosed = true),
        }),
      );
    backend.next(endless);
    for await (const { event } of send()) if (event === 'turn.started') break;
    expect(isClosed).toBe(true);
    const abort = new AbortController();
    const reading = read(send({ signal: abort.signal }));
    abort.abort(new Error('enough'));
    await expect(reading).rejects.toThrow('enough');
  });
});
