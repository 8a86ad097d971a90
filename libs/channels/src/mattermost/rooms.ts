import { Injectable } from '@nestjs/common';
import { type ChannelAccess, ChannelSendError } from '../core/channel-adapter';
import { MattermostDirectory, type MattermostRoom } from './mattermost-directory';

/** Whether a setting means this channel: by its id, or as `team/channel-name`, as in its address. */
export function means(notation: string, room: Pick<MattermostRoom, 'id' | 'name' | 'teamName'>): boolean {
  if (notation === room.id) return true;
  return room.teamName !== null && notation.toLowerCase() === `${room.teamName}/${room.name}`.toLowerCase();
}

/** In which channels at Mattermost the bot answers. */
@Injectable()
export class MattermostRooms {
  constructor(private readonly directory: MattermostDirectory) {}

  /** @param name `team/channel-name`, where the server has told it: the bot may not be let in there. @throws MattermostError when that cannot be found out now */
  async isAllowed(access: ChannelAccess, channelId: string, signal?: AbortSignal, name?: string): Promise<boolean> {
    const { allowed_channels: allowed } = access.channel.settings;
    if (allowed.length === 0 || allowed.includes(channelId)) return true;
    if (name !== undefined) return allowed.some((notation) => notation.toLowerCase() === name.toLowerCase());
    if (!allowed.some((notation) => notation.includes('/'))) return false;
    try {
      const room = await this.directory.room(access, channelId, signal);
      return allowed.some((notation) => means(notation, room));
    } catch (error) {
      // What the bot may not see has no name here.
      if (error instanceof ChannelSendError && error.failure === 'unreachable') return false;
      throw error;
    }
  }
}
