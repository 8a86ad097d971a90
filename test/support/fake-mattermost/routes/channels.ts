import { isAdmin, mustRead } from '../access';
import { AppError, noPermission } from '../app-error';
import type { FakeChannel } from '../records';
import { created, done, ok, paged, type Reply, type Request, type Route, textOf } from '../router';
import { channelJson } from '../wire';
import type { World } from '../world';
import { userInPath } from './users';

export const channelRoutes: readonly Route[] = [
  { method: 'POST', path: '/channels/direct', run: direct },
  { method: 'GET', path: '/channels/:channel_id', run: (request) => ok(channelJson(channelInPath(request))) },
  { method: 'GET', path: '/channels/:channel_id/members', run: members },
  { method: 'POST', path: '/channels/:channel_id/members', run: addMember },
  { method: 'GET', path: '/channels/:channel_id/members/:user_id', run: member },
  { method: 'DELETE', path: '/channels/:channel_id/members/:user_id', run: removeMember },
  { method: 'GET', path: '/teams/:team_id/channels/name/:name', run: byName },
  { method: 'GET', path: '/teams/name/:team/channels/name/:name', run: byNames },
  { method: 'GET', path: '/teams/:team_id/channels', run: publicOnes },
  { method: 'GET', path: '/users/:user_id/channels', run: ofUser },
  { method: 'GET', path: '/users/:user_id/teams/:team_id/channels', run: ofUser },
];

export function channelInPath({ world, params, caller }: Request): FakeChannel {
  const channel = world.channel(params.channel_id ?? '');
  mustRead(world, caller, channel);
  return channel;
}

function direct({ world, body, caller }: Request): Reply {
  const [one, other] = Array.isArray(body) ? body.map(String) : [];
  if (one === undefined || other === undefined) throw new AppError(400, 'api.context.invalid_body_param.app_error');
  if (caller.id !== one && caller.id !== other && !isAdmin(caller)) throw noPermission();
  return created(channelJson(world.direct(world.user(one).id, world.user(other).id)));
}

function members(request: Request): Reply {
  const channel = channelInPath(request);
  return ok(paged([...channel.members], request.query).map((id) => channelMember(channel.id, id)));
}

function member(request: Request): Reply {
  const channel = channelInPath(request);
  const user = userInPath(request);
  if (!channel.members.has(user.id)) {
    throw new AppError(404, 'app.channel.get_member.missing.app_error', 'No channel member found for that user ID.');
  }
  return ok(channelMember(channel.id, user.id));
}

function addMember(request: Request): Reply {
  const channel = channelInPath(request);
  const user = request.world.user(textOf(request.body.user_id));
  channel.members.add(user.id);
  return created(channelMember(channel.id, user.id));
}

function removeMember(request: Request): Reply {
  channelInPath(request).members.delete(userInPath(request).id);
  return done();
}

function byName(request: Request): Reply {
  return ok(channelJson(named(request, request.params.team_id ?? '')));
}

function byNames(request: Request): Reply {
  const team = [...request.world.teams.values()].find(({ name }) => name === request.params.team);
  return ok(channelJson(named(request, team?.id ?? '')));
}

function named({ world, params, caller }: Request, teamId: string): FakeChannel {
  const channel = [...world.channels.values()].find((one) => one.teamId === teamId && one.name === params.name);
  if (!channel || teamId === '') {
    throw new AppError(404, 'app.channel.get_by_name.missing.app_error', 'Channel does not exist.');
  }
  mustRead(world, caller, channel);
  return channel;
}

function publicOnes({ world, params, query }: Request): Reply {
  const all = [...world.channels.values()].filter(({ teamId, type }) => teamId === params.team_id && type === 'O');
  return ok(paged(all, query).map(channelJson));
}

/** Direct and group channels belong to every team. */
function ofUser(request: Request): Reply {
  const user = userInPath(request);
  if (user.id !== request.caller.id && !isAdmin(request.caller)) throw noPermission();
  const all = channelsOf(request.world, user.id).filter(({ teamId }) => {
    return request.params.team_id === undefined || teamId === '' || teamId === request.params.team_id;
  });
  return ok(all.map(channelJson));
}

function channelsOf(world: World, userId: string): FakeChannel[] {
  return [...world.channels.values()].filter(({ members: all, deleteAt }) => all.has(userId) && deleteAt === 0);
}

function channelMember(channelId: string, userId: string): Record<string, unknown> {
  return { channel_id: channelId, user_id: userId, roles: 'channel_user', last_viewed_at: 0, mention_count: 0 };
}
