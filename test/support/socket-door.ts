import { Client as Postgres } from 'pg';
import { Client } from './client';
import { FakeOpenAI } from './fake-openai';
import { type Parley, startParley } from './parley';
import { SocketUser } from './socket-user';
import { type SupportSession, supportSession } from './support-session';

/** Events that a socket may send in ten seconds. */
export const EVENTS_LIMIT = 40;

/** A strict installation, and somebody at a socket who has nothing to do with what others try. */
export class SocketDoor {
  private readonly sockets: SocketUser[] = [];

  private constructor(
    readonly upstream: FakeOpenAI,
    readonly parley: Parley,
    readonly sql: Postgres,
    private readonly persona: number,
    private readonly bystander: SocketUser,
  ) {}

  static async start(): Promise<SocketDoor> {
    const upstream = new FakeOpenAI();
    const parley = await startParley({
      OPENAI_BASE_URL: await upstream.start(),
      OPENAI_API_KEY: 'sk-test-key-that-nobody-may-see',
      CONTEXT_SUMMARY: 'false',
      SOCKET_DEBOUNCE_MS: '0',
      SOCKET_EVENTS_PER_10S: String(EVENTS_LIMIT),
      SOCKET_JOIN_TIMEOUT_MS: '1500',
      ACCESS_TOKEN_TTL_SECONDS: '12',
      MAX_SOCKETS_PER_USER: '5',
      CORS_ORIGINS: 'https://app.example',
    });
    const sql = new Postgres({ connectionString: parley.database.url });
    sql.on('error', () => undefined);
    await sql.connect();
    const user = await Client.register(() => parley.url);
    const persona = await user.persona({ visibility: 'workspace' });
    const { sessionId } = (await supportSession(parley.database.url, persona))[0]!;
    const bystander = await SocketUser.connect(parley.url, { sessionId }, { reconnection: false });
    await bystander.join({ sessionId });
    return new SocketDoor(upstream, parley, sql, persona, bystander);
  }

  /** After each test: whatever was tried, nobody else has noticed, and nothing has failed. */
  check(): void {
    for (const socket of this.sockets.splice(0)) socket.close();
    this.upstream.reset();
    expect(this.bystander.heard.filter(({ event }) => event !== 'chat-joined')).toEqual([]);
    expect(this.bystander.disconnected).toBeUndefined();
    expect(this.parley.api.log).not.toContain('"level":50');
  }

  async stop(): Promise<void> {
    this.bystander.close();
    await this.sql.end();
    await this.parley.stop();
    await this.upstream.stop();
  }

  async session(): Promise<SupportSession> {
    return (await supportSession(this.parley.database.url, this.persona))[0]!;
  }

  /** At this installation's process unless another one is named; closed after the test. @throws what it is refused with */
  async connect(auth: object, options: object = {}, url = this.parley.url): Promise<SocketUser> {
    const socket = await SocketUser.connect(url, auth, { reconnection: false, ...options });
    this.sockets.push(socket);
    return socket;
  }

  /** A visitor in their conversation. */
  async joined(): Promise<{ socket: SocketUser; sessionId: string; conversationId: number }> {
    const { sessionId, conversationId } = await this.session();
    const socket = await this.connect({ sessionId });
    await socket.join({ sessionId });
    return { socket, sessionId, conversationId };
  }

  /** What a handshake is refused with; undefined: it is not. */
  async refusal(auth: object, options: object = {}): Promise<unknown> {
    const error: unknown = await this.connect(auth, options).catch((failure: unknown) => failure);
    return (error as { data?: unknown }).data;
  }
}
