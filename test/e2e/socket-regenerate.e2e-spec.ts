import { AsyncApiContract } from '../support/asyncapi';
import { FakeOpenAI, scenarios } from '../support/fake-openai';
import { type Parley, startParley } from '../support/parley';
import { type HeardMessage, SocketUser } from '../support/socket-user';
import { Visitor } from '../support/visitor';

interface Told extends HeardMessage {
  repliesToId?: number;
}

describe('another reply over a socket', () => {
  const upstream = new FakeOpenAI({ numbersAnswers: true });
  const contract = new AsyncApiContract();
  const open: SocketUser[] = [];
  let parley: Parley;
  let visitor: Visitor;
  let user: SocketUser;

  beforeAll(async () => {
    parley = await startParley({
      OPENAI_BASE_URL: await upstream.start(),
      OPENAI_API_KEY: 'sk-test',
      CONTEXT_SUMMARY: 'false',
      SUPPORT_KEYLESS: 'true',
      SOCKET_DEBOUNCE_MS: '0',
    });
  });
  beforeEach(async () => {
    visitor = await Visitor.begin(() => parley.url);
    user = await join();
  });
  afterEach(() => {
    for (const each of open.splice(0)) each.close();
    upstream.reset();
  });
  afterAll(async () => {
    await parley.stop();
    await upstream.stop();
  });

  async function join(): Promise<SocketUser> {
    const { sessionId } = visitor;
    const socket = await SocketUser.connect(parley.url, { sessionId });
    socket.socket.onAny((event: string, payload: unknown) => contract.check('server', event, payload));
    open.push(socket);
    await socket.join({ sessionId });
    return socket;
  }

  const replies = (socket: SocketUser): Told[] => socket.messages().filter(({ role }) => role === 'assistant');

  /** Says something and waits for the reply. */
  async function ask(message: string): Promise<{ said: number; reply: Told }> {
    const before = replies(user).length;
    const { messageId } = await user.ask<{ messageId: number }>('send-message', { message });
    await user.until(() => replies(user).length > before, 'the reply');
    return { said: messageId, reply: replies(user).at(-1)! };
  }

  it('is a message of its own that says what it answers, for everybody in the conversation', async () => {
    const other = await join();
    const { said, reply } = await ask('How long does it take?');
    expect(reply.repliesToId).toBe(said);
    const payload = { messageId: reply.messageId };
    contract.check('client', 'regenerate', payload);
    const answer = await user.ask<{ turnId: number }>('regenerate', payload);
    expect(answer).toMatchObject({ ok: true, turnId: expect.any(Number) as number });
    for (const socket of [user, other]) {
      await socket.until(() => replies(socket).length === 2, 'the second reply');
      const [first, second] = replies(socket);
      expect([first?.repliesToId, second?.repliesToId]).toEqual([said, said]);
      expect(second?.turnId).toBe(answer.turnId);
      expect(second?.message).not.toBe(first?.message);
    }
    // By what was said, too.
    expect(await user.ask('regenerate', { messageId: said })).toMatchObject({ ok: true });
    await user.until(() => replies(user).length === 3, 'the third reply');
    const history = await visitor.history();
    expect(history.body.messages.map(({ content }) => content)).toEqual([
      'How long does it take?',
      replies(user).at(-1)!.message,
    ]);
  });

  it('is refused while one is being written, and that one can be stopped', async () => {
    const { reply } = await ask('First');
    upstream.next(scenarios.hang('stream', 2));
    const { turnId } = await user.ask<{ turnId: number }>('regenerate', { messageId: reply.messageId });
    await user.until(() => user.of('message-delta').length > 0, 'its first words');
    expect(await user.ask('regenerate', { messageId: reply.messageId })).toMatchObject({
      ok: false,
      error: { code: 'TURN.STILL_OPEN' },
    });
    expect(await user.ask('cancel-turn', { turnId })).toMatchObject({ ok: true });
    await user.until(() => user.of('turn-cancelled').length === 1, 'its end');
  });

  it('is refused for what is somebody else’s, not there, or over', async () => {
    const { reply } = await ask('Mine');
    const mine = visitor;
    visitor = await Visitor.begin(() => parley.url);
    const stranger = await join();
    expect(await stranger.ask('regenerate', { messageId: reply.messageId })).toMatchObject({ ok: false });
    expect(await stranger.ask('regenerate', { messageId: 999_999 })).toMatchObject({
      error: { code: 'MESSAGE.NOT_FOUND' },
    });
    expect(await stranger.ask('regenerate', { messageId: 'x' })).toMatchObject({
      error: { code: 'REQUEST.INVALID', field: 'messageId' },
    });
    await mine.request('POST', `/session/${mine.sessionId}/end`);
    expect(await user.ask('regenerate', { messageId: reply.messageId })).toMatchObject({
      error: { code: 'SESSION.ENDED' },
    });
    expect(replies(user)).toHaveLength(1);
  });
});
