export { ConversationsHttpModule } from './conversations-http.module';
export { ConversationsModule } from './conversations.module';
export { ListMessagesQueryDto, SendMessageDto } from './dto/message.dto';
export { toStoredImage } from './dto/message-image.dto';
export {
  CitationResponse,
  MessageListResponse,
  MessageResponse,
  MessageUsageResponse,
  ToolCallResponse,
} from './dto/message.response';
export type { TurnResponse } from './dto/turn.response';
export { AnswersWithTurn, TakesIdempotencyKey } from './turn-api-docs';
export { type TurnAnswer, TurnResponder } from './turn-responder';
export type { TurnViewRow } from './persistence/turns.repository';
export { idempotencyKeyOf, wantsAsync, wantsEvents } from './send-headers';
export { ConversationOwnership, type SaidByTeam, type SaidMessage } from './conversation-ownership.service';
export type { OwnedConversation, StoredTeamMessage } from './persistence/ownership.repository';
export { ConversationDelivery } from './conversation-delivery';
export { asDownload, ConversationFiles } from './conversation-files';
export { MessagesToCarry } from './messages-to-carry.service';
export type { MessageToCarry } from './persistence/messages-to-carry.repository';
export { ConversationsService } from './conversations.service';
export { type MessageListPage, MessagesService } from './messages.service';
export { TurnChangesService } from './turn-changes.service';
export { ConversationActivity, type Activity } from './conversation-activity.service';
export type { FeedEvent } from './stream/turn-feed';
export type { ServerSentEvent } from './stream/turn-events';
export { TurnEventsService } from './stream/turn-events.service';
export { TurnWaiter } from './turn-waiter';
export { type OpenFeed, TurnFeeds } from './stream/turn-feeds';
export type { ConversationRow, MessageRow, TurnRow } from './persistence/rows';
export { type IncomingMessage, type MadeTurn, type AcceptedTurn, MessageIntakeService } from './message-intake.service';
export type { MessageRole, MessageStatus, MessageUsage } from './persistence/message.entity';
export type { SummaryClaim } from './persistence/summaries.repository';
export type {
  BegunTurn,
  FinishResult,
  HistoryTurn,
  ModelChoice,
  Outcome,
  SummarySubject,
  TakenConversation,
  TurnSummary,
} from './persistence/turn-work';
export { UNREADABLE_CODE } from './persistence/unreadable';
export { TurnAdmission } from './turn-admission';
export { SaidRatings } from './said-ratings';
export { type HandOffSubject, TurnHandOff } from './turn-hand-off';
export { TurnSurroundings } from './turn-surroundings';
export { TurnWorkService } from './turn-work.service';
export { SummariesService } from './summaries.service';
export { OutgoingStreams } from './stream/outgoing-streams';
export type { OutgoingStream } from './stream/outgoing-stream';
export type { StoredImage } from './persistence/message-extras';
export {
  type LoadedImage,
  MAX_PROMPT_IMAGE_BYTES,
  MessageImagesService,
  uploadIdsOf,
} from './uploads/message-images.service';
export { UploadsService } from './uploads/uploads.service';
export { IMAGE_TYPES, imageTypeOf } from './uploads/image-header';
export { FollowedConversations } from './followed-conversations.service';
export type { FollowedMessage, FollowedState } from './persistence/followed.repository';
export { MAX_MESSAGE_LENGTH } from './dto/message.dto';
export { StoredTurns } from './stored-turns.service';
export type { StoredTurn, StoredTurnPlace, StoredTurnsFilter } from './persistence/stored-turns.repository';
export type { TurnRequest } from './turn-changes.service';
