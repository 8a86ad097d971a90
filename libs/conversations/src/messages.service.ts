import { badInput } from '@app/kernel';
import { Database, EventsBus, type Principal } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { messageForbidden, messageNotFound, turnForbidden, turnNotFound } from './conversations.errors';
import { ConversationsService } from './conversations.service';
import { MessageIntakeService } from './message-intake.service';
import { isConversationGone, LeasesRepository } from './persistence/leases.repository';
import { MessagesRepository } from './persistence/messages.repository';
import type { MessageRow } from './persistence/rows';
import { SummariesRepository } from './persistence/summaries.repository';
import { TurnsRepository, type TurnViewRow } from './persistence/turns.repository';

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
    private readonly leases: LeasesRepository,
    private readonly summaries: SummariesRepository,
    private readonly intake: MessageIntakeService,
    private readonly events: EventsBus,
  ) {}

  async list(
    principal: Principal,
    conversationId: number,
    page: { limit: number; beforeSeq?: number; afterSeq?: number },
  ): Promise<MessageListPage> {
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
    const message = await this.messages.findWithOwner(id);
    if (message === undefined || (message.user_id === principal.userId && message.deleted_at !== null)) {
      throw messageNotFound(id);
    }
    if (message.user_id !== principal.userId) throw messageForbidden(id);
    const cancelled = await this.database
      .transaction(async () => {
        // While the lease is locked nobody begins or ends a turn of this conversation.
        await this.leases.lock(message.conversation_id);
        const turns = await this.turns.cancelOpenTurnsOf(id);
        // Then the reply that is being written cannot be committed any more. A reply to an earlier message goes on.
        if (turns.some(({ wasRunning }) => wasRunning)) await this.leases.revoke(message.conversation_id);
        await this.messages.bury(principal.userId, id);
        // Nothing of an erased message may live on in a summary.
        await this.summaries.forget(message.conversation_id, message.user_seq);
        return turns;
      })
      .catch((error: unknown) => {
        // It went with its conversation while this waited for the lock.
        throw isConversationGone(error) ? messageNotFound(id) : error;
      });
    for (const { id: turnId } of cancelled) {
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
}
