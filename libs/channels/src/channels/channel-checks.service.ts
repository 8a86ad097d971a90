import { DecryptionError, type Principal } from '@app/platform';
import { Injectable } from '@nestjs/common';
import type { Channel, ChannelType } from '../core/channel';
import { ChannelSendError, type CheckResult } from '../core/channel-adapter';
import { ChannelAdapters } from './channel-adapters';
import { ChannelProblems } from './channel-problems.service';
import { ChannelDirectory } from './channel-directory.service';
import { channelNotFound, credentialsUnreadable } from './channels.errors';
import { type ChannelCheck, ChannelsService } from './channels.service';
import { ChannelStateRepository } from './persistence/channel-state.repository';
import { ChannelsRepository, type SealedChannel } from './persistence/channels.repository';

type Finding = CheckResult['findings'][number];

/** Tries a channel out: asks the other system, and says what is missing on either side. */
@Injectable()
export class ChannelChecks {
  constructor(
    private readonly channels: ChannelsService,
    private readonly repository: ChannelsRepository,
    private readonly states: ChannelStateRepository,
    private readonly adapters: ChannelAdapters,
    private readonly problems: ChannelProblems,
    private readonly directory: ChannelDirectory,
  ) {}

  /** @throws 404 CHANNEL.NOT_FOUND, 503 CHANNEL.CREDENTIALS_UNREADABLE */
  async run(principal: Principal, id: number): Promise<ChannelCheck> {
    await this.channels.get(principal, id);
    const [stored] = await this.repository.sealed([id]);
    if (stored === undefined) throw channelNotFound(id);
    const there = await this.ask(stored);
    const here = await this.lookHere(stored);
    await this.repository.setChecked(id);
    if (there.isWorking) await this.problems.clear(id);
    this.directory.changed(id);
    const webhook = await this.webhook(stored);
    return {
      isWorking: there.isWorking && here.every(({ isOk }) => isOk),
      findings: [...there.findings, ...here, webhook],
      checkedAt: new Date(),
    };
  }

  /** Not being able to ask is a finding, too. */
  private async ask(stored: SealedChannel): Promise<CheckResult> {
    const { sealedCredentials: _sealed, ...channel } = stored;
    try {
      const access = { channel, credentials: this.repository.open(stored) };
      return await this.adapters.get(channel.type).check(access);
    } catch (error) {
      if (error instanceof DecryptionError) throw credentialsUnreadable(channel.id);
      if (!(error instanceof ChannelSendError)) throw error;
      return { isWorking: false, findings: [{ name: 'connection', isOk: false, detail: error.message }] };
    }
  }

  private async lookHere({ id, isEnabled }: Channel): Promise<Finding[]> {
    const isAnswered = await this.states.isAnswered(id);
    return [
      {
        name: 'is_enabled',
        isOk: isEnabled,
        detail: isEnabled
          ? 'The channel is switched on.'
          : `The channel is switched off: PATCH /channels/${id} with is_enabled true.`,
      },
      {
        name: 'persona',
        isOk: isAnswered,
        detail: isAnswered
          ? 'The persona is there and shared in the workspace.'
          : `The persona is deleted or private, so nobody answers: PATCH /channels/${id} with another persona_id.`,
      },
    ];
  }

  /** Whether the other system has our address cannot be asked with these credentials; what has arrived says so. */
  private async webhook({ id, type }: Channel): Promise<Finding> {
    const lastAt = await this.states.lastReceivedAt(id);
    return {
      name: 'webhook',
      isOk: lastAt !== null,
      detail:
        lastAt === null
          ? `Nothing has arrived yet. ${this.adapters.get(type).howToBeTold?.({ id }) ?? howMetaTells(type)}`
          : `The last hook arrived at ${lastAt.toISOString()}.`,
    };
  }
}

const howMetaTells = (type: ChannelType): string =>
  `Enter https://<your server>/webhooks/${type} with your verify_token in the app's dashboard, subscribe to messages, and write one. If the dashboard shows deliveries that were refused with 401, app_secret is not that of the app that sends them.`;
