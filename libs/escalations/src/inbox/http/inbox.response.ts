import { ESCALATION_STATUSES, type EscalationStatus } from '@app/contracts';
import { ApiProperty } from '@nestjs/swagger';
import {
  type Escalation,
  HISTORY_KINDS,
  type HistoryEntry,
  type HistoryKind,
  type StoredTrigger,
  type SupportAgent,
} from '../escalation';
import type { EscalationDetails } from '../inbox.service';

const iso = (value: Date): string => new Date(value).toISOString();
const isoOrNull = (value: Date | null): string | null => (value === null ? null : iso(value));

/** A conversation that is, or was, to be taken over by a person. */
export class EscalationResponse {
  /** @example 1 */
  id: number;
  /** @example 1 */
  workspace_id: number;
  /** @example 1 */
  conversation_id: number;
  /** Whose conversation it is: a user, or the visitor of a website.
   * @example 7 */
  customer_id: number;
  /** @example 1 */
  persona_id: number;
  /** The door that the conversation came through.
   * @example support */
  channel: string;
  /** `open`: waits for a person; `claimed`; `resolved`; `returned` to the AI.
   * @example claimed */
  @ApiProperty({ enum: ESCALATION_STATUSES })
  status: EscalationStatus;
  /** Who answers in the conversation now.
   * @example human */
  owner: 'ai' | 'human';
  /** Kind of the first trigger, such as `keyword`, or `manual`.
   * @example keyword */
  reason: string;
  /** Whoever takes it is to have it; null: anybody.
   * @example billing */
  skill: string | null;
  /** 0 to 3, 3 first.
   * @example 0 */
  priority: number;
  /** @example ["vip"] */
  tags: string[];
  /** @example 2 */
  assigned_to: number | null;
  /** Place of the message that it began with.
   * @example 5 */
  since_seq: number;
  /** Last message when a person took over: no later one is a model's until it ends.
   * @example 7 */
  claimed_seq: number | null;
  /** Place of the newest message.
   * @example 9 */
  last_seq: number;
  /** What it is about, by a model; null: not written yet.
   * @example "The parcel has not arrived, and the customer wants the money back." */
  summary: string | null;
  /** What a model would answer; a person decides.
   * @example "I am sorry about the delay. I have asked the warehouse." */
  suggested_reply: string | null;
  /** Up to where these two have read.
   * @example 7 */
  draft_through_seq: number | null;
  /** Until then a person's first words were promised, in business hours; null: no promise.
   * @example 2026-11-21T12:10:00.000Z */
  due_at: string | null;
  /** When it was noticed that there were none; null: in time.
   * @example null */
  overdue_at: string | null;
  /** @example 2026-11-21T12:05:00.000Z */
  created_at: string;
  /** @example 2026-11-21T12:06:00.000Z */
  claimed_at: string | null;
  /** @example 2026-11-21T12:06:30.000Z */
  first_reply_at: string | null;
  /** @example null */
  ended_at: string | null;
  /** What the customer thought of it, 1 to 5.
   * @example 5 */
  csat_rating: number | null;
  /** @example "Quick and friendly." */
  csat_comment: string | null;

  static from(e: Escalation): EscalationResponse {
    return {
      id: e.id,
      workspace_id: e.workspaceId,
      conversation_id: e.conversationId,
      customer_id: e.customerId,
      persona_id: e.personaId,
      channel: e.channel,
      status: e.status,
      owner: e.owner,
      reason: e.reason,
      skill: e.skill,
      priority: e.priority,
      tags: e.tags,
      assigned_to: e.assignedTo,
      since_seq: e.sinceSeq,
      claimed_seq: e.claimedSeq,
      last_seq: e.lastSeq,
      summary: e.summary,
      suggested_reply: e.suggestedReply,
      draft_through_seq: e.draftThroughSeq,
      due_at: isoOrNull(e.dueAt),
      overdue_at: isoOrNull(e.overdueAt),
      created_at: iso(e.createdAt),
      claimed_at: isoOrNull(e.claimedAt),
      first_reply_at: isoOrNull(e.firstReplyAt),
      ended_at: isoOrNull(e.endedAt),
      csat_rating: e.csatRating,
      csat_comment: e.csatComment,
    };
  }
}

export class EscalationListResponse {
  escalations: EscalationResponse[];
  /** @example false */
  has_more: boolean;
  /** Pass it as `cursor` for the next page.
   * @example null */
  next_cursor: string | null;
}

/** Why a person was asked for. */
export class TriggerResponse {
  /** Such as `keyword`, `low_confidence`, `technical_error`, `human_request`, `model_decision`, `manual`.
   * @example keyword */
  kind: string;
  /** What made it fire.
   * @example "refund" */
  evidence: string;
  /** @example 5 */
  message_seq: number | null;
  /** @example 3 */
  turn_id: number | null;
  /** @example 2026-11-21T12:05:00.000Z */
  created_at: string;

  static from({ kind, evidence, messageSeq, turnId, createdAt }: StoredTrigger): TriggerResponse {
    return { kind, evidence, message_seq: messageSeq, turn_id: turnId, created_at: iso(createdAt) };
  }
}

/** What happened to an escalation. */
export class HistoryEntryResponse {
  /** @example 1 */
  id: number;
  /** `assigned`: somebody is to take it, or (without a `target_id`) it waits in the queue again, also when whoever had it is not of the team any more.
   * `transferred`: whoever had taken it has handed it on.
   * @example claimed */
  @ApiProperty({ enum: HISTORY_KINDS })
  kind: HistoryKind;
  /** Who did it; null: the customer, the program, or (`replied`) somebody who wrote from another program, such as the app on their phone.
   * @example 2 */
  actor_id: number | null;
  /** To whom it went; null: to nobody, or back to the queue. Of `overdue`: who had it, or was to take it, when its time ran out.
   * @example null */
  target_id: number | null;
  /** @example null */
  note: string | null;
  /** @example 2026-11-21T12:06:00.000Z */
  created_at: string;

  static from({ id, kind, actorId, targetId, note, createdAt }: HistoryEntry): HistoryEntryResponse {
    return { id, kind, actor_id: actorId, target_id: targetId, note, created_at: iso(createdAt) };
  }
}

/** With everything that is known of it; what was said is at GET /escalations/{escalation_id}/messages. */
export class EscalationDetailResponse extends EscalationResponse {
  /** Oldest first. */
  triggers: TriggerResponse[];
  /** Oldest first. */
  history: HistoryEntryResponse[];

  static of({ escalation, triggers, history }: EscalationDetails): EscalationDetailResponse {
    return {
      ...EscalationResponse.from(escalation),
      triggers: triggers.map((trigger) => TriggerResponse.from(trigger)),
      history: history.map((entry) => HistoryEntryResponse.from(entry)),
    };
  }
}

/** What was said is stored. */
export class AgentReplyResponse {
  /** @example 12 */
  message_id: number;
  /** Place in the conversation.
   * @example 8 */
  seq: number;
}

/** Somebody who can take over. */
export class AgentResponse {
  /** @example 1 */
  workspace_id: number;
  /** @example 2 */
  user_id: number;
  /** @example true */
  is_available: boolean;
  /** @example 5 */
  capacity: number;
  /** @example ["billing"] */
  skills: string[];
  /** What they have now.
   * @example 1 */
  load: number;

  static from({ workspaceId, userId, isAvailable, capacity, skills, load }: SupportAgent): AgentResponse {
    return { workspace_id: workspaceId, user_id: userId, is_available: isAvailable, capacity, skills, load };
  }
}

export class AgentListResponse {
  agents: AgentResponse[];
  /** @example false */
  has_more: boolean;
  /** @example null */
  next_cursor: string | null;
}

/** Whether the person was asked how it was, and what they said. */
export class RatingResponse {
  /** @example true */
  asked: boolean;
  /** @example 5 */
  rating: number | null;
  /** @example "Quick and friendly." */
  comment: string | null;
}
