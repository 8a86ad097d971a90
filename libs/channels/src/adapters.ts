import type { Provider, Type } from '@nestjs/common';
import type { ChannelAdapter } from './core/channel-adapter';
import { InstagramAdapter } from './instagram/instagram.adapter';
import { MattermostAdapter } from './mattermost/mattermost.adapter';
import { MATTERMOST_PROVIDERS } from './mattermost/mattermost.parts';
import { GraphClient } from './meta/graph-client';
import { WhatsAppAdapter } from './whatsapp/whatsapp.adapter';

/** One for each of `CHANNEL_TYPES`. A further kind of channel is one folder, and one line here. */
export const ADAPTERS: Type<ChannelAdapter>[] = [WhatsAppAdapter, InstagramAdapter, MattermostAdapter];

/** What they need. */
export const ADAPTER_PROVIDERS: Provider[] = [GraphClient, ...MATTERMOST_PROVIDERS];
