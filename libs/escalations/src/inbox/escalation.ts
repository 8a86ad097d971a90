import type { EscalationStatus } from '@app/contracts';

/** A conversation that is, or was, to be taken over by a person. */
export interface Escalation {
  id: number;
  workspaceId: number;
  conversationId: number;
  /** Whose conversation it is. */
  customerId: number;
  personaId: number;
  channel: string;
  /** Who answers in the conversation now. */
  owner: 'ai' | 'human';
  isEncrypted: boolean;
  status: EscalationStatus;
  /** Kind of the first trigger, or `manual`. */
  reason: string;
  skill: string | null;
  /** 0 to 3, 3 first. */
  priority: number;
  tags: string[];
  assignedTo: number | null;
  /** The message that it began with. */
  sinceSeq: number;
  /** Last message when a person took over first: no later one is a model's until it ends. */
  claimedSeq: number | null;
  /** Last message when it ended: what came later is not the team's business. Null until then. */
  endedSeq: number | null;
  /** Newest message of the conversation. */
  lastSeq: number;
  summary: string | null;
  suggestedReply: string | null;
  /** Up to where `summary` and `suggestedReply` have read; null: there is no draft. */
  draftThroughSeq: number | null;
  /** Goes up when something that a draft may repeat is erased. */
  draftRevision: number;
  dueAt: Date | null;
  overdueAt: Date | null;
  createdAt: Date;
  claimedAt: Date | null;
  firstReplyAt: Date | null;
  endedAt: Date | null;
  csatRating: number | null;
  csatComment: string | null;
  csatAskedAt: Date | null;
  csatAnsweredAt: Date | null;
}

/** What fired. */
export interface StoredTrigger {
  id: number;
  kind: string;
  turnId: number | null;
  messageSeq: number | null;
  evidence: string;
  createdAt: Date;
}

export const HISTORY_KINDS = [
  'created',
  'assigned',
  'claimed',
  'transferred',
  'replied',
  'noted',
  'tagged',
  'overdue',
  'resolved',
  'returned',
  'rated',
] as const;
export type HistoryKind = (typeof HISTORY_KINDS)[number];

/** What happened to an escalation. */
export interface HistoryEntry {
  id: number;
  kind: HistoryKind;
  /** Who did it; null: the customer, the program, or (`replied`) somebody who wrote from another program. */
  actorId: number | null;
  /** To whom it went. */
  targetId: number | null;
  note: string | null;
  createdAt: Date;
}

/** Somebody who can take over. */
export interface SupportAgent {
  workspaceId: number;
  userId: number;
  isAvailable: boolean;
  /** Escalations at a time that are assigned automatically. */
  capacity: number;
  skills: string[];
  /** Open and claimed ones that are theirs now. */
  load: number;
}
