import type { ContextNote, TurnContext } from '@app/contracts';
import { Injectable } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import { ContextProviders } from '../../context/context-providers.service';
import { type ChannelAccess, ChannelSendError } from '../../core/channel-adapter';
import type { AskedThere } from '../../core/surroundings';
import { postsAskedFor } from '../commands';
import { MattermostDirectory, type MattermostRoom } from '../mattermost-directory';
import { type Place, placeOf } from '../place';
import { means } from '../rooms';
import { EarlierPosts } from './earlier-posts';

/** For everything that is asked of Mattermost; the answer does not wait longer for it. */
const DEADLINE_MS = 5000;

/** What is around a question at Mattermost: the prompt of its channel, what others have written there, and what context providers say. */
@Injectable()
export class MattermostContext {
  constructor(
    private readonly directory: MattermostDirectory,
    private readonly posts: EarlierPosts,
    private readonly providers: ContextProviders,
    private readonly logger: PinoLogger,
  ) {}

  /** What cannot be had is left out, and said in the log: this never rejects. */
  async of(access: ChannelAccess, around: AskedThere, signal: AbortSignal): Promise<TurnContext> {
    const place = placeOf(around.threadKey);
    if (place === null) return { instructions: null, notes: [] };
    const inTime = AbortSignal.any([signal, AbortSignal.timeout(DEADLINE_MS)]);
    const room = this.room(access, place, inTime);
    const asking = { text: around.content, user: around.name ?? around.externalId, channel: place.channelId };
    const [instructions, earlier, looked] = await Promise.all([
      this.instructions(access, place, room),
      this.earlier(access, around, place, room, inTime),
      this.providers.ask(access, asking, signal),
    ]);
    return { instructions, notes: [...(earlier === null ? [] : [earlier]), ...looked] };
  }

  /** Null when it cannot be found out. */
  private async room(access: ChannelAccess, { channelId }: Place, signal: AbortSignal): Promise<MattermostRoom | null> {
    const { channel_prompts: prompts, context_posts: most } = access.channel.settings;
    if (most === 0 && prompts.every(({ channel }) => !channel.includes('/'))) return null;
    return this.orNull(access, 'the channel', () => this.directory.room(access, channelId, signal));
  }

  private async instructions(
    { channel }: ChannelAccess,
    { channelId }: Place,
    asked: Promise<MattermostRoom | null>,
  ): Promise<string | null> {
    const { channel_prompts: prompts } = channel.settings;
    const byId = prompts.find((prompt) => prompt.channel === channelId);
    if (byId !== undefined) return byId.prompt;
    const room = await asked;
    return room === null ? null : (prompts.find((prompt) => means(prompt.channel, room))?.prompt ?? null);
  }

  private async earlier(
    access: ChannelAccess,
    around: AskedThere,
    place: Place,
    asked: Promise<MattermostRoom | null>,
    signal: AbortSignal,
  ): Promise<ContextNote | null> {
    const { context_posts: usual } = access.channel.settings;
    if (usual === 0) return null;
    const room = await asked;
    // Of direct messages the conversation itself has everything.
    if (room === null || room.type === 'D') return null;
    const most = postsAskedFor(around.content) ?? usual;
    return this.orNull(access, 'earlier posts', () => this.posts.of(access, { around, place, room, most }, signal));
  }

  private async orNull<T>({ channel }: ChannelAccess, what: string, ask: () => Promise<T>): Promise<T | null> {
    try {
      return await ask();
    } catch (error) {
      const reason = error instanceof ChannelSendError ? error.message : error;
      this.logger.warn({ channel_id: channel.id, reason }, `${what} could not be had; answering without`);
      return null;
    }
  }
}
