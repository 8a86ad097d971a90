import { isAdmin, mustBeAdmin } from '../access';
import { AppError, noPermission } from '../app-error';
import type { FakeTeam } from '../records';
import { created, ok, paged, type Reply, type Request, type Route, textOf } from '../router';
import { memberJson, teamJson } from '../wire';
import { userInPath } from './users';

export const teamRoutes: readonly Route[] = [
  { method: 'GET', path: '/teams', run: list },
  { method: 'GET', path: '/teams/name/:name', run: byName },
  { method: 'GET', path: '/teams/:team_id', run: (request) => ok(teamJson(teamInPath(request))) },
  { method: 'GET', path: '/teams/:team_id/members', run: members },
  { method: 'POST', path: '/teams/:team_id/members', run: addMember },
  { method: 'GET', path: '/teams/:team_id/members/:user_id', run: member },
  { method: 'GET', path: '/users/:user_id/teams', run: ofUser },
];

function list({ world, caller, query }: Request): Reply {
  const all = [...world.teams.values()].filter((team) => isAdmin(caller) || team.members.has(caller.id));
  return ok(paged(all, query).map(teamJson));
}

function byName({ world, params, caller }: Request): Reply {
  const team = [...world.teams.values()].find(({ name }) => name === params.name);
  if (!team) throw new AppError(404, 'app.team.get_by_name.missing.app_error', 'Unable to find the existing team.');
  mustSee(team, caller.id, isAdmin(caller));
  return ok(teamJson(team));
}

function members(request: Request): Reply {
  const team = teamInPath(request);
  return ok(paged([...team.members], request.query).map((id) => memberJson(team.id, id)));
}

function member(request: Request): Reply {
  const team = teamInPath(request);
  const user = userInPath(request);
  if (!team.members.has(user.id)) {
    throw new AppError(
      404,
      'app.team.get_member.missing.app_error',
      'No team member found for that user ID and team ID.',
    );
  }
  return ok(memberJson(team.id, user.id));
}

function addMember(request: Request): Reply {
  const team = teamInPath(request);
  mustBeAdmin(request.caller);
  const user = request.world.user(textOf(request.body.user_id));
  team.members.add(user.id);
  // Whoever joins a team is in its default channel.
  for (const channel of request.world.channels.values()) {
    if (channel.teamId === team.id && channel.name === 'town-square') channel.members.add(user.id);
  }
  return created(memberJson(team.id, user.id));
}

function ofUser(request: Request): Reply {
  const user = userInPath(request);
  if (user.id !== request.caller.id && !isAdmin(request.caller)) throw noPermission();
  return ok([...request.world.teams.values()].filter((team) => team.members.has(user.id)).map(teamJson));
}

function teamInPath({ world, params, caller }: Request): FakeTeam {
  const team = world.team(params.team_id ?? '');
  mustSee(team, caller.id, isAdmin(caller));
  return team;
}

function mustSee(team: FakeTeam, userId: string, mayAll: boolean): void {
  if (!mayAll && !team.members.has(userId)) throw noPermission();
}
