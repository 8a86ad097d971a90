import { ConversationsModule } from '@app/conversations';
import { PersonasModule } from '@app/personas';
import { QueueWorkerModule } from '@app/platform';
import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AnswerCacheService, CachedAnswersRepository, CachedReplies } from './answer-cache';
import { ChatHealthController } from './chat-health.controller';
import { CompletionRequestBuilder } from './completion-request.builder';
import { ConversationRunner } from './conversation-runner';
import { LearnedWindows, PromptFitter } from './context';
import { ConversationStateModule, OpenAiConversationController, OpenAiConversationService } from './conversation-state';
import { LedgerService } from './ledger.service';
import { ModelCaller } from './model-caller';
import { ModelCallEntity } from './persistence/model-call.entity';
import { ModelCallsRepository } from './persistence/model-calls.repository';
import { PriceEntity } from './persistence/price.entity';
import { PricesRepository } from './persistence/prices.repository';
import { PriceBook } from './price-book';
import { PromptPictures } from './prompt-pictures';
import { ProtectionModule, UpstreamStateModule } from './protection';
import { ProviderModule } from './provider.module';
import { RedactionModule } from './redaction';
import { ConversationSummariser, SummaryCaller, SummaryRequests } from './summary';
import { TurnProcessor } from './turn-processor';
import { TurnOutcomes } from './turn-outcomes';
import { TurnRunner } from './turn-runner';

/** The usage ledger and its prices. */
@Module({
  imports: [TypeOrmModule.forFeature([ModelCallEntity, PriceEntity])],
  providers: [ModelCallsRepository, PricesRepository, PriceBook, LedgerService],
  exports: [LedgerService],
})
export class LedgerModule {}

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
  exports: [ConversationStateModule, AnswerCacheService],
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
  ],
  controllers: [ChatHealthController, OpenAiConversationController],
  providers: [OpenAiConversationService],
  exports: [ProviderModule],
})
export class AiGatewayHttpModule {}
