import { ConversationsModule } from '@app/conversations';
import { PersonasModule } from '@app/personas';
import { QueueWorkerModule } from '@app/platform';
import { Module } from '@nestjs/common';
import { BudgetsHttpModule, BudgetsModule, BudgetsWorkerModule } from './budgets';
import { ChatHealthController } from './chat-health.controller';
import { CompletionRequestBuilder } from './completion-request.builder';
import { ConversationRunner } from './conversation-runner';
import { LearnedWindows, PromptFitter } from './context';
import { ConversationStateModule, OpenAiConversationController, OpenAiConversationService } from './conversation-state';
import { LedgerModule } from './ledger.module';
import { ModelCaller } from './model-caller';
import { ModelCheckModule, ModelWarningsController, ModelWatchModule } from './model-watch';
import { PromptPictures } from './prompt-pictures';
import { ProtectionModule, UpstreamStateModule } from './protection';
import { ProviderModule } from './provider.module';
import { ConversationSummariser, SummaryCaller, SummaryRequests } from './summary';
import { TurnProcessor } from './turn-processor';
import { TurnOutcomes } from './turn-outcomes';
import { TurnRunner } from './turn-runner';

/** For processes that answer messages. */
@Module({
  imports: [
    QueueWorkerModule,
    ConversationsModule,
    PersonasModule,
    LedgerModule,
    ProviderModule,
    ConversationStateModule,
    ProtectionModule,
    ModelCheckModule,
    BudgetsModule,
    BudgetsWorkerModule,
  ],
  providers: [
    LearnedWindows,
    PromptFitter,
    CompletionRequestBuilder,
    PromptPictures,
    SummaryRequests,
    SummaryCaller,
    ConversationSummariser,
    ModelCaller,
    TurnOutcomes,
    TurnRunner,
    ConversationRunner,
    TurnProcessor,
  ],
  exports: [ConversationStateModule, ModelCheckModule, BudgetsWorkerModule],
})
export class AiGatewayWorkerModule {}

/** For processes that serve HTTP. */
@Module({
  imports: [
    ProviderModule,
    ConversationsModule,
    PersonasModule,
    ConversationStateModule,
    UpstreamStateModule,
    ModelWatchModule,
    BudgetsHttpModule,
  ],
  controllers: [ChatHealthController, OpenAiConversationController, ModelWarningsController],
  providers: [OpenAiConversationService],
  exports: [ProviderModule],
})
export class AiGatewayHttpModule {}
