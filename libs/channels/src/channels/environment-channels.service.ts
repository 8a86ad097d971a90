import { AppError } from '@app/kernel';
import { AppConfig, type EnvironmentChannel, isUniqueViolation } from '@app/platform';
import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import type { Channel, ChannelSettings, ChannelType } from '../core/channel';
import { withDefaults } from '../core/channel-settings';
import { ChannelAdapters } from './channel-adapters';
import { ChannelDirectory } from './channel-directory.service';
import { ChannelsRepository, type NewChannel } from './persistence/channels.repository';
import { DefaultWorkspaceRepository } from './persistence/default-workspace.repository';

const NAMES: Record<EnvironmentChannel['type'], string> = {
  whatsapp: 'WhatsApp',
  instagram: 'Instagram',
  mattermost: 'Mattermost',
};

/**
 * Channels that a single-box set-up has in its environment (`WHATSAPP_…`, `INSTAGRAM_…`, `MATTERMOST_…`): made at the start in the default workspace, with the persona that
 * came along. From then on they are channels like others; only their credentials follow the environment, and whether a private network may be used.
 */
@Injectable()
export class EnvironmentChannels implements OnApplicationBootstrap {
  constructor(
    private readonly config: AppConfig,
    private readonly adapters: ChannelAdapters,
    private readonly repository: ChannelsRepository,
    private readonly defaults: DefaultWorkspaceRepository,
    private readonly directory: ChannelDirectory,
    private readonly logger: PinoLogger,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    for (const channel of this.config.channels.fromEnvironment) {
      // What is wrong with one channel must not keep everything else from starting.
      await this.apply(channel).catch((error: unknown) => {
        this.logger.error(
          { err: error, type: channel.type, problems: problemsOf(error, channel.variables) },
          'the channel of the environment is not set up',
        );
      });
    }
  }

  private async apply({
    type,
    credentials: given,
    settings: first = {},
    followed = {},
  }: EnvironmentChannel): Promise<void> {
    const settings = { ...first, ...followed } as Partial<ChannelSettings>;
    const { accountId, credentials } = this.adapters.get(type).accept(given, withDefaults(settings, type));
    const place = await this.defaults.find();
    if (place === undefined) {
      this.logger.warn(
        { type },
        'the default workspace has no persona that answers; the channel of the environment waits',
      );
      return;
    }
    const known = await this.repository.findByAccount(place.workspaceId, type, accountId);
    if (known === undefined) await this.create({ ...place, type, accountId, settings }, credentials);
    else await this.follow(known, credentials, followed);
    await this.tellOfTwins(type, accountId, credentials.bot_token);
  }

  /** A server that has another address from now on is another channel, and the former one still listens. */
  private async tellOfTwins(type: ChannelType, accountId: string, token: string | undefined): Promise<void> {
    if (token === undefined) return;
    const others = (await this.directory.ofType(type)).filter(({ channel, credentials }) => {
      return channel.isEnabled && channel.accountId !== accountId && credentials.bot_token === token;
    });
    if (others.length === 0) return;
    this.logger.warn(
      { type, channel_ids: others.map(({ channel }) => channel.id) },
      'other channels have the same bot, so everything is answered twice: switch them off, or remove them',
    );
  }

  private async follow(
    known: Channel,
    credentials: Record<string, string>,
    followed: Partial<ChannelSettings>,
  ): Promise<void> {
    const changed = Object.entries(followed).filter(
      ([name, value]) => known.settings[name as keyof ChannelSettings] !== value,
    );
    if (changed.length > 0) await this.repository.change(known.id, { settings: Object.fromEntries(changed) });
    const [stored] = await this.repository.sealed([known.id]);
    const hasNew = stored !== undefined && !this.repository.holds(stored, credentials);
    if (hasNew) await this.repository.setCredentials(known.id, credentials);
    if (!hasNew && changed.length === 0) return;
    this.directory.changed(known.id);
    this.logger.info(
      { channel_id: known.id, type: known.type },
      'the credentials of a channel were taken from the environment',
    );
  }

  private async create(
    channel: Omit<NewChannel, 'name' | 'isEnabled'> & { type: EnvironmentChannel['type'] },
    credentials: Record<string, string>,
  ): Promise<void> {
    try {
      const { id } = await this.repository.insert(
        { ...channel, name: NAMES[channel.type], isEnabled: true },
        credentials,
      );
      this.directory.changed(id);
      this.logger.info({ channel_id: id, type: channel.type }, 'a channel was set up from the environment');
    } catch (error) {
      // Another process was faster.
      if (!isUniqueViolation(error, 'channels_account_key')) throw error;
    }
  }
}

/** By the variables, in which whoever reads it has set them. */
function problemsOf(error: unknown, variables: Readonly<Record<string, string>>): string[] | undefined {
  if (!(error instanceof AppError)) return undefined;
  return error.extra.errors?.map(
    ({ field, message }) => `${variables[field.replace(/^credentials\./, '')] ?? field} ${message}`,
  );
}
