import type { ClientToServerEvents, ServerToClientEvents, SocketMessage, SocketTarget } from '@parley/client';
import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server, type Socket } from 'socket.io';

export type ServerSocket = Socket<ClientToServerEvents, ServerToClientEvents>;

interface Refusal {
  code: string;
  detail: string;
  retryAfter?: number;
}

/**
 * The socket door without anything behind it: one conversation in memory, and everything that a network or a restart can do to a client. What
 * the real one does is tested end to end.
 */
export class BareServer {
  readonly messages: SocketMessage[] = [];
  readonly handshakes: Record<string, unknown>[] = [];
  readonly received: [string, Record<string, unknown>][] = [];
  /** The next handshakes are refused with these. */
  readonly refusals: Refusal[] = [];
  /** The next messages are answered with these. */
  readonly sendRefusals: Refusal[] = [];
  /** The next questions for what is missing are answered with these, or not at all. */
  readonly syncRefusals: (Refusal | 'silence')[] = [];
  /** So many of the next messages are stored, and the connection breaks before the answer. */
  breakAfterStoring = 0;
  private readonly byClientId = new Map<string, SocketMessage>();
  private readonly http: HttpServer = createServer();
  private readonly io = new Server<ClientToServerEvents, ServerToClientEvents>(this.http, { serveClient: false });

  static async start(): Promise<BareServer> {
    const server = new BareServer();
    server.io.use((socket, next) => {
      server.handshakes.push(socket.handshake.auth);
      const refusal = server.refusals.shift();
      next(refusal === undefined ? undefined : Object.assign(new Error(refusal.code), { data: refusal }));
    });
    server.io.on('connection', (socket) => server.serve(socket));
    await new Promise<void>((resolve) => server.http.listen(0, '127.0.0.1', resolve));
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.http.address() as AddressInfo).port}`;
  }

  get sockets(): ServerSocket[] {
    return [...this.io.sockets.sockets.values()];
  }

  /** Stores a message and does not tell anybody. */
  store(message: string, more: Partial<SocketMessage> = {}): SocketMessage {
    const seq = (this.messages.at(-1)?.seq ?? 0) + 1;
    const stored: SocketMessage = {
      sessionId: 's',
      conversationId: 1,
      messageId: seq + 100,
      seq,
      role: 'assistant',
      message,
      timestamp: new Date(0).toISOString(),
      turnId: null,
      status: 'completed',
      isCurrent: true,
      ...more,
    };
    this.messages.push(stored);
    return stored;
  }

  /** Stores a message and tells it to all. */
  say(message: string): void {
    this.io.emit('message-received', this.store(message));
  }

  /** The network breaks: nobody says goodbye. */
  cut(): void {
    for (const { conn } of this.sockets) {
      (conn.transport as unknown as { socket: { terminate(): void } }).socket.terminate();
    }
  }

  async stop(): Promise<void> {
    this.cut();
    await this.io.close();
  }

  namesReceived(): string[] {
    return this.received.map(([name]) => name);
  }

  private after(lastSeq: number, limit: number): { messages: SocketMessage[]; hasMore: boolean } {
    const later = this.messages.filter(({ seq }) => seq > lastSeq);
    return { messages: later.slice(0, limit), hasMore: later.length > limit };
  }

  private serve(socket: ServerSocket): void {
    socket.onAny((name: string, payload: Record<string, unknown>) => this.received.push([name, payload]));
    socket.on('join-chat', ({ sessionId, lastSeq }, ack) => {
      if (sessionId !== 's') return ack?.({ ok: false, error: { code: 'SESSION.NOT_FOUND', detail: 'Not found.' } });
      const target: SocketTarget = { sessionId };
      const page = this.after(lastSeq ?? 0, 3);
      const answers = { answeredBy: 'ai' as const, isPersonAwaited: false, presence: { agentsOnline: 0 } };
      const quiet = { openTurnId: null, readSeq: 0, ...answers };
      const about = { ...target, conversationId: 1, ...quiet };
      ack?.({ ok: true, ...about, ...page });
    });
    socket.on('sync', ({ lastSeq }, ack) => {
      const refusal = this.syncRefusals.shift();
      if (refusal === 'silence') return;
      ack(refusal === undefined ? { ok: true, ...this.after(lastSeq, 3) } : { ok: false, error: refusal });
    });
    socket.on('send-message', ({ message, clientMessageId = '' }, ack) => {
      const refusal = this.sendRefusals.shift();
      if (refusal !== undefined) return ack?.({ ok: false, error: refusal });
      const before = this.byClientId.get(clientMessageId);
      const stored = before ?? this.store(message, { role: 'user', status: 'sent', clientMessageId });
      this.byClientId.set(clientMessageId, stored);
      if (this.breakAfterStoring > 0) {
        this.breakAfterStoring -= 1;
        return this.cut();
      }
      const { messageId, seq } = stored;
      ack?.({ ok: true, messageId, seq, turnId: seq + 1000, isReplay: before !== undefined });
    });
    socket.on('authenticate', (_payload, ack) => ack?.({ ok: true, expiresAt: new Date().toISOString() }));
    for (const name of ['cancel-turn', 'read', 'typing', 'leave-chat'] as const) {
      socket.on(name, (_payload: object, ack?: (answer: { ok: true }) => void) => ack?.({ ok: true }));
    }
  }
}
