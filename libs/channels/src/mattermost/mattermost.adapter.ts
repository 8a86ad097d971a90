import type { TurnContext } from '@app/contracts';
import { Injectable } from '@nestjs/common';
import type { Channel, ChannelSettings } from '../core/channel';
import type {
  ChannelAccess,
  ChannelAdapter,
  CheckResult,
  Credentials,
  HookEvents,
  HookRules,
  InboundEvent,
  InboundMessage,
  OutgoingPart,
  RemoteMedia,
  Sender,
  TextLimit,
} from '../core/channel-adapter';
import type { AskedThere, ReadCommand } from '../core/surroundings';
import { MattermostContext } from './context/mattermost-context';
import { acceptMattermostCredentials } from './mattermost-credentials';
import { MattermostCheck } from './mattermost-check';
import { MattermostClient } from './mattermost-client';
import { MattermostCommands } from './mattermost-commands';
import { MattermostError } from './mattermost-error';
import { mattermostHooks, parseMattermostHook } from './mattermost-hooks';
import { MattermostInbound } from './mattermost-inbound';
import { MattermostSender, placeFor } from './mattermost-sender';
import { toMattermost } from './mattermost-text';
import { isMattermostId } from './post';
import { SentPosts } from './sent-posts';

/** A Mattermost server: outgoing webhooks and the slash command come in as hooks, and the bot listens on the WebSocket besides. */
@Injectable()
export class MattermostAdapter implements ChannelAdapter {
  readonly type = 'mattermost';
  /** What every server takes, in characters: https://github.com/mattermost/mattermost/blob/master/server/public/model/post.go (PostMessageMaxRunesV2) */
  readonly textLimit: TextLimit = { max: 16_383, unit: 'characters' };
  readonly windowMs = null;
  readonly hasTemplates = false;
  readonly confirmsByOwnId = false;
  readonly hooks: HookRules;

  constructor(
    private readonly client: MattermostClient,
    private readonly inbound: MattermostInbound,
    private readonly sender: MattermostSender,
    private readonly found: SentPosts,
    private readonly checks: MattermostCheck,
    private readonly commands: MattermostCommands,
    private readonly context: MattermostContext,
  ) {
    this.hooks = mattermostHooks(commands);
  }

  accept(
    credentials: Record<string, unknown>,
    settings: ChannelSettings,
  ): { accountId: string; credentials: Credentials } {
    return acceptMattermostCredentials(credentials, settings);
  }

  parse(body: unknown): HookEvents[] {
    return parseMattermostHook(body, (text) => this.commands.isQuestion(text));
  }

  complete(access: ChannelAccess, event: InboundMessage): Promise<InboundEvent> {
    return this.inbound.complete(access, event);
  }

  readCommand(access: ChannelAccess, identityId: number, message: InboundMessage): Promise<ReadCommand | null> {
    return this.commands.read(access, identityId, message);
  }

  surroundings(access: ChannelAccess, asked: AskedThere, signal: AbortSignal): Promise<TurnContext> {
    return this.context.of(access, asked, signal);
  }

  format(markdown: string): string {
    return toMattermost(markdown);
  }

  send(access: ChannelAccess, part: OutgoingPart): Promise<string> {
    return this.sender.send(access, part);
  }

  findSent(access: ChannelAccess, part: OutgoingPart, since: Date): Promise<string | null> {
    return this.found.find(access, part, since);
  }

  tell(access: ChannelAccess, message: InboundMessage, text: string): Promise<void> {
    return this.sender.tell(access, message, text);
  }

  async showTurnBegins(access: ChannelAccess, _externalId: string, _to: Sender, threadKey: string): Promise<void> {
    const { channelId, rootId } = placeFor(threadKey);
    const body = { channel_id: channelId, ...(rootId === null ? {} : { parent_id: rootId }) };
    await this.client.call(access, { method: 'POST', path: '/users/me/typing', body });
  }

  async fetchMedia(
    access: ChannelAccess,
    media: RemoteMedia,
    maxBytes: number,
  ): Promise<{ content: Buffer; contentType: string }> {
    if (!isMattermostId(media.ref)) throw new MattermostError('invalid', 'The file has no id of Mattermost');
    return this.client.download(access, `/files/${media.ref}`, maxBytes);
  }

  check(access: ChannelAccess): Promise<CheckResult> {
    return this.checks.run(access);
  }

  howToBeTold({ id }: Pick<Channel, 'id'>): string {
    return `Write the bot's name in a channel that it is in, or to it directly. For outgoing webhooks enter https://<your server>/webhooks/mattermost/${id}/outgoing at Mattermost, for the slash command https://<your server>/webhooks/mattermost/${id}/command; npm run mattermost:setup does both. If Mattermost cannot reach them, AllowedUntrustedInternalConnections in its System Console may have to name this server.`;
  }
}
