import { createParamDecorator, SetMetadata, type CustomDecorator, type ExecutionContext } from '@nestjs/common';

/** Who is calling. The guard of the auth library puts it on the request. */
export interface Principal {
  userId: number;
  /** The caller's personal workspace. */
  workspaceId: number;
  loginId: number;
  isInstanceAdmin: boolean;
}

export interface AuthenticatedRequest {
  principal?: Principal;
}

export const IS_PUBLIC = 'parley:is-public';

/** The route needs no login. Every other route does. */
export const Public = (): CustomDecorator => SetMetadata(IS_PUBLIC, true);

/** The caller of a private route. */
export const CurrentUser = createParamDecorator((_data: unknown, context: ExecutionContext): Principal => {
  const { principal } = context.switchToHttp().getRequest<AuthenticatedRequest>();
  if (principal === undefined) throw new Error('CurrentUser was used on a route without the auth guard.');
  return principal;
});
