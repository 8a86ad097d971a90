import { isAdmin, mustBeAdmin } from '../access';
import { AppError } from '../app-error';
import type { FakeUser } from '../records';
import { created, ok, paged, type Reply, type Request, type Route, textOf } from '../router';
import { botJson } from '../wire';

export const botRoutes: readonly Route[] = [
  { method: 'GET', path: '/bots', run: list },
  { method: 'POST', path: '/bots', run: create },
  { method: 'GET', path: '/bots/:bot_id', run: get },
  { method: 'PUT', path: '/bots/:bot_id', run: patch },
  { method: 'POST', path: '/bots/:bot_id/enable', run: (request) => activate(request, 0) },
  { method: 'POST', path: '/bots/:bot_id/disable', run: (request) => activate(request, Date.now()) },
  { method: 'POST', path: '/bots/:bot_id/assign/:user_id', run: assign },
];

function list({ world, caller, query }: Request): Reply {
  const all = [...world.users.values()].filter(({ isBot, ownerId, deleteAt }) => {
    if (!isBot || (deleteAt > 0 && query.get('include_deleted') !== 'true')) return false;
    return isAdmin(caller) || ownerId === caller.id;
  });
  return ok(paged(all, query).map(botJson));
}

function create({ world, caller, body }: Request): Reply {
  mustBeAdmin(caller);
  if (!world.config.EnableBotAccountCreation) {
    throw new AppError(403, 'api.bot.create_disabled', 'Bot creation has been disabled.');
  }
  const username = textOf(body.username).toLowerCase();
  if (!/^[a-z0-9.\-_]{1,64}$/.test(username)) throw new AppError(400, 'model.bot.is_valid.username.app_error');
  if (world.userByName(username)) {
    throw new AppError(400, 'app.user.save.username_exists.app_error', 'An account with that username already exists.');
  }
  const { display_name: displayName, description } = body;
  const bot = world.addUser({
    username,
    isBot: true,
    displayName: textOf(displayName),
    description: textOf(description),
    ownerId: caller.id,
  });
  return created(botJson(bot));
}

function get(request: Request): Reply {
  const bot = botInPath(request);
  if (bot.deleteAt > 0 && request.query.get('include_deleted') !== 'true') throw noBot();
  return ok(botJson(bot));
}

function patch(request: Request): Reply {
  const bot = botInPath(request);
  const { username, display_name: displayName, description } = request.body;
  if (typeof username === 'string') bot.username = username;
  if (typeof displayName === 'string') bot.displayName = displayName;
  if (typeof description === 'string') bot.description = description;
  return ok(botJson(bot));
}

function activate(request: Request, deleteAt: number): Reply {
  const bot = botInPath(request);
  bot.deleteAt = deleteAt;
  return ok(botJson(bot));
}

function assign(request: Request): Reply {
  const bot = botInPath(request);
  bot.ownerId = request.world.user(request.params.user_id ?? '').id;
  return ok(botJson(bot));
}

/** Bots of others look as if there were none. */
function botInPath({ world, params, caller }: Request): FakeUser {
  const bot = world.users.get(params.bot_id ?? '');
  if (!bot?.isBot || !(isAdmin(caller) || bot.ownerId === caller.id)) throw noBot();
  return bot;
}

const noBot = (): AppError => new AppError(404, 'store.sql_bot.get.missing.app_error', 'Bot does not exist.');
