import type { IncomingMessage } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { type OnGatewayInit, WebSocketGateway } from '@nestjs/websockets';
import { PinoLogger } from 'nestjs-pino';
import { Handshake } from './access/handshake.service';
import type { Connection, RealtimeServer } from './connections/connection';
import { Connections } from './connections/connections.service';
import { Networks } from './connections/networks.service';
import { terminator } from './connections/raw-connection';
import { MAX_PACKET_UNITS, PacketTooLarge } from './connections/text-decoder';
import { EventRouter } from './events/event-router.service';
import { ConversationFeeds } from './feeds/conversation-feeds.service';
import { AgentPresence } from './presence/agent-presence.service';
import { RealtimeMetrics } from './realtime.metrics';
import { handshakeTwice, publicError, serverEnding, tooLarge, toSocketError, unreadable } from './socket-errors';

/** So long the sockets of a process that ends may take to read that, and to close. */
const GOODBYE_MS = 500;

type EngineConnection = Connection['conn'];

/** The socket door: the default namespace of Socket.IO at /socket.io, on the port of the API. */
@Injectable()
@WebSocketGateway({ path: '/socket.io' })
export class RealtimeGateway implements OnGatewayInit<RealtimeServer> {
  private readonly asking = new WeakSet<object>();

  constructor(
    private readonly handshake: Handshake,
    private readonly connections: Connections,
    private readonly networks: Networks,
    private readonly router: EventRouter,
    private readonly feeds: ConversationFeeds,
    private readonly presence: AgentPresence,
    private readonly metrics: RealtimeMetrics,
    private readonly logger: PinoLogger,
  ) {}

  afterInit(server: RealtimeServer): void {
    this.metrics.countSockets(
      () => this.connections.size,
      () => this.feeds.size,
    );
    this.countConnections(server);
    server.use((raw, next) => {
      const socket = raw as unknown as Connection;
      this.admit(socket).then(
        () => next(),
        (error: unknown) => next(this.refusal(error)),
      );
    });
    const bind = this.binder();
    server.on('connection', (raw) => bind(raw as unknown as Connection));
  }

  /** All sockets are told that this process ends, and connect again elsewhere. */
  async endAll(): Promise<void> {
    const open = [...this.connections];
    const terminators = open.map(({ conn }) => terminator(conn));
    for (const connection of open) this.connections.sendElsewhere(connection, serverEnding());
    if (open.length > 0) await pause(GOODBYE_MS);
    // The HTTP server would wait for those that do not answer.
    for (const terminate of terminators) terminate();
  }

  private countConnections({ engine }: RealtimeServer): void {
    const { networks } = this;
    engine.opts.allowRequest = (request: IncomingMessage, answer: (why: string | null, isAllowed: boolean) => void) => {
      const refusal = networks.refusal(request);
      answer(refusal ?? null, refusal === undefined);
    };
    // One function for all connections; `this` is the connection.
    function closed(this: EngineConnection): void {
      networks.remove(this);
    }
    engine.on('connection', (conn: EngineConnection) => {
      networks.add(conn);
      conn.on('close', closed);
    });
  }

  private async admit(socket: Connection): Promise<void> {
    // A client could ask for the same again and again while the first answer is looked for.
    if (this.asking.has(socket.client)) throw handshakeTwice();
    this.asking.add(socket.client);
    try {
      socket.data = await this.handshake.admit(socket);
    } finally {
      this.asking.delete(socket.client);
    }
  }

  private refusal(cause: unknown): Error {
    const { error, isUnknown } = publicError(cause);
    if (isUnknown) this.logger.error({ err: cause }, 'a handshake of a socket failed');
    this.metrics.refused.inc({ code: error.code });
    return Object.assign(new Error(error.code), { data: toSocketError(error) });
  }

  /** The listeners are shared by all sockets; `this` is the socket. */
  private binder(): (connection: Connection) => void {
    const { router, connections, feeds, presence } = this;
    function received(this: Connection, name: unknown, ...args: unknown[]): void {
      router.take(this, name, args);
    }
    function disconnected(this: Connection): void {
      connections.remove(this);
      presence.removeAll(this);
      for (const member of this.data.members) feeds.leave(member);
      this.data.members = [];
    }
    function failed(this: Connection, error: unknown): void {
      // Also clients may send an event of this name; the router answers that one.
      if (!(error instanceof Error)) return;
      const reason = error instanceof PacketTooLarge ? tooLarge(MAX_PACKET_UNITS) : unreadable();
      connections.close(this, reason);
    }
    return (connection) => {
      connections.add(connection);
      connection.onAny(received);
      connection.on('disconnect', disconnected);
      connection.on('error', failed);
    };
  }
}
