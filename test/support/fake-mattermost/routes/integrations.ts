import { mustManageIntegrations, mustWrite } from '../access';
import { AppError, invalidUrlParameter } from '../app-error';
import { newId } from '../ids';
import type { FakeCommand, FakeOutgoingHook } from '../records';
import { created, done, ok, paged, type Reply, type Request, type Route, textOf } from '../router';
import type { World } from '../world';

export const integrationRoutes: readonly Route[] = [
  { method: 'GET', path: '/hooks/outgoing', run: listHooks },
  { method: 'POST', path: '/hooks/outgoing', run: createHook },
  { method: 'GET', path: '/hooks/outgoing/:hook_id', run: (request) => ok(hookInPath(request)) },
  { method: 'PUT', path: '/hooks/outgoing/:hook_id', run: updateHook },
  { method: 'DELETE', path: '/hooks/outgoing/:hook_id', run: removeHook },
  { method: 'POST', path: '/hooks/outgoing/:hook_id/regen_token', run: renewHookToken },
  { method: 'GET', path: '/commands', run: listCommands },
  { method: 'POST', path: '/commands', run: createCommand },
  { method: 'POST', path: '/commands/execute', run: execute },
  { method: 'GET', path: '/commands/:command_id', run: (request) => ok(commandInPath(request)) },
  { method: 'PUT', path: '/commands/:command_id', run: updateCommand },
  { method: 'DELETE', path: '/commands/:command_id', run: removeCommand },
  { method: 'PUT', path: '/commands/:command_id/regen_token', run: renewCommandToken },
];

function listHooks({ world, query, caller }: Request): Reply {
  mustHaveHooks(world);
  mustManageIntegrations(caller);
  const all = [...world.hooks.values()].filter((hook) => {
    if (query.get('channel_id')) return hook.channel_id === query.get('channel_id');
    return !query.get('team_id') || hook.team_id === query.get('team_id');
  });
  return ok(paged(all, query));
}

function createHook({ world, body, caller }: Request): Reply {
  mustManageIntegrations(caller);
  mustHaveHooks(world);
  const team = world.team(textOf(body.team_id));
  const hook = makeHook({
    ...(body as Partial<FakeOutgoingHook>),
    team_id: team.id,
    creator_id: caller.id,
    token: textOf(body.token) || newId(),
  });
  checkHook(world, hook);
  world.hooks.set(hook.id, hook);
  return created(hook);
}

function updateHook(request: Request): Reply {
  const old = hookInPath(request);
  if (request.body.id !== old.id) throw new AppError(400, 'api.context.invalid_body_param.app_error');
  const { id, creator_id, create_at, team_id, token } = old;
  const wanted = { ...(request.body as Partial<FakeOutgoingHook>), id, creator_id, create_at, team_id };
  const hook = makeHook({ ...wanted, token: wanted.token || token, update_at: Date.now() });
  checkHook(request.world, hook);
  request.world.hooks.set(id, hook);
  return ok(hook);
}

function removeHook(request: Request): Reply {
  request.world.hooks.delete(hookInPath(request).id);
  return done();
}

function renewHookToken(request: Request): Reply {
  const hook = hookInPath(request);
  hook.token = newId();
  return ok(hook);
}

function hookInPath({ world, params, caller }: Request): FakeOutgoingHook {
  mustHaveHooks(world);
  const hook = world.hooks.get(params.hook_id ?? '');
  if (!hook) throw new AppError(404, 'app.webhooks.get_outgoing.app_error', 'Unable to get the webhook.');
  mustManageIntegrations(caller);
  return hook;
}

/** What Mattermost says against a hook. @throws AppError */
function checkHook(world: World, hook: FakeOutgoingHook): void {
  if (hook.channel_id !== '' && world.channel(hook.channel_id).type !== 'O') {
    throw new AppError(403, 'api.webhook.create_outgoing.not_open.app_error');
  }
  if (hook.channel_id === '' && hook.trigger_words.length === 0) {
    throw new AppError(400, 'api.webhook.create_outgoing.triggers.app_error');
  }
  if (hook.callback_urls.length === 0 || `[${hook.callback_urls.join(' ')}]`.length > 1024) {
    throw new AppError(400, 'model.outgoing_hook.is_valid.callback.app_error', 'Invalid callback URLs.');
  }
  if (!hook.callback_urls.every((url) => /^https?:\/\//.test(url))) {
    throw new AppError(400, 'model.outgoing_hook.is_valid.url.app_error', 'Each callback URL must be a valid URL.');
  }
  const twin = [...world.hooks.values()].find(
    (one) =>
      one.id !== hook.id &&
      one.team_id === hook.team_id &&
      one.channel_id === hook.channel_id &&
      one.callback_urls.some((url) => hook.callback_urls.includes(url)) &&
      one.trigger_words.some((word) => hook.trigger_words.includes(word)),
  );
  if (twin) throw new AppError(500, 'api.webhook.create_outgoing.intersect.app_error');
}

export function makeHook(change: Partial<FakeOutgoingHook>): FakeOutgoingHook {
  return {
    id: newId(),
    token: newId(),
    create_at: Date.now(),
    update_at: Date.now(),
    delete_at: 0,
    creator_id: '',
    channel_id: '',
    team_id: '',
    trigger_words: [],
    trigger_when: 0,
    callback_urls: [],
    display_name: '',
    description: '',
    content_type: '',
    username: '',
    icon_url: '',
    ...change,
  };
}

function listCommands({ world, query, caller }: Request): Reply {
  const teamId = query.get('team_id');
  if (!teamId) throw invalidUrlParameter('team_id');
  mustManageIntegrations(caller);
  mustHaveCommands(world);
  return ok([...world.commands.values()].filter(({ team_id: team }) => team === teamId));
}

function createCommand({ world, body, caller }: Request): Reply {
  mustManageIntegrations(caller);
  mustHaveCommands(world);
  const team = world.team(textOf(body.team_id));
  const wanted = { ...(body as Partial<FakeCommand>), team_id: team.id, creator_id: caller.id };
  const command = makeCommand({
    ...wanted,
    token: textOf(body.token) || newId(),
    trigger: textOf(body.trigger).toLowerCase(),
  });
  checkCommand(world, command);
  world.commands.set(command.id, command);
  return created(command);
}

async function execute({ world, body, caller, runCommand }: Request): Promise<Reply> {
  const channel = mustWrite(caller, world.channels.get(textOf(body.channel_id)));
  const { command, root_id: rootId } = body;
  const input = { channelId: channel.id, userId: caller.id, text: textOf(command), rootId: textOf(rootId) };
  const run = await runCommand(input);
  if (run.status !== 200) throw new AppError(500, 'api.command.execute_command.failed.app_error');
  return ok({ ...(run.json ?? { text: run.body }), trigger_id: run.triggerId });
}

function updateCommand(request: Request): Reply {
  const old = commandInPath(request);
  const { id, token, create_at, creator_id, team_id } = old;
  const wanted = request.body as Partial<FakeCommand>;
  if (wanted.id !== id) throw new AppError(400, 'api.context.invalid_body_param.app_error');
  if (wanted.team_id !== team_id) throw new AppError(400, 'api.command.team_mismatch.app_error');
  const command = makeCommand({ ...wanted, id, token, create_at, creator_id, team_id, update_at: Date.now() });
  checkCommand(request.world, command);
  request.world.commands.set(id, command);
  return ok(command);
}

function removeCommand(request: Request): Reply {
  request.world.commands.delete(commandInPath(request).id);
  return done();
}

function renewCommandToken(request: Request): Reply {
  const command = commandInPath(request);
  command.token = newId();
  return ok({ token: command.token });
}

function commandInPath({ world, params, caller }: Request): FakeCommand {
  const command = world.commands.get(params.command_id ?? '');
  if (!command) throw new AppError(404, 'store.sql_command.get.missing.app_error', 'Command does not exist.');
  mustManageIntegrations(caller);
  return command;
}

/** What Mattermost says against a command. @throws AppError */
function checkCommand(world: World, command: FakeCommand): void {
  if (!/^[^\s/]{1,128}$/.test(command.trigger)) throw new AppError(400, 'model.command.is_valid.trigger.app_error');
  if (!/^https?:\/\//.test(command.url)) throw new AppError(400, 'model.command.is_valid.url_http.app_error');
  if (!['P', 'G'].includes(command.method)) throw new AppError(400, 'model.command.is_valid.method.app_error');
  const twin = [...world.commands.values()].find(
    ({ id, team_id: team, trigger }) => id !== command.id && team === command.team_id && trigger === command.trigger,
  );
  if (twin) {
    const message = 'This trigger word is already in use. Please choose another word.';
    throw new AppError(400, 'api.command.duplicate_trigger.app_error', message);
  }
}

export function makeCommand(change: Partial<FakeCommand>): FakeCommand {
  return {
    id: newId(),
    token: newId(),
    create_at: Date.now(),
    update_at: Date.now(),
    delete_at: 0,
    creator_id: '',
    team_id: '',
    trigger: '',
    method: 'P',
    username: '',
    icon_url: '',
    auto_complete: false,
    auto_complete_desc: '',
    auto_complete_hint: '',
    display_name: '',
    description: '',
    url: '',
    ...change,
  };
}

function mustHaveHooks({ config }: World): void {
  if (config.EnableOutgoingWebhooks) return;
  const message = 'Outgoing webhooks have been disabled by the system admin.';
  throw new AppError(501, 'api.outgoing_webhook.disabled.app_error', message);
}

function mustHaveCommands({ config }: World): void {
  if (config.EnableCommands) return;
  throw new AppError(501, 'api.command.disabled.app_error', 'Commands have been disabled by the system admin.');
}
