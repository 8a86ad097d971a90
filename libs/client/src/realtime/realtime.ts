import type { Presence, FollowedTarget } from '../generated/socket-events.js';
import type { Credentials } from '../http/credentials.js';
import { ParleyError } from '../http/parley-error.js';
import { backoffMs, pause } from '../http/waiting.js';
import { Chat } from './chat.js';
import { EscalationChat } from './escalation-chat.js';
import type { Ask, Followed } from './followed.js';
import type { ChatEvents, JoinEscalationOptions, JoinOptions } from './chat-events.js';
import { Connection, type RealtimeOptions } from './connection.js';
import { Emitter } from './emitter.js';
import { isUnanswered, type TypedSocket } from './link.js';

export type { RealtimeOptions } from './connection.js';

export interface RealtimeEvents {
  connected: undefined;
  /** It connects again by itself. */
  disconnected: { reason: string };
  /** People of the team who can take over. */
  presence: Presence & { workspaceId: number };
  /** What the backend says by itself, such as why it is about to end the connection. What is refused is thrown where it was asked for. */
  error: ParleyError;
  /** The backend lets nobody in with these credentials, and nothing is tried any more; `join` would begin anew. */
  failed: ParleyError;
}

interface Joining {
  promise: Promise<void>;
  resolve: () => void;
  reject: (error: ParleyError) => void;
}

/** One connection for real time. What was joined is joined again after every reconnect, and what was missed comes then. */
export class Realtime extends Emitter<RealtimeEvents> {
  private readonly connection: Connection;
  private readonly chats = new Set<Followed>();
  private readonly joining = new Map<Followed, Joining>();

  /** @internal */
  constructor(baseUrl: string, credentials: Credentials, options: RealtimeOptions = {}) {
    super();
    this.connection = new Connection(baseUrl, credentials, options);
    this.connection.on('up', () => {
      this.emit('connected', undefined);
      for (const chat of this.chats) void this.enter(chat);
    });
    this.connection.on('down', (why) => {
      for (const chat of this.chats) chat.disconnected();
      this.emit('disconnected', why);
    });
    this.connection.on('told', (error) => this.emit('error', error));
    this.connection.on('failed', (error) => {
      this.end(error);
      this.emit('failed', error);
    });
    this.listen();
  }

  /** The plain socket of socket.io-client, typed, for what is not wrapped here. */
  get socket(): TypedSocket {
    return this.connection.socket;
  }

  get isConnected(): boolean {
    return this.connection.isUp;
  }

  /** Follows a session or conversation. Joining it twice gives the same chat. @throws ParleyError when it may not be joined */
  async join(options: JoinOptions): Promise<Chat> {
    return this.follow(options, (ask, left) => new Chat(options, ask, left));
  }

  /**
   * Follows the conversation of an escalation, as a person of its team, until it ends. Joining it twice gives the same one. One that is over shows
   * what was said (its newest 50 messages, or all after `lastSeq`), and tells nothing more.
   * @throws ParleyError when it may not be seen
   */
  async joinEscalation(options: JoinEscalationOptions): Promise<EscalationChat> {
    return this.follow({ escalationId: options.escalationId }, (ask, left) => new EscalationChat(options, ask, left));
  }

  /** Shown to visitors of the workspace as somebody who can take over, or not; ends with the connection. @throws ParleyError */
  async setPresence(workspaceId: number, isOnline: boolean): Promise<Presence> {
    const { agentsOnline } = await this.connection.ask('set-presence', { workspaceId, isOnline });
    return { agentsOnline };
  }

  /** Ends the connection and everything that was joined. */
  close(): void {
    this.end(new ParleyError({ code: 'CLIENT.CLOSED', detail: 'The connection was closed.' }));
    this.connection.close();
  }

  /** @param make for what is not followed yet; what is about `target` is always of the same class */
  private async follow<T extends Followed>(
    target: FollowedTarget,
    make: (ask: Ask, left: () => void) => T,
  ): Promise<T> {
    const known = this.chatOf(target);
    if (known !== undefined) {
      await this.joining.get(known)?.promise;
      return known as T;
    }
    const chat: T = make(
      (event, payload) => this.connection.ask(event, payload),
      () => void this.chats.delete(chat),
    );
    this.chats.add(chat);
    const joining = {} as Joining;
    joining.promise = new Promise<void>((resolve, reject) => Object.assign(joining, { resolve, reject }));
    this.joining.set(chat, joining);
    if (this.connection.isUp) void this.enter(chat);
    else this.connection.open();
    await joining.promise;
    return chat;
  }

  private async enter(chat: Followed): Promise<void> {
    for (let tries = 1; this.connection.isUp && this.chats.has(chat); tries += 1) {
      try {
        await chat.enter();
        this.joining.get(chat)?.resolve();
        this.joining.delete(chat);
        return;
      } catch (error) {
        const refusal = error as ParleyError;
        if (!isUnanswered(refusal) && refusal.retryAfter === undefined) return this.refused(chat, refusal);
        await pause(refusal.retryAfter === undefined ? backoffMs(tries) : refusal.retryAfter * 1000);
      }
    }
  }

  private refused(chat: Followed, error: ParleyError): void {
    const joining = this.joining.get(chat);
    this.joining.delete(chat);
    chat.close(error);
    if (joining === undefined) chat.shown('error', error);
    else joining.reject(error);
  }

  private end(error: ParleyError): void {
    for (const chat of [...this.chats]) this.refused(chat, error);
  }

  private listen(): void {
    const { socket } = this.connection;
    socket.on('presence', (presence) => this.emit('presence', presence));
    socket.on('message-received', (message) => this.chatOf(message)?.received(message));
    socket.on('message-delta', (delta) => this.chatOf(delta)?.delta(delta));
    socket.on('message-reset', (turn) => this.chatOf(turn)?.reset(turn));
    socket.on('turn-cancelled', (turn) => this.show('cancelled', turn));
    socket.on('turn-handed-off', (turn) => this.show('handedOff', turn));
    socket.on('turn-merged', (turn) => this.show('merged', turn));
    socket.on('typing', (typing) => this.show('typing', typing));
    socket.on('read', (read) => this.show('read', read));
    // The number of what is asked for: the customer has not joined it.
    socket.on('escalation-needed', (needed) =>
      this.chatOf({ ...needed, escalationId: undefined })?.shown('escalation', needed),
    );
    socket.on('escalation-changed', (changed) => this.show('changed', changed));
    socket.on('escalation-left', (left) => this.show('left', left));
    socket.on('answered-by', (answered) => this.show('answeredBy', answered));
    socket.on('session-ended', (ended) => this.show('ended', ended));
  }

  private show<Name extends keyof ChatEvents>(name: Name, payload: ChatEvents[Name] & FollowedTarget): void {
    this.chatOf(payload)?.shown(name, payload);
  }

  private chatOf(target: FollowedTarget): Followed | undefined {
    return [...this.chats].find((chat) => chat.isAbout(target));
  }
}
