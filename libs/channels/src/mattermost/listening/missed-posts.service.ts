import { setTimeout as pause } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import { type ChannelAccess, ChannelSendError } from '../../core/channel-adapter';
import { isRecord, textIn, timeIn } from '../../meta/json';
import { MattermostClient } from '../mattermost-client';
import type { MattermostUser } from '../mattermost-directory';
import { isMattermostId, type MattermostChannelType } from '../post';
import { MattermostRooms } from '../rooms';
import { type HeardPost, HeardPosts } from './heard-posts.service';
import { byTime, PER_PAGE, postsSince } from './posts-since';

/** A channel at Mattermost that the bot is in, and when something was last said there, in milliseconds by the server's clock. */
export interface JoinedRoom {
  id: string;
  type: MattermostChannelType;
  lastPostAt: number;
}

/** Channels that are read at once. */
const AT_ONCE = 4;
/** Of one request, when there are too many. */
const MAX_TRIES = 5;
const DEFAULT_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 10_000;

/** Finds what was said while nobody listened. */
@Injectable()
export class MissedPosts {
  constructor(
    private readonly client: MattermostClient,
    private readonly rooms: MattermostRooms,
    private readonly heard: HeardPosts,
    private readonly logger: PinoLogger,
  ) {}

  /** Of all teams, with direct messages and groups. @throws MattermostError */
  async joined(access: ChannelAccess, bot: MattermostUser): Promise<JoinedRoom[]> {
    const answer = await this.ask(access, `/users/${bot.id}/channels`);
    if (!Array.isArray(answer)) throw new Error('Mattermost answered without a list of channels.');
    return answer.flatMap((room: unknown) => {
      if (!isRecord(room) || !isMattermostId(room.id) || (timeIn(room, 'delete_at')?.getTime() ?? 0) > 0) return [];
      const type = (textIn(room, 'type', 1) ?? 'O') as MattermostChannelType;
      return [{ id: room.id, type, lastPostAt: timeIn(room, 'last_post_at')?.getTime() ?? 0 }];
    });
  }

  /** What may be for the bot and was said after `sinceMs`, oldest first. @throws MattermostError */
  async since(
    access: ChannelAccess,
    bot: MattermostUser,
    joined: readonly JoinedRoom[],
    sinceMs: number,
  ): Promise<HeardPost[]> {
    const waiting = joined.filter(({ lastPostAt }) => lastPostAt > sinceMs);
    const found: HeardPost[] = [];
    const readNext = async (): Promise<void> => {
      for (let room = waiting.pop(); room !== undefined; room = waiting.pop()) {
        found.push(...(await this.of(access, bot, room, sinceMs)));
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, readNext));
    return found.sort((one, other) => byTime(one.post, other.post));
  }

  private async of(
    access: ChannelAccess,
    bot: MattermostUser,
    { id, type: roomType }: JoinedRoom,
    sinceMs: number,
  ): Promise<HeardPost[]> {
    try {
      if (!(await this.rooms.isAllowed(access, id))) return [];
      const { posts, isCut } = await postsSince(
        (before) =>
          this.ask(access, `/channels/${id}/posts`, {
            per_page: PER_PAGE,
            ...(before === undefined ? {} : { before }),
          }),
        sinceMs,
        (post) => this.heard.isOfUse(access, bot, { post, roomType }),
      );
      if (isCut) {
        const where = { channel_id: access.channel.id, room_id: id };
        this.logger.warn(
          where,
          'more was posted while nobody listened than is looked at; the oldest of it is left out',
        );
      }
      return posts.map((post) => ({ post, roomType }));
    } catch (error) {
      // The bot was taken out of it meanwhile.
      if (error instanceof ChannelSendError && error.failure === 'unreachable') return [];
      throw error;
    }
  }

  /** A server that wants fewer requests gets them: begun anew each time, many channels would never be read to the end. */
  private async ask(
    access: ChannelAccess,
    path: string,
    query: Record<string, string | number> = {},
  ): Promise<unknown> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await this.client.call(access, { method: 'GET', path, query });
      } catch (error) {
        const isLimited = error instanceof ChannelSendError && error.failure === 'rate-limited';
        if (!isLimited || tries === MAX_TRIES) throw error;
        await pause(Math.min(error.retryAfterMs ?? DEFAULT_PAUSE_MS, LONGEST_PAUSE_MS));
      }
    }
  }
}
