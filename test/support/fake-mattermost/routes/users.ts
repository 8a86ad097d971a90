import { isAdmin, mustBeAdmin } from '../access';
import { AppError, invalidParameter, noPermission } from '../app-error';
import { done, ok, paged, type Reply, type Request, type Route, textOf } from '../router';
import type { FakeToken, FakeUser } from '../records';
import { userJson } from '../wire';

/** The one in the path; `me` is the caller. */
export function userInPath({ world, params, caller }: Request): FakeUser {
  return params.user_id === 'me' ? caller : world.user(params.user_id ?? '');
}

export const userRoutes: readonly Route[] = [
  { method: 'POST', path: '/users/login', isPublic: true, run: login },
  { method: 'POST', path: '/users/logout', run: logout },
  { method: 'GET', path: '/users/username/:username', run: byName },
  {
    method: 'POST',
    path: '/users/ids',
    run: ({ world, body }) => ok(asList(body).flatMap((id) => jsonOf(world.users.get(id)))),
  },
  {
    method: 'POST',
    path: '/users/usernames',
    run: ({ world, body }) => ok(asList(body).flatMap((name) => jsonOf(world.userByName(name)))),
  },
  { method: 'POST', path: '/users/tokens/revoke', run: revoke },
  { method: 'GET', path: '/users/:user_id', run: (request) => ok(userJson(userInPath(request))) },
  { method: 'GET', path: '/users/:user_id/tokens', run: listTokens },
  { method: 'POST', path: '/users/:user_id/tokens', run: makeToken },
  { method: 'PUT', path: '/users/:user_id/roles', run: setRoles },
  { method: 'POST', path: '/users/:user_id/typing', run: typing },
];

function login({ world, body }: Request): Reply {
  const user = world.userByName(textOf(body.login_id));
  if (!user || user.password === '' || user.password !== body.password) {
    const message = 'Enter a valid email or username and/or password.';
    throw new AppError(401, 'api.user.login.invalid_credentials_email_username', message);
  }
  if (user.mfaCode !== '' && body.token !== user.mfaCode) {
    throw new AppError(401, 'mfa.validate_token.authenticate.app_error', 'Invalid MFA token.');
  }
  const { token } = world.addToken(user.id, 'session', { isSession: true });
  return { ...ok(userJson(user)), headers: { Token: token } };
}

function logout({ world, token }: Request): Reply {
  for (const one of world.tokens.values()) if (one.token === token && one.isSession) world.tokens.delete(one.id);
  return done();
}

function byName({ world, params }: Request): Reply {
  const user = world.userByName(params.username ?? '');
  if (!user) throw new AppError(404, 'app.user.get_by_username.app_error', 'Unable to find an existing account.');
  return ok(userJson(user));
}

function listTokens(request: Request): Reply {
  const user = userInPath(request);
  if (user.id !== request.caller.id) mustBeAdmin(request.caller);
  const all = [...request.world.tokens.values()].filter(({ userId, isSession }) => userId === user.id && !isSession);
  return ok(paged(all, request.query).map((token) => tokenJson(token)));
}

function makeToken(request: Request): Reply {
  const { world, body, caller } = request;
  const user = userInPath(request);
  if (user.id !== caller.id && !isAdmin(caller)) throw noPermission();
  if (!world.config.EnableUserAccessTokens && !user.isBot) {
    throw new AppError(501, 'app.user_access_token.disabled', 'Personal access tokens are disabled on this server.');
  }
  if (textOf(body.description) === '') throw invalidParameter('description');
  const token = world.addToken(user.id, textOf(body.description));
  return ok({ ...tokenJson(token), token: token.token });
}

function revoke({ world, body, caller }: Request): Reply {
  const token = world.tokens.get(textOf(body.token_id));
  if (!token) throw new AppError(404, 'app.user_access_token.get_by_user.app_error', 'There is no such token.');
  if (token.userId !== caller.id) mustBeAdmin(caller);
  world.tokens.delete(token.id);
  return done();
}

function setRoles(request: Request): Reply {
  mustBeAdmin(request.caller);
  userInPath(request).roles = textOf(request.body.roles).split(' ').filter(Boolean);
  return done();
}

function typing(request: Request): Reply {
  const user = userInPath(request);
  if (user.id !== request.caller.id) throw noPermission();
  const channel = request.world.channels.get(textOf(request.body.channel_id));
  if (!channel?.members.has(user.id)) throw noPermission();
  const data = { parent_id: textOf(request.body.parent_id), user_id: user.id };
  request.events.send('typing', data, { channelId: channel.id, except: user.id });
  return done();
}

function tokenJson({ id, userId, description, isActive }: FakeToken): Record<string, unknown> {
  return { id, user_id: userId, description, is_active: isActive, expires_at: 0 };
}

function asList(body: unknown): string[] {
  return Array.isArray(body) ? body.map(String) : [];
}

const jsonOf = (user: FakeUser | undefined): Record<string, unknown>[] => (user ? [userJson(user)] : []);
