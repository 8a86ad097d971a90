import { AppConfig } from '@app/platform';
import { type Session, SupportOrigins } from '@app/sessions';
import { Injectable } from '@nestjs/common';
import type { IncomingHttpHeaders } from 'node:http';
import { originRefused } from '../socket-errors';

/** Which pages may use sockets. Browsers do not ask before they open one to another site, so it is checked here. */
@Injectable()
export class SocketOrigins {
  constructor(
    private readonly config: AppConfig,
    private readonly supportOrigins: SupportOrigins,
  ) {}

  /** The foreign page that a socket comes from; undefined for our own pages and for what is no browser. */
  foreign({ origin, host }: IncomingHttpHeaders): string | undefined {
    if (origin === undefined || origin === '') return undefined;
    return URL.canParse(origin) && new URL(origin).host === host ? undefined : origin;
  }

  /** For a socket with a login. @throws 403 SOCKET.ORIGIN */
  assertLogin(origin: string | undefined): void {
    if (!this.isNamed(origin)) throw originRefused();
  }

  /** For a support session: the origins of its door count as well. @throws 403 SOCKET.ORIGIN */
  async assertSession(origin: string | undefined, session: Session): Promise<void> {
    if (this.isNamed(origin) || (await this.supportOrigins.isAllowed(origin, session))) return;
    throw originRefused();
  }

  private isNamed(origin: string | undefined): boolean {
    return origin === undefined || this.config.http.corsOrigins.includes(origin);
  }
}
