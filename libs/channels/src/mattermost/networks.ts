import { AppConfig, GuardedNetwork } from '@app/platform';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { Channel } from '../core/channel';

/** Where metadata services of clouds are, which no Mattermost ever is: 169.254.0.0/16, fe80::/10, those of Amazon and Alibaba, and what is translated to IPv4, and nothing that is no single machine. */
const NEVER =
  /^(?:169\.254\.|100\.100\.100\.200$|0\.|22[4-9]\.|23\d\.|255\.|::$|fd00:ec2:|64:ff9b:|fe[89ab][0-9a-f]:|ff[0-9a-f]{2}:|::ffff:(?:169\.254\.|0\.|a9fe:))/i;

/** The way to Mattermost servers: on the public internet only, unless both the operator and the channel's owner say otherwise. */
@Injectable()
export class MattermostNetworks implements OnModuleDestroy {
  private readonly publicOnly = new GuardedNetwork();
  private readonly anywhere = new GuardedNetwork({ permits: (address) => !NEVER.test(address) });

  constructor(private readonly config: AppConfig) {}

  of({ settings }: Pick<Channel, 'settings'>): GuardedNetwork {
    return settings.allow_private_network && this.config.channels.allowPrivateMattermost
      ? this.anywhere
      : this.publicOnly;
  }

  async onModuleDestroy(): Promise<void> {
    await Promise.all([this.publicOnly.close(), this.anywhere.close()]);
  }
}
