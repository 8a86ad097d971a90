import { Injectable } from '@nestjs/common';
import type { ChannelAccess } from '../core/channel-adapter';
import { isRecord, textIn } from '../meta/json';
import { MattermostClient } from './mattermost-client';
import { MattermostError } from './mattermost-error';
import { isMattermostId, type MattermostChannelType } from './post';

export interface MattermostUser {
  id: string;
  username: string;
  isBot: boolean;
}

/** A channel there. */
export interface MattermostRoom {
  id: string;
  type: MattermostChannelType;
  name: string;
  displayName: string;
  /** Null for direct messages and groups of people. */
  teamId: string | null;
  /** As in addresses; null where there is no team. */
  teamName: string | null;
}

/** Names change seldom; whether somebody is a bot never does. */
const KEPT_MS = 600_000;
/** Entries of all channels together; about 200 bytes each. */
const MAX_KEPT = 5000;

interface Kept {
  value: Promise<unknown>;
  until: number;
}

/** Who and what there is on a server, asked once in ten minutes. */
@Injectable()
export class MattermostDirectory {
  private readonly kept = new Map<string, Kept>();

  constructor(private readonly client: MattermostClient) {}

  /** The bot itself. @throws MattermostError */
  async me(access: ChannelAccess, signal?: AbortSignal): Promise<MattermostUser> {
    return this.once(access, 'me', async () => userOf(await this.client.call(access, get('/users/me', signal))));
  }

  /** @throws MattermostError */
  async user(access: ChannelAccess, userId: string, signal?: AbortSignal): Promise<MattermostUser> {
    return this.once(access, `user ${userId}`, async () =>
      userOf(await this.client.call(access, get(`/users/${idFor(userId)}`, signal))),
    );
  }

  /** @throws MattermostError, `unreachable` when the bot may not see it */
  async room(access: ChannelAccess, channelId: string, signal?: AbortSignal): Promise<MattermostRoom> {
    return this.once(access, `room ${channelId}`, async () => {
      const found = await this.client.call(access, get(`/channels/${idFor(channelId)}`, signal));
      if (!isRecord(found)) throw notUnderstood();
      const teamId = isMattermostId(found.team_id) ? found.team_id : null;
      return {
        id: channelId,
        type: (textIn(found, 'type', 1) ?? 'O') as MattermostChannelType,
        name: textIn(found, 'name', 100) ?? '',
        displayName: textIn(found, 'display_name', 200) ?? '',
        teamId,
        teamName: teamId === null ? null : await this.teamName(access, teamId, signal),
      };
    });
  }

  private async teamName(access: ChannelAccess, teamId: string, signal?: AbortSignal): Promise<string> {
    return this.once(access, `team ${teamId}`, async () => {
      const found = await this.client.call(access, get(`/teams/${idFor(teamId)}`, signal));
      return textIn(found, 'name', 100) ?? '';
    });
  }

  /** What fails is asked again the next time. */
  private once<T>(access: ChannelAccess, name: string, ask: () => Promise<T>): Promise<T> {
    // Other credentials may see other things.
    const key = `${access.channel.id} ${access.channel.updatedAt.getTime()} ${name}`;
    const known = this.kept.get(key);
    if (known !== undefined && known.until > performance.now()) return known.value as Promise<T>;
    if (this.kept.size >= MAX_KEPT) this.kept.clear();
    const entry: Kept = { value: ask(), until: performance.now() + KEPT_MS };
    this.kept.set(key, entry);
    entry.value.catch(() => void (this.kept.get(key) === entry && this.kept.delete(key)));
    return entry.value as Promise<T>;
  }
}

const get = (path: string, signal: AbortSignal | undefined) =>
  ({ method: 'GET', path, ...(signal === undefined ? {} : { signal }) }) as const;

const notUnderstood = (): MattermostError =>
  new MattermostError('unavailable', 'Mattermost answered something else than it was asked for');

/** As a part of a path. */
function idFor(id: string): string {
  if (!isMattermostId(id)) throw new MattermostError('invalid', 'That is no id of Mattermost');
  return id;
}

function userOf(value: unknown): MattermostUser {
  if (!isRecord(value) || !isMattermostId(value.id)) throw notUnderstood();
  return { id: value.id, username: textIn(value, 'username', 100) ?? '', isBot: value.is_bot === true };
}
