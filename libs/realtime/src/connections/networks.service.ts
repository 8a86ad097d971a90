import type { IncomingMessage } from 'node:http';
import { AppConfig, clientAddress, Draining, networkOf } from '@app/platform';
import { Injectable } from '@nestjs/common';
import type { Connection } from './connection';

const NETWORK = Symbol('network');
type Engine = Connection['conn'] & { [NETWORK]?: string };
/** So many more than allowed are let in to be told why they are refused. */
const TOLD_WHY = 50;

/** Counts the open connections of each network, below sockets: also of those that say nothing. */
@Injectable()
export class Networks {
  private readonly open = new Map<string, number>();
  private readonly addressOf;

  constructor(
    private readonly config: AppConfig,
    private readonly draining: Draining,
  ) {
    this.addressOf = clientAddress(config.http.trustedProxies);
  }

  of(conn: Connection['conn']): string {
    return (conn as Engine)[NETWORK] ?? '';
  }

  /** One is counted already: the one that asks. */
  isFull(network: string): boolean {
    return this.count(network) > this.config.sockets.perIp;
  }

  /** Whether a connection may be opened at all. @returns why not */
  refusal(request: IncomingMessage): string | undefined {
    if (this.draining.isDraining) return 'SERVER.ENDING';
    return this.count(this.networkOf(request)) >= this.config.sockets.perIp + TOLD_WHY ? 'SOCKET.TOO_MANY' : undefined;
  }

  /** A connection is open. */
  add(conn: Connection['conn']): void {
    const network = this.networkOf(conn.request);
    (conn as Engine)[NETWORK] = network;
    this.open.set(network, this.count(network) + 1);
  }

  /** It is closed. */
  remove(conn: Connection['conn']): void {
    const network = this.of(conn);
    const left = this.count(network) - 1;
    if (left > 0) this.open.set(network, left);
    else this.open.delete(network);
  }

  private count(network: string): number {
    return this.open.get(network) ?? 0;
  }

  private networkOf({ socket, headers }: IncomingMessage): string {
    return networkOf(this.addressOf(socket.remoteAddress, headers['x-forwarded-for']));
  }
}
