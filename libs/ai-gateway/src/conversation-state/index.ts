export { ConversationStateModule } from './conversation-state.module';
export { type Answer, ConversationStateService } from './conversation-state.service';
export { OpenAiConversationController } from './http/openai-conversation.controller';
export { OpenAiConversationService } from './http/openai-conversation.service';
export { RemoteRemovalsService } from './remote-removals.service';
