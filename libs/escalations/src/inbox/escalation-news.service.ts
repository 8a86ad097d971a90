import { EventsBus } from '@app/platform';
import { ConversationOwnership } from '@app/conversations';
import { Injectable } from '@nestjs/common';
import type { Escalation } from './escalation';
import { EscalationsRepository } from './persistence/escalations.repository';

/** What whoever follows is told about, after the commit. */
export type Told = Pick<Escalation, 'id' | 'conversationId' | 'workspaceId' | 'status' | 'reason'>;

/** Tells the team and whoever follows the conversation. */
@Injectable()
export class EscalationNews {
  constructor(
    private readonly events: EventsBus,
    private readonly ownership: ConversationOwnership,
    private readonly escalations: EscalationsRepository,
  ) {}

  changed({ id, conversationId, workspaceId, status, reason }: Told): void {
    this.events.publish({
      type: 'escalation.changed',
      escalationId: id,
      conversationId,
      workspaceId,
      status,
      reason,
    });
  }

  /** How these are now; those that have been erased meanwhile are left out. */
  async changedAll(ids: readonly number[]): Promise<void> {
    for (const id of ids) {
      const escalation = await this.escalations.find(id);
      if (escalation !== undefined) this.changed(escalation);
    }
  }

  said(conversationId: number, messageIds: readonly number[]): void {
    for (const messageId of messageIds) this.ownership.told(conversationId, messageId);
  }
}
