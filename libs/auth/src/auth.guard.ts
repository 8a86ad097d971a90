import { type AuthenticatedRequest, IS_PUBLIC, type Principal } from '@app/platform';
import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { IS_ADMIN_PAGE } from './admin-pages/admin-page.decorator';
import { AdminSessions } from './admin-pages/admin-sessions.service';
import { loginRequired } from './auth.errors';
import { Authenticator } from './authenticator';
import { bearerToken } from './bearer-token';

type Headers = Record<'authorization' | 'cookie', string | undefined>;

/** Every route needs an access token unless it is marked `@Public()`; an `@AdminPage()` needs an instance admin. Puts the principal on the request. */
@Injectable()
export class AuthGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly authenticator: Authenticator,
    private readonly adminSessions: AdminSessions,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    // Sockets prove themselves in their handshake.
    if (context.getType() !== 'http') return true;
    if (this.isMarked(IS_PUBLIC, context)) return true;
    const request = context.switchToHttp().getRequest<AuthenticatedRequest & { headers: Headers }>();
    request.principal = this.isMarked(IS_ADMIN_PAGE, context)
      ? await this.adminSessions.authenticate(request.headers)
      : await this.byBearer(request.headers);
    return true;
  }

  private async byBearer({ authorization }: Headers): Promise<Principal> {
    const token = bearerToken(authorization);
    if (token === undefined) throw loginRequired();
    return (await this.authenticator.authenticate(token)).principal;
  }

  private isMarked(mark: string, context: ExecutionContext): boolean {
    return this.reflector.getAllAndOverride<boolean>(mark, [context.getHandler(), context.getClass()]) === true;
  }
}
