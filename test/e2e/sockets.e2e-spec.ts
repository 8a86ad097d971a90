import { io, type Socket } from 'socket.io-client';
import { Client as Postgres } from 'pg';
import { Client } from '../support/client';
import { FakeOpenAI } from '../support/fake-openai';
import { type Parley, startParley } from '../support/parley';
import { SocketUser } from '../support/socket-user';
import { type SupportSession, supportSession } from '../support/support-session';

describe('the socket door', () => {
  const upstream = new FakeOpenAI();
  let parley: Parley;
  let sql: Postgres;
  let user: Client;
  let persona: number;
  const sockets: SocketUser[] = [];

  beforeAll(async () => {
    const baseUrl = await upstream.start();
    parley = await startParley({
      OPENAI_BASE_URL: baseUrl,
      OPENAI_API_KEY: 'sk-test-key-that-nobody-may-see',
      CONTEXT_SUMMARY: 'false',
      SOCKET_DEBOUNCE_MS: '0',
    });
    sql = new Postgres({ connectionString: parley.database.url });
    sql.on('error', () => undefined);
    await sql.connect();
    user = await Client.register(() => parley.url);
    persona = await user.persona();
  });

  afterEach(() => {
    for (const socket of sockets.splice(0)) socket.close();
    upstream.reset();
  });

  afterAll(async () => {
    await sql.end();
    await parley.stop();
    await upstream.stop();
  });

  const session = async (): Promise<SupportSession> => (await supportSession(parley.database.url, persona))[0]!;
  const connect = async (auth: object): Promise<SocketUser> => {
    const socket = await SocketUser.connect(parley.url, auth);
    sockets.push(socket);
    return socket;
  };

  it('the plain client of the seed joins, sends and gets its reply', async () => {
    const { sessionId } = await session();
    // Nothing here knows our types, as in a page that loads the client from anywhere.
    const socket: Socket = io(parley.url);
    const heard: [string, unknown][] = [];
    socket.onAny((event: string, payload: unknown) => heard.push([event, payload]));
    try {
      const joined = new Promise((resolve) => socket.once('chat-joined', resolve));
      socket.emit('join-chat', { sessionId, userId: 'user123' });
      expect(await joined).toMatchObject({ sessionId, messages: [] });
      const received = new Promise((resolve) => socket.once('message-received', resolve));
      socket.emit('send-message', { sessionId, message: 'Hello, I need help with my order', userId: 'user123' });
      expect(await received).toMatchObject({
        sessionId,
        role: 'assistant',
        seq: 2,
        message: 'You said: Hello, I need help with my order',
      });
      expect(heard.filter(([event]) => event === 'chat-error')).toEqual([]);
      expect(heard.filter(([event]) => event === 'message-received')).toHaveLength(1);
    } finally {
      socket.close();
    }
  });

  it('a message over REST, one over a socket and their replies reach every socket once and in the same order', async () => {
    const conversationId = await user.conversation(persona);
    const [one, two] = [await connect({ token: user.token }), await connect({ token: user.token })];
    await one.join({ conversationId });
    await two.join({ conversationId });
    expect((await user.send(conversationId, 'over REST')).status).toBe(200);
    const sent = await one.ask('send-message', { conversationId, message: 'over a socket', clientMessageId: 'm1' });
    expect(sent).toMatchObject({ ok: true, seq: 3, isReplay: false });
    await two.until(() => two.seqs().length >= 4);
    await one.until(() => one.seqs().length >= 3);
    expect(two.seqs()).toEqual([1, 2, 3, 4]);
    // Its own message it knows from the acknowledgement.
    expect(one.seqs()).toEqual([1, 2, 4]);
    expect(two.messages()[2]).toMatchObject({ role: 'user', message: 'over a socket', clientMessageId: 'm1' });
    expect((await user.messages(conversationId)).map(({ seq }) => seq)).toEqual([1, 2, 3, 4]);
  });
});
