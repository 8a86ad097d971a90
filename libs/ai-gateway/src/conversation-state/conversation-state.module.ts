import { ConversationsModule } from '@app/conversations';
import { PersonasModule } from '@app/personas';
import { Module } from '@nestjs/common';
import { ProviderModule } from '../provider.module';
import { ConversationStateService } from './conversation-state.service';
import { RemoteConversationsRepository } from './persistence/remote-conversations.repository';
import { RemoteRemovalsRepository } from './persistence/remote-removals.repository';
import { RemoteConversationBuilder } from './remote-conversation-builder';
import { RemoteRemovalsService } from './remote-removals.service';

/** Where the context of conversations is kept, and the copies at the upstream. */
@Module({
  imports: [ProviderModule, ConversationsModule, PersonasModule],
  providers: [
    RemoteConversationsRepository,
    RemoteRemovalsRepository,
    RemoteConversationBuilder,
    RemoteRemovalsService,
    ConversationStateService,
  ],
  exports: [ConversationStateService, RemoteRemovalsService, RemoteConversationsRepository, RemoteConversationBuilder],
})
export class ConversationStateModule {}
