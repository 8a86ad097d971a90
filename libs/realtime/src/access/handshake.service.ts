import { Authenticator } from '@app/auth';
import { AppConfig } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { type Connection, type ConnectionData, type HeldLogin, NOTHING } from '../connections/connection';
import { Connections } from '../connections/connections.service';
import { Networks } from '../connections/networks.service';
import { handshakeInvalid, tooManySockets } from '../socket-errors';
import { ConversationAccess } from './conversation-access.service';
import { FailedProofs } from './failed-proofs';
import { SocketOrigins } from './socket-origins.service';

/** Finds out who opens a socket. */
@Injectable()
export class Handshake {
  constructor(
    private readonly authenticator: Authenticator,
    private readonly access: ConversationAccess,
    private readonly origins: SocketOrigins,
    private readonly networks: Networks,
    private readonly connections: Connections,
    private readonly failedProofs: FailedProofs,
    private readonly config: AppConfig,
  ) {}

  /**
   * What is kept of the socket from now on. A handshake without proof is taken: its `join-chat` must bring it.
   * @throws 401 for tokens, 404 for sessions, 403 SOCKET.ORIGIN, 429, 422
   */
  async admit({ handshake, conn }: Pick<Connection, 'handshake' | 'conn'>): Promise<ConnectionData> {
    const network = this.networks.of(conn);
    if (this.networks.isFull(network)) throw tooManySockets('of this network', this.config.sockets.perIp);
    const { token, sessionId } = handshake.auth as Record<string, unknown>;
    const data: ConnectionData = {
      network,
      origin: this.origins.foreign(handshake.headers),
      login: undefined,
      sessionId: undefined,
      connectedAtMs: performance.now(),
      members: NOTHING,
      presentIn: NOTHING,
      windowStartMs: 0,
      windowEvents: 0,
      last: undefined,
    };
    if (isGiven(token)) {
      data.login = await this.provenLogin(network, token, data.origin);
      const { userId } = data.login.principal;
      const { perUser } = this.config.sockets;
      if (this.connections.ofUser(userId) >= perUser) throw tooManySockets('of this account', perUser);
    } else if (isGiven(sessionId)) {
      if (typeof sessionId !== 'string') throw handshakeInvalid('sessionId');
      await this.access.proven({ data }, sessionId);
      data.sessionId = sessionId;
    }
    return data;
  }

  /** @throws 401 AUTH.TOKEN_INVALID, AUTH.TOKEN_EXPIRED, AUTH.LOGIN_ENDED, 403 SOCKET.ORIGIN, 429 RATE_LIMITED */
  async provenLogin(network: string, token: unknown, origin: string | undefined): Promise<HeldLogin> {
    if (typeof token !== 'string') throw handshakeInvalid('token');
    this.origins.assertLogin(origin);
    const { principal, expiresAt } = await this.failedProofs.guard(network, () =>
      this.authenticator.authenticate(token),
    );
    return { principal, expiresAtMs: expiresAt.getTime(), isWarned: false };
  }
}

const isGiven = (value: unknown): boolean => value !== undefined && value !== null && value !== '';
