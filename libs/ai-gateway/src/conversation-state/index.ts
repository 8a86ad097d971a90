export { ConversationStateModule } from './conversation-state.module';
export { type Answer, ConversationStateService } from './conversation-state.service';
export { RemoteRemovalsService } from './remote-removals.service';
