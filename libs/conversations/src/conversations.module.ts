import { PersonasModule } from '@app/personas';
import { KeyRotation } from '@app/platform';
import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ConversationActivity } from './conversation-activity.service';
import { ConversationDelivery } from './conversation-delivery';
import { ConversationFiles } from './conversation-files';
import { ConversationOwnership } from './conversation-ownership.service';
import { ConversationsService } from './conversations.service';
import { EncryptedConversations } from './encrypted-conversations';
import { MessageIntakeService } from './message-intake.service';
import { MessagesService } from './messages.service';
import { MessagesToCarry } from './messages-to-carry.service';
import { ActivityRepository } from './persistence/activity.repository';
import { AttemptEndingsRepository } from './persistence/attempt-endings.repository';
import { CandidatesRepository } from './persistence/candidates.repository';
import { ConversationEntity } from './persistence/conversation.entity';
import { ConversationsRepository } from './persistence/conversations.repository';
import { FollowedConversations } from './followed-conversations.service';
import { FollowedRepository } from './persistence/followed.repository';
import { ENCRYPTED_TABLES } from './persistence/encrypted-tables';
import { FeedbackRepository } from './persistence/feedback.repository';
import { CachedAnswersErasure } from './persistence/cached-answers-erasure';
import { EscalatedTextsErasure } from './persistence/escalated-texts-erasure';
import { LeasesRepository } from './persistence/leases.repository';
import { MessageEntity } from './persistence/message.entity';
import { MessageIds } from './persistence/message-ids';
import { MessagesRepository } from './persistence/messages.repository';
import { MessagesToCarryRepository } from './persistence/messages-to-carry.repository';
import { OwnershipRepository } from './persistence/ownership.repository';
import { SealedMessages } from './persistence/sealed-messages';
import { SealedTexts } from './persistence/sealed-texts';
import { StoredTurnsRepository } from './persistence/stored-turns.repository';
import { StreamChunksRepository } from './persistence/stream-chunks.repository';
import { SummariesRepository } from './persistence/summaries.repository';
import { TurnChangesRepository } from './persistence/turn-changes.repository';
import { TurnHistoryRepository } from './persistence/turn-history.repository';
import { TurnWorkRepository } from './persistence/turn-work.repository';
import { TurnsRepository } from './persistence/turns.repository';
import { UploadsRepository } from './persistence/uploads.repository';
import { RequestHashes } from './request-hashes';
import { StoredTurns } from './stored-turns.service';
import { OutgoingStreams } from './stream/outgoing-streams';
import { TurnFeeds } from './stream/turn-feeds';
import { SummariesService } from './summaries.service';
import { TurnAdmission } from './turn-admission';
import { SaidRatings } from './said-ratings';
import { TurnHandOff } from './turn-hand-off';
import { TurnChangesService } from './turn-changes.service';
import { TurnSurroundings } from './turn-surroundings';
import { TurnWaiter } from './turn-waiter';
import { TurnWorkService } from './turn-work.service';
import { MessageImagesService } from './uploads/message-images.service';
import { UploadsService } from './uploads/uploads.service';

@Module({
  imports: [PersonasModule, TypeOrmModule.forFeature([ConversationEntity, MessageEntity])],
  providers: [
    MessageIds,
    SealedMessages,
    SealedTexts,
    EncryptedConversations,
    RequestHashes,
    ConversationsRepository,
    MessagesRepository,
    TurnsRepository,
    TurnHistoryRepository,
    TurnWorkRepository,
    AttemptEndingsRepository,
    LeasesRepository,
    SummariesRepository,
    CachedAnswersErasure,
    EscalatedTextsErasure,
    SummariesService,
    ConversationsService,
    MessageIntakeService,
    MessagesService,
    CandidatesRepository,
    TurnAdmission,
    TurnHandOff,
    SaidRatings,
    TurnWaiter,
    TurnWorkService,
    TurnChangesRepository,
    FeedbackRepository,
    StreamChunksRepository,
    UploadsRepository,
    MessageImagesService,
    UploadsService,
    TurnChangesService,
    TurnFeeds,
    OutgoingStreams,
    FollowedRepository,
    FollowedConversations,
    ActivityRepository,
    ConversationActivity,
    OwnershipRepository,
    ConversationDelivery,
    TurnSurroundings,
    ConversationFiles,
    MessagesToCarryRepository,
    MessagesToCarry,
    ConversationOwnership,
    StoredTurnsRepository,
    StoredTurns,
  ],
  exports: [
    ConversationDelivery,
    TurnSurroundings,
    ConversationFiles,
    MessagesToCarry,
    ConversationOwnership,
    ConversationsService,
    MessageIntakeService,
    MessagesService,
    SummariesService,
    TurnAdmission,
    TurnHandOff,
    SaidRatings,
    TurnWaiter,
    TurnWorkService,
    TurnChangesService,
    TurnFeeds,
    OutgoingStreams,
    FollowedConversations,
    MessageImagesService,
    UploadsService,
    ConversationActivity,
    StoredTurns,
  ],
})
export class ConversationsModule {
  constructor(rotation: KeyRotation) {
    rotation.register(...ENCRYPTED_TABLES);
  }
}
