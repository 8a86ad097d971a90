import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type RawData, type WebSocket, WebSocketServer } from 'ws';
import { textOf } from './router';
import type { World } from './world';

/** What Mattermost waits for the authentication challenge, in milliseconds. */
const AUTHENTICATION_MS = 5_000;

interface Connection {
  socket: WebSocket;
  connectionId: string;
  userId: string | null;
  seq: number;
}

/** `/api/v4/websocket`: authentication, hello, numbered events, pings. Resuming an earlier connection is not offered, as after a restart of the server. */
export class Sockets {
  isRefusing = false;
  /** Takes what comes and says nothing at all any more, as a half-open connection does. */
  isMute = false;
  private readonly server = new WebSocketServer({ noServer: true });
  private readonly connections = new Set<Connection>();

  private readonly world: World;
  private readonly onChange: () => void;

  constructor(world: World, onChange: () => void) {
    this.world = world;
    this.onChange = onChange;
  }

  /** Connections that have said who they are. */
  get count(): number {
    return [...this.connections].filter(({ userId }) => userId !== null).length;
  }

  upgrade(request: IncomingMessage, raw: Duplex, head: Buffer): void {
    if (this.isRefusing) return void raw.destroy();
    this.server.handleUpgrade(request, raw, head, (socket) => this.welcome(socket, tokenOf(request)));
  }

  send(event: string, data: Record<string, unknown>, broadcast: Record<string, unknown>, userIds: string[]): void {
    for (const connection of this.connections) {
      if (connection.userId === null || !userIds.includes(connection.userId)) continue;
      this.write(connection, { event, data, broadcast, seq: connection.seq++ });
    }
  }

  /** Breaks all connections without a goodbye. */
  drop(): void {
    for (const { socket } of this.connections) socket.terminate();
  }

  /** Ends the connections of one who may no longer. */
  dropThoseOf(userId: string): void {
    for (const { socket, userId: owner } of this.connections) if (owner === userId) socket.terminate();
  }

  private welcome(socket: WebSocket, token: string | null): void {
    const connection: Connection = { socket, connectionId: randomUUID(), userId: null, seq: 0 };
    this.connections.add(connection);
    const timer = setTimeout(() => connection.userId ?? socket.terminate(), AUTHENTICATION_MS).unref();
    socket.on('message', (raw) => this.take(connection, raw));
    socket.on('error', () => undefined);
    socket.on('close', () => {
      clearTimeout(timer);
      this.connections.delete(connection);
      this.onChange();
    });
    if (token !== null) this.authenticate(connection, token);
  }

  private authenticate(connection: Connection, token: string): boolean {
    const user = this.world.ownerOf(token);
    if (!user) {
      connection.socket.close();
      return false;
    }
    connection.userId = user.id;
    const data = { server_version: '11.9.0', connection_id: connection.connectionId, server_hostname: 'fake' };
    this.write(connection, { event: 'hello', data, broadcast: { user_id: user.id }, seq: connection.seq++ });
    this.onChange();
    return true;
  }

  private take(connection: Connection, raw: RawData): void {
    const message = parse(raw);
    if (!message) return;
    const reply = (rest: Record<string, unknown>): void => this.write(connection, { ...rest, seq_reply: message.seq });
    if (message.action === 'authentication_challenge') {
      if (connection.userId !== null) return;
      if (this.authenticate(connection, String(message.data?.token))) reply({ status: 'OK' });
      return;
    }
    if (connection.userId === null) {
      const id = 'api.web_socket_router.not_authenticated.app_error';
      return reply({
        status: 'FAIL',
        error: { id, message: 'WebSocket connection is not authenticated.', status_code: 401 },
      });
    }
    if (message.action === 'ping') return reply({ status: 'OK', data: { text: 'pong', version: '11.9.0' } });
    if (message.action === 'user_typing') {
      const channel = this.world.channels.get(String(message.data?.channel_id));
      const others = [...(channel?.members ?? [])].filter((id) => id !== connection.userId);
      const data = { parent_id: textOf(message.data?.parent_id), user_id: connection.userId };
      this.send('typing', data, { channel_id: channel?.id ?? '' }, others);
    }
    reply({ status: 'OK' });
  }

  private write(connection: Connection, message: Record<string, unknown>): void {
    if (!this.isMute) connection.socket.send(JSON.stringify(message));
  }
}

function tokenOf(request: IncomingMessage): string | null {
  const bearer = /^(?:Bearer|Token) (.+)$/i.exec(request.headers.authorization ?? '')?.[1];
  return bearer ?? /(?:^|;\s*)MMAUTHTOKEN=([^;]+)/.exec(request.headers.cookie ?? '')?.[1] ?? null;
}

function parse(raw: RawData): { action?: string; seq?: number; data?: Record<string, unknown> } | null {
  try {
    const text = Array.isArray(raw) ? Buffer.concat(raw) : Buffer.from(raw as ArrayBuffer);
    return JSON.parse(text.toString('utf8')) as { action?: string; seq?: number; data?: Record<string, unknown> };
  } catch {
    return null;
  }
}
