import { io, type Socket } from 'socket.io-client';
import { eventually } from './process';

export interface HeardMessage {
  conversationId: number;
  sessionId?: string;
  messageId: number;
  seq: number;
  role: 'user' | 'assistant' | 'agent' | 'system';
  confidence?: number;
  message: string;
  status: string;
  turnId: number | null;
  clientMessageId?: string;
}

export interface Refusal {
  code: string;
  detail: string;
  field?: string;
  retryAfter?: number;
}

/** Somebody at a socket, who remembers all they are told. */
export class SocketUser {
  readonly heard: { event: string; payload: unknown }[] = [];
  /** Why it was disconnected, the last time. */
  disconnected: string | undefined;

  private constructor(readonly socket: Socket) {
    socket.onAny((event: string, payload: unknown) => this.heard.push({ event, payload }));
    socket.on('disconnect', (reason) => (this.disconnected = reason));
    socket.on('connect', () => (this.disconnected = undefined));
  }

  /** Does not wait for the connection. */
  static open(url: string, auth: object, options: Record<string, unknown> = {}): SocketUser {
    return new SocketUser(
      io(url, { auth, forceNew: true, transports: ['websocket'], reconnectionDelay: 100, ...options }),
    );
  }

  static async connect(url: string, auth: object, options: Record<string, unknown> = {}): Promise<SocketUser> {
    const user = SocketUser.open(url, auth, options);
    try {
      await user.connected();
    } catch (error) {
      user.close();
      throw error;
    }
    return user;
  }

  async connected(): Promise<void> {
    const refused = new Promise<never>((_, reject) => this.socket.once('connect_error', reject));
    refused.catch(() => undefined);
    await Promise.race([
      eventually(() => (this.socket.connected ? true : undefined), 'the socket to connect'),
      refused,
    ]);
  }

  /** Emits, and waits for the acknowledgement. */
  async ask<T = Record<string, unknown>>(
    event: string,
    payload: unknown,
  ): Promise<T & { ok: boolean; error?: Refusal }> {
    return (await this.socket.timeout(20_000).emitWithAck(event, payload)) as T & { ok: boolean; error?: Refusal };
  }

  async join(payload: object): Promise<Record<string, unknown> & { messages: HeardMessage[]; hasMore: boolean }> {
    const answer = await this.ask<{ messages: HeardMessage[]; hasMore: boolean }>('join-chat', payload);
    if (!answer.ok) throw new Error(`join-chat was refused: ${JSON.stringify(answer.error)}`);
    return answer;
  }

  of<T>(event: string): T[] {
    return this.heard.filter((each) => each.event === event).map(({ payload }) => payload as T);
  }

  messages(): HeardMessage[] {
    return this.of<HeardMessage>('message-received');
  }

  seqs(): number[] {
    return this.messages().map(({ seq }) => seq);
  }

  errors(): Refusal[] {
    return this.of<Refusal>('chat-error');
  }

  until(condition: () => boolean, what = 'what the socket waits for'): Promise<true> {
    return eventually(
      () => (condition() ? (true as const) : undefined),
      () => `${what}; heard: ${JSON.stringify(this.heard).slice(-2000)}`,
    );
  }

  close(): void {
    this.socket.close();
  }
}
