import { noPermission } from './app-error';
import type { FakeChannel, FakeUser } from './records';
import type { World } from './world';

export const isAdmin = (user: FakeUser): boolean => user.roles.includes('system_admin');

export function mustBeAdmin(user: FakeUser): void {
  if (!isAdmin(user)) throw noPermission();
}

/** Public channels can be read by everybody of the team. @throws AppError 403 */
export function mustRead(world: World, user: FakeUser, channel: FakeChannel): void {
  if (isAdmin(user) || channel.members.has(user.id)) return;
  if (channel.type === 'O' && world.teams.get(channel.teamId)?.members.has(user.id)) return;
  throw noPermission();
}

/** A channel that there is not is refused alike, as Mattermost does. @throws AppError 403 */
export function mustWrite(user: FakeUser, channel: FakeChannel | undefined): FakeChannel {
  if (!channel || !(channel.members.has(user.id) || isAdmin(user))) throw noPermission();
  return channel;
}

/** Integrations of a team: its members' own, and administrators'. @throws AppError 403 */
export function mustManageIntegrations(user: FakeUser): void {
  if (!isAdmin(user) && !user.roles.includes('team_admin')) throw noPermission();
}
