import { badInput } from '@app/kernel';
import { Database, EventsBus, type Principal } from '@app/platform';
import { Injectable } from '@nestjs/common';
import {
  messageForbidden,
  messageNotFound,
  messageNotRatable,
  turnForbidden,
  turnNotFound,
} from './conversations.errors';
import { ConversationsService } from './conversations.service';
import { MessageIntakeService } from './message-intake.service';
import { CachedAnswersErasure } from './persistence/cached-answers-erasure';
import { EscalatedTextsErasure } from './persistence/escalated-texts-erasure';
import { isConversationGone, LeasesRepository } from './persistence/leases.repository';
import { type FeedbackRow, FeedbackRepository } from './persistence/feedback.repository';
import { type MessagePage, MessagesRepository, type OwnedMessage } from './persistence/messages.repository';
import type { StoredImage } from './persistence/message-extras';
import type { MessageRow } from './persistence/rows';
import { StreamChunksRepository } from './persistence/stream-chunks.repository';
import { SummariesRepository } from './persistence/summaries.repository';
import { TurnChangesRepository } from './persistence/turn-changes.repository';
import { TurnsRepository, type TurnViewRow } from './persistence/turns.repository';
import { MessageImagesService } from './uploads/message-images.service';

export interface MessageListPage {
  rows: MessageRow[];
  hasMore: boolean;
}

@Injectable()
export class MessagesService {
  constructor(
    private readonly database: Database,
    private readonly conversations: ConversationsService,
    private readonly messages: MessagesRepository,
    private readonly turns: TurnsRepository,
    private readonly changes: TurnChangesRepository,
    private readonly feedback: FeedbackRepository,
    private readonly chunks: StreamChunksRepository,
    private readonly leases: LeasesRepository,
    private readonly summaries: SummariesRepository,
    private readonly cachedAnswers: CachedAnswersErasure,
    private readonly escalatedTexts: EscalatedTextsErasure,
    private readonly images: MessageImagesService,
    private readonly intake: MessageIntakeService,
    private readonly events: EventsBus,
  ) {}

  async list(principal: Principal, conversationId: number, page: MessagePage): Promise<MessageListPage> {
    if (page.beforeSeq !== undefined && page.afterSeq !== undefined) {
      throw badInput('after_seq', 'cannot be combined with before_seq.');
    }
    await this.conversations.get(principal, conversationId);
    const found = await this.messages.page(conversationId, page);
    const hasMore = found.length > page.limit;
    if (!hasMore) return { rows: found, hasMore };
    return { rows: page.afterSeq === undefined ? found.slice(1) : found.slice(0, page.limit), hasMore };
  }

  /** Empties a message; its seq stays taken. A message that waits for its answer is cancelled first. */
  async delete(principal: Principal, id: number): Promise<void> {
    const message = await this.owned(principal, id);
    let uploads: string[] = [];
    const cancelled = await this.database
      .transaction(async () => {
        // While the lease is locked nobody begins or ends a turn of this conversation.
        await this.leases.lock(message.conversation_id);
        const turns = await this.changes.cancelOpenTurnsOf(id);
        // Then the reply that is being written cannot be committed any more. A reply to an earlier message goes on.
        if (turns.some(({ wasRunning }) => wasRunning)) await this.leases.revoke(message.conversation_id);
        await this.messages.bury(principal.userId, id);
        uploads = message.has_images ? await this.images.release(id) : [];
        await this.feedback.takeBack(principal.userId, id);
        await this.chunks.forget(message.turn_id === null ? turns.map((turn) => turn.id) : [message.turn_id]);
        // Nothing of an erased message may live on in a summary, or be told again.
        await this.summaries.forget(message.conversation_id, message.user_seq);
        await this.cachedAnswers.forget(message.conversation_id, message.user_seq);
        await this.escalatedTexts.forget(message.conversation_id, message.seq, message.user_seq);
        return turns;
      })
      .catch((error: unknown) => {
        // It went with its conversation while this waited for the lock.
        throw isConversationGone(error) ? messageNotFound(id) : error;
      });
    await this.images.removeUnused(uploads);
    for (const { id: turnId, wasRunning } of cancelled) {
      // What is written now nobody will see; it need not be paid for.
      if (wasRunning) this.events.publish({ type: 'turn.cancel-requested', turnId });
      this.events.publish({
        type: 'turn.finished',
        turnId,
        conversationId: message.conversation_id,
        status: 'cancelled',
      });
    }
    if (cancelled.length > 0) this.intake.wake(message.conversation_id);
  }

  async turn(principal: Principal, turnId: number): Promise<TurnViewRow> {
    const view = await this.turns.view(turnId);
    if (view === undefined) throw turnNotFound(turnId);
    if (view.turn.user_id !== principal.userId) throw turnForbidden(turnId);
    return view;
  }

  /** A message of the caller. @throws 404, or 403 when it is somebody else's */
  async owned(principal: Principal, id: number): Promise<OwnedMessage> {
    const message = await this.messages.findWithOwner(id);
    if (message === undefined || (message.user_id === principal.userId && message.deleted_at !== null)) {
      throw messageNotFound(id);
    }
    if (message.user_id !== principal.userId) throw messageForbidden(id);
    return message;
  }

  /** The pictures of a message. Callers check its owner first. */
  async imagesOf(id: number): Promise<StoredImage[]> {
    return this.messages.imagesOf(id);
  }

  /** All replies to the same message, or all edits of the same message; the one asked for is among them. */
  async siblings(principal: Principal, id: number): Promise<MessageRow[]> {
    return this.messages.siblings(await this.owned(principal, id));
  }

  async rate(principal: Principal, id: number, rating: 'up' | 'down', comment: string | null): Promise<FeedbackRow> {
    const message = await this.owned(principal, id);
    if (message.role !== 'assistant') throw messageNotRatable(id);
    const given = await this.feedback.give(principal.userId, id, rating, comment, message.is_encrypted);
    if (given === undefined) throw messageNotFound(id);
    return given;
  }

  async takeRatingBack(principal: Principal, id: number): Promise<void> {
    await this.owned(principal, id);
    await this.feedback.takeBack(principal.userId, id);
  }

  /** Turns of a conversation that are not over, oldest first: what can be watched or cancelled after coming back. */
  async openTurns(principal: Principal, conversationId: number): Promise<number[]> {
    await this.conversations.get(principal, conversationId);
    return this.changes.openTurns(conversationId);
  }
}
