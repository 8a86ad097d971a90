import { AiGatewayWorkerModule } from '@app/ai-gateway';
import { AuthModule } from '@app/auth';
import { ConversationsModule } from '@app/conversations';
import { KeyRotation, QueueWorkerModule, Webhooks } from '@app/platform';
import { SessionsModule, SupportHttpModule } from '@app/sessions';
import { Module } from '@nestjs/common';
import { RulesModule } from '../rules/rules.module';
import { AgentsService } from './agents.service';
import { Assignments } from './assignments.service';
import { CustomerLanguage } from './customer-language.service';
import { Drafter } from './drafter.service';
import { DraftJobs } from './draft-jobs.service';
import { EscalationNews } from './escalation-news.service';
import { EscalationStarts } from './escalation-starts.service';
import { EscalationUpkeep } from './escalation-upkeep.service';
import { FollowedEscalations } from './followed-escalations.service';
import { HandOvers } from './hand-overs.service';
import { AgentsController } from './http/agents.controller';
import { EscalationsController } from './http/escalations.controller';
import { RatingsController, VisitorRatingsController } from './http/ratings.controller';
import { WebhooksController } from './http/webhooks.controller';
import { InboxService } from './inbox.service';
import { AgentsRepository } from './persistence/agents.repository';
import { ConversationsOfTeam } from './persistence/conversations-of-team.repository';
import { ENCRYPTED_TABLES } from './persistence/encrypted-tables';
import { EscalationChangesRepository } from './persistence/escalation-changes.repository';
import { EscalationsRepository } from './persistence/escalations.repository';
import { FollowedEscalationsRepository } from './persistence/followed-escalations.repository';
import { SealedEscalations } from './persistence/sealed-escalations';
import { WebhooksRepository } from './persistence/webhooks.repository';
import { Ratings } from './ratings.service';
import { SaidRatingsService } from './said-ratings.service';
import { TeamAccess } from './team-access.service';
import { EscalationEvaluator } from '../rules/escalation-evaluator';
import { EscalationRules } from '../rules/escalation-rules';
import { TurnDecider } from './turn-decider';
import { EscalationWebhooks } from './webhooks/escalation-webhooks.service';
import { WebhookEndpoints } from './webhooks/webhook-endpoints.service';
import { WebhookSender } from './webhooks/webhook-sender.service';

/** Conversations in the hands of people. */
@Module({
  imports: [AuthModule, ConversationsModule, RulesModule],
  providers: [
    SealedEscalations,
    EscalationsRepository,
    EscalationChangesRepository,
    AgentsRepository,
    ConversationsOfTeam,
    WebhooksRepository,
    EscalationWebhooks,
    EscalationNews,
    TeamAccess,
    Assignments,
    CustomerLanguage,
    DraftJobs,
    EscalationStarts,
    Ratings,
    SaidRatingsService,
    // In every process: previews are judged, too.
    TurnDecider,
  ],
  exports: [
    DraftJobs,
    CustomerLanguage,
    EscalationsRepository,
    EscalationChangesRepository,
    AgentsRepository,
    ConversationsOfTeam,
    WebhooksRepository,
    EscalationWebhooks,
    EscalationNews,
    TeamAccess,
    Assignments,
    Ratings,
    EscalationStarts,
  ],
})
export class InboxModule {
  constructor(rotation: KeyRotation) {
    rotation.register(...ENCRYPTED_TABLES);
  }
}

/** For processes that serve HTTP. */
@Module({
  imports: [AuthModule, ConversationsModule, SessionsModule, SupportHttpModule, RulesModule, InboxModule],
  controllers: [
    AgentsController,
    EscalationsController,
    RatingsController,
    VisitorRatingsController,
    WebhooksController,
  ],
  providers: [
    Webhooks,
    InboxService,
    HandOvers,
    AgentsService,
    WebhookEndpoints,
    FollowedEscalationsRepository,
    FollowedEscalations,
  ],
  exports: [FollowedEscalations],
})
export class InboxHttpModule {}

/** For processes that answer messages. */
@Module({
  imports: [QueueWorkerModule, ConversationsModule, AiGatewayWorkerModule, RulesModule, InboxModule],
  providers: [Webhooks, Drafter, WebhookSender, EscalationUpkeep],
})
export class InboxWorkerModule {
  /** The words of all languages are put in order once, which takes half a second of computing: not while the first person waits. */
  constructor(evaluator: EscalationEvaluator, { defaults: rules }: EscalationRules) {
    evaluator.evaluate(
      { said: 'Hello', confidence: null, needsHuman: false, errorCode: null },
      { rules, now: new Date(), earlierConfidences: [], wasEscalated: false },
    );
  }
}
