import { BACKENDS } from '../support/backends';
import { Client, type Message, type Problem, type TurnAnswer } from '../support/client';
import { scenarios } from '../support/fake-openai';
import { eventually } from '../support/process';
import { slowly, StreamingWorld } from '../support/streaming-world';

describe.each(BACKENDS)('other replies and other words (queue in %s)', (backendName) => {
  let world: StreamingWorld;
  let user: Client;

  beforeAll(async () => {
    world = await StreamingWorld.start(backendName);
    ({ user } = world);
  });
  afterAll(() => world.stop());
  beforeEach(() => world.upstream.reset());

  const prompt = (): { role: string; content: string }[] =>
    (world.upstream.requests.at(-1)!.body.input as { role: string; content: string }[]).map(({ role, content }) => ({
      role,
      content,
    }));

  it('regenerating keeps both replies, and the latest counts for what follows', async () => {
    world.upstream.next(scenarios.reply('first try'), scenarios.reply('second try'), scenarios.reply('third'));
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
    world.upstream.next(scenarios.reply('good'), scenarios.quotaExhausted(), scenarios.reply('next'));
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
    world.upstream.next(slowly(500));
    const conversation = await user.conversation();
    const turnId = await world.begin(conversation, 'wrong');
    await eventually(() => (world.upstream.requests.length > 0 ? true : undefined), 'the call');
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
    expect((await world.finished(turnId)).status).toBe('cancelled');
    expect((await user.messages(conversation)).map(({ content }) => content)).toEqual([
      'wrong',
      'right',
      'You said: right',
    ]);
  });

  it('what is still being answered cannot be regenerated', async () => {
    world.upstream.always(slowly(200));
    const turnId = await world.begin(await user.conversation(), 'hello');
    const { body: turn } = await user.request<TurnAnswer>('GET', `/chat/turns/${turnId}`);
    const { status, body } = await user.request<Problem>('POST', `/chat/messages/${turn.user_message!.id}/regenerate`);
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
    const stranger = await Client.register(() => world.parley.url);
    expect((await stranger.request('POST', path, { rating: 'up' })).status).toBe(403);
  });

  it('deleting the first message takes its words out of the title, too', async () => {
    const conversation = await user.conversation();
    const { body } = await user.send(conversation, 'a secret of mine');
    await user.request('DELETE', `/chat/messages/${body.user_message.id}`);
    const { body: after } = await user.request<{ title: string }>('GET', `/chat/conversations/${conversation}`);
    expect(after.title).toBe('New conversation');
  });
});
