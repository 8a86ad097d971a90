import { type AuthenticatedRequest, IS_PUBLIC } from '@app/platform';
import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { loginRequired } from './auth.errors';
import { Authenticator } from './authenticator';

/** RFC 6750: the scheme is not case-sensitive, the token is of these characters. */
const BEARER = /^Bearer +([A-Za-z0-9._~+/=-]+)$/i;

/** Every route needs an access token unless it is marked `@Public()`. Puts the principal on the request. */
@Injectable()
export class AuthGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly authenticator: Authenticator,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    // Sockets prove themselves in their handshake.
    if (context.getType() !== 'http') return true;
    if (this.reflector.getAllAndOverride<boolean>(IS_PUBLIC, [context.getHandler(), context.getClass()])) return true;
    const request = context.switchToHttp().getRequest<AuthenticatedRequest & { headers: { authorization?: string } }>();
    const token = BEARER.exec(request.headers.authorization ?? '')?.[1];
    if (token === undefined) throw loginRequired();
    request.principal = (await this.authenticator.authenticate(token)).principal;
    return true;
  }
}
