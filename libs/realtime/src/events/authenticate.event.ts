import { Injectable } from '@nestjs/common';
import { IsString, MaxLength } from 'class-validator';
import { Handshake } from '../access/handshake.service';
import type { Connection } from '../connections/connection';
import { Connections } from '../connections/connections.service';
import { loginNeeded, otherUser } from '../socket-errors';
import type { SocketEvent } from './socket-event';

export class AuthenticateDto {
  @IsString()
  @MaxLength(2000)
  token: string;
}

@Injectable()
export class AuthenticateEvent implements SocketEvent<'authenticate', AuthenticateDto> {
  readonly name = 'authenticate';
  readonly payload = AuthenticateDto;
  readonly isOrdered = false;

  constructor(
    private readonly handshake: Handshake,
    private readonly connections: Connections,
  ) {}

  /** A socket keeps its user: what it follows was joined with their rights. */
  async handle(connection: Connection, { token }: AuthenticateDto): Promise<{ expiresAt: string }> {
    const { login, origin, network } = connection.data;
    if (login === undefined) throw loginNeeded();
    const next = await this.handshake.provenLogin(network, token, origin);
    if (next.principal.userId !== login.principal.userId) throw otherUser();
    if (connection.connected) {
      this.connections.remove(connection);
      connection.data.login = next;
      this.connections.add(connection);
    }
    return { expiresAt: new Date(next.expiresAtMs).toISOString() };
  }
}
