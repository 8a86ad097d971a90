import { ConversationsModule } from '@app/conversations';
import { PersonasModule } from '@app/personas';
import { QueueWorkerModule } from '@app/platform';
import { Module } from '@nestjs/common';
import { AnswerCacheService, CachedAnswersRepository, CachedReplies } from './answer-cache';
import { BudgetsHttpModule, BudgetsModule, BudgetsWorkerModule } from './budgets';
import { ChatHealthController } from './chat-health.controller';
import { CompletionRequestBuilder } from './completion-request.builder';
import { ConversationRunner } from './conversation-runner';
import { LearnedWindows, PromptFitter } from './context';
import { ConversationStateModule, OpenAiConversationController, OpenAiConversationService } from './conversation-state';
import { LedgerModule } from './ledger.module';
import { ModelCaller } from './model-caller';
import { PromptPictures } from './prompt-pictures';
import { ProtectionModule, UpstreamStateModule } from './protection';
import { ProviderModule } from './provider.module';
import { RedactionModule } from './redaction';
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
    RedactionModule,
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
    CachedAnswersRepository,
    AnswerCacheService,
    CachedReplies,
    ModelCaller,
    TurnOutcomes,
    TurnRunner,
    ConversationRunner,
    TurnProcessor,
  ],
  exports: [ConversationStateModule, AnswerCacheService, BudgetsWorkerModule],
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
    RedactionModule,
    BudgetsHttpModule,
  ],
  controllers: [ChatHealthController, OpenAiConversationController],
  providers: [OpenAiConversationService],
  exports: [ProviderModule],
})
export class AiGatewayHttpModule {}
