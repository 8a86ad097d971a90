import { ConversationsModule } from '@app/conversations';
import { PersonasModule } from '@app/personas';
import { QueueWorkerModule } from '@app/platform';
import { SessionsModule } from '@app/sessions';
import { Module } from '@nestjs/common';
import { AnswerCacheService, CachedAnswersRepository, CachedReplies } from './answer-cache';
import { BudgetsHttpModule, BudgetsModule, BudgetsWorkerModule } from './budgets';
import { ChatHealthController } from './chat-health.controller';
import { CompletionRequestBuilder } from './completion-request.builder';
import { ConversationRunner } from './conversation-runner';
import { LearnedWindows, PromptFitter } from './context';
import { ConversationStateModule, OpenAiConversationController, OpenAiConversationService } from './conversation-state';
import { DraftWriter } from './draft';
import { LedgerModule } from './ledger.module';
import { ModelCaller } from './model-caller';
import { PreviewCaller, PreviewController, PreviewsService } from './preview';
import { PricesHttpModule, ReRatingModule } from './prices';
import { ModelCheckModule, ModelWarningsController, ModelWatchModule } from './model-watch';
import { PromptPictures } from './prompt-pictures';
import { ProtectionModule, UpstreamStateModule } from './protection';
import { ProviderModule } from './provider.module';
import { RedactionModule } from './redaction';
import { ConversationSummariser, SummaryCaller, SummaryRequests } from './summary';
import { SessionSummariser, SessionSummaryWriter } from './session-summary';
import { TurnProcessor } from './turn-processor';
import { TurnEndings } from './turn-endings';
import { TurnOutcomes } from './turn-outcomes';
import { TurnRunner } from './turn-runner';

/** What a model is told. */
@Module({
  imports: [ConversationsModule, ProviderModule],
  providers: [LearnedWindows, PromptFitter, CompletionRequestBuilder, PromptPictures],
  exports: [PromptFitter, CompletionRequestBuilder, PromptPictures],
})
export class PromptingModule {}

/** For processes that answer messages. */
@Module({
  imports: [
    QueueWorkerModule,
    ConversationsModule,
    SessionsModule,
    PersonasModule,
    LedgerModule,
    ProviderModule,
    ConversationStateModule,
    ProtectionModule,
    RedactionModule,
    PromptingModule,
    ModelCheckModule,
    BudgetsModule,
    BudgetsWorkerModule,
    ReRatingModule,
  ],
  providers: [
    SummaryRequests,
    SummaryCaller,
    DraftWriter,
    ConversationSummariser,
    SessionSummaryWriter,
    SessionSummariser,
    CachedAnswersRepository,
    AnswerCacheService,
    CachedReplies,
    ModelCaller,
    TurnEndings,
    TurnOutcomes,
    TurnRunner,
    ConversationRunner,
    TurnProcessor,
  ],
  exports: [DraftWriter, ConversationStateModule, ModelCheckModule, AnswerCacheService, BudgetsWorkerModule],
})
export class AiGatewayWorkerModule {}

/** For processes that serve HTTP. */
@Module({
  imports: [
    ProviderModule,
    ConversationsModule,
    PersonasModule,
    LedgerModule,
    ConversationStateModule,
    UpstreamStateModule,
    RedactionModule,
    ProtectionModule,
    PromptingModule,
    BudgetsModule,
    ModelWatchModule,
    BudgetsHttpModule,
    PricesHttpModule,
  ],
  controllers: [ChatHealthController, OpenAiConversationController, PreviewController, ModelWarningsController],
  providers: [OpenAiConversationService, PreviewCaller, PreviewsService],
  exports: [ProviderModule],
})
export class AiGatewayHttpModule {}
