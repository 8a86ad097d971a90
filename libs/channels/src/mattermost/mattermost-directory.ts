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
/** Users that are asked for at once. */
const MAX_IDS = 200;

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
    return this.once(access, 'me', signal, async () => userOf(await this.client.call(access, get('/users/me'))));
  }

  /** @throws MattermostError */
  async user(access: ChannelAccess, userId: string, signal?: AbortSignal): Promise<MattermostUser> {
    return this.once(access, `user ${userId}`, signal, async () =>
      userOf(await this.client.call(access, get(`/users/${idFor(userId)}`))),
    );
  }

  /** Who has written a post. Profiles can be hidden, and the post itself says, too, when it is by a program: nobody is waited for in vain. @throws MattermostError */
  async author(access: ChannelAccess, userId: string, signal?: AbortSignal): Promise<Omit<MattermostUser, 'id'>> {
    try {
      return await this.user(access, userId, signal);
    } catch (error) {
      const isForGood = error instanceof MattermostError && ['unreachable', 'invalid'].includes(error.failure);
      if (isForGood) return { username: '', isBot: false };
      throw error;
    }
  }

  /** Those of them that there are, by their ids. @throws MattermostError */
  async users(
    access: ChannelAccess,
    userIds: readonly string[],
    signal?: AbortSignal,
  ): Promise<Map<string, MattermostUser>> {
    const unknown = userIds.filter((id) => isMattermostId(id) && this.known(access, `user ${id}`) === undefined);
    if (unknown.length > 0) {
      const answer = await this.client.call(access, {
        method: 'POST',
        path: '/users/ids',
        body: unknown.slice(0, MAX_IDS),
        ...(signal === undefined ? {} : { signal }),
      });
      const found = Array.isArray(answer) ? answer.filter((user) => isRecord(user) && isMattermostId(user.id)) : [];
      for (const user of found.map(userOf)) void this.keep(access, `user ${user.id}`, Promise.resolve(user));
    }
    const users = userIds.map((id) => this.known(access, `user ${id}`)).filter((user) => user !== undefined);
    const there = (await Promise.all(users)) as MattermostUser[];
    return new Map(there.map((user) => [user.id, user]));
  }

  /** @throws MattermostError, `unreachable` when the bot may not see it */
  async room(access: ChannelAccess, channelId: string, signal?: AbortSignal): Promise<MattermostRoom> {
    return this.once(access, `room ${channelId}`, signal, async () => {
      const found = await this.client.call(access, get(`/channels/${idFor(channelId)}`));
      if (!isRecord(found)) throw notUnderstood();
      const teamId = isMattermostId(found.team_id) ? found.team_id : null;
      return {
        id: channelId,
        type: (textIn(found, 'type', 1) ?? 'O') as MattermostChannelType,
        name: textIn(found, 'name', 100) ?? '',
        displayName: textIn(found, 'display_name', 200) ?? '',
        teamId,
        teamName: teamId === null ? null : await this.teamName(access, teamId),
      };
    });
  }

  private async teamName(access: ChannelAccess, teamId: string): Promise<string> {
    return this.once(access, `team ${teamId}`, undefined, async () => {
      const found = await this.client.call(access, get(`/teams/${idFor(teamId)}`));
      return textIn(found, 'name', 100) ?? '';
    });
  }

  /** What fails is asked again the next time. What is asked is shared, so nobody's own end ends it for the others: the client has a deadline. */
  private once<T>(
    access: ChannelAccess,
    name: string,
    signal: AbortSignal | undefined,
    ask: () => Promise<T>,
  ): Promise<T> {
    const shared = (this.known(access, name) as Promise<T> | undefined) ?? this.keep(access, name, ask());
    return signal === undefined ? shared : untilAborted(shared, signal);
  }

  private known(access: ChannelAccess, name: string): Promise<unknown> | undefined {
    const known = this.kept.get(keyOf(access, name));
    return known !== undefined && known.until > performance.now() ? known.value : undefined;
  }

  private keep<T>(access: ChannelAccess, name: string, value: Promise<T>): Promise<T> {
    const key = keyOf(access, name);
    if (this.kept.size >= MAX_KEPT) this.kept.clear();
    const entry: Kept = { value, until: performance.now() + KEPT_MS };
    this.kept.set(key, entry);
    value.catch(() => void (this.kept.get(key) === entry && this.kept.delete(key)));
    return value;
  }
}

/** Other credentials may see other things. */
const keyOf = ({ channel }: ChannelAccess, name: string): string =>
  `${channel.id} ${channel.updatedAt.getTime()} ${name}`;

const get = (path: string) => ({ method: 'GET', path }) as const;

async function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise: ended, reject } = Promise.withResolvers<never>();
  const end = (): void => reject(new MattermostError('unavailable', 'Mattermost did not answer in time'));
  if (signal.aborted) end();
  signal.addEventListener('abort', end);
  try {
    return await Promise.race([work, ended]);
  } finally {
    signal.removeEventListener('abort', end);
  }
}

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
