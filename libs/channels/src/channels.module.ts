import { AuthModule } from '@app/auth';
import { ConversationsModule } from '@app/conversations';
import { PersonasModule } from '@app/personas';
import { HealthModule, HttpModule, KeyRotation, QueueWorkerModule } from '@app/platform';
import { SessionsModule } from '@app/sessions';
import { Module } from '@nestjs/common';
import { ADAPTER_PROVIDERS, ADAPTERS } from './adapters';
import { CHANNEL_ADAPTERS } from './channels/channel-adapters';
import {
  CHANNEL_CONTROLLERS,
  CHANNEL_HTTP_PROVIDERS,
  CHANNEL_PROVIDERS,
  CHANNEL_WORKER_PROVIDERS,
} from './channels/channels.parts';
import { ENCRYPTED_TABLES } from './channels/persistence/encrypted-tables';
import { CONTEXT_PROVIDERS } from './context/context.parts';
import type { ChannelAdapter } from './core/channel-adapter';
import { HOOK_CONTROLLERS, HOOK_PROVIDERS } from './hooks/hooks.parts';
import { INBOX_CONTROLLERS, INBOX_HTTP_PROVIDERS, INBOX_PROVIDERS, INBOX_WORKER_PROVIDERS } from './inbox/inbox.parts';
import { LISTENING_WORKER_PROVIDERS } from './mattermost/listening/listening.parts';
import {
  OUTBOX_CONTROLLERS,
  OUTBOX_HTTP_PROVIDERS,
  OUTBOX_PROVIDERS,
  OUTBOX_WORKER_PROVIDERS,
} from './outbox/outbox.parts';

const LIBRARIES = [AuthModule, PersonasModule, ConversationsModule, SessionsModule];
const EVERYWHERE = [...ADAPTERS, ...CHANNEL_PROVIDERS, ...CONTEXT_PROVIDERS, ...INBOX_PROVIDERS, ...OUTBOX_PROVIDERS];

/** Doors to other systems, as every process needs them. What belongs in which process, each part says in its own `*.parts.ts`. */
@Module({
  imports: [...LIBRARIES, HealthModule],
  providers: [
    ...ADAPTER_PROVIDERS,
    { provide: CHANNEL_ADAPTERS, useFactory: (...adapters: ChannelAdapter[]) => adapters, inject: ADAPTERS },
    ...EVERYWHERE,
  ],
  exports: [...EVERYWHERE, ...ADAPTER_PROVIDERS],
})
export class ChannelsModule {
  constructor(rotation: KeyRotation) {
    rotation.register(...ENCRYPTED_TABLES);
  }
}

/** For processes that serve HTTP. */
@Module({
  imports: [...LIBRARIES, HttpModule, ChannelsModule],
  controllers: [...CHANNEL_CONTROLLERS, ...HOOK_CONTROLLERS, ...INBOX_CONTROLLERS, ...OUTBOX_CONTROLLERS],
  providers: [...CHANNEL_HTTP_PROVIDERS, ...HOOK_PROVIDERS, ...INBOX_HTTP_PROVIDERS, ...OUTBOX_HTTP_PROVIDERS],
})
export class ChannelsHttpModule {}

/** For processes that work. */
@Module({
  imports: [...LIBRARIES, QueueWorkerModule, ChannelsModule],
  providers: [
    ...CHANNEL_WORKER_PROVIDERS,
    ...INBOX_WORKER_PROVIDERS,
    ...OUTBOX_WORKER_PROVIDERS,
    ...LISTENING_WORKER_PROVIDERS,
  ],
})
export class ChannelsWorkerModule {}
