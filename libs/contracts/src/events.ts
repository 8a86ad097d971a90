/** What happened to a turn, told to whoever waits. A missed event costs a re-read of the turn's row, nothing else. */
export interface TurnFinishedEvent {
  type: 'turn.finished';
  turnId: number;
  conversationId: number;
  status: TerminalTurnStatus;
  /** Of one that is merged, as far as the sender knows: the turn that answers it. */
  mergedIntoId?: number;
}

/** One thing that a watcher of a turn is told. Numbers are handed out by the worker: 1, 2, 3 … per turn. */
export type StreamEntry =
  /** The first attempt began. */
  | { n: number; kind: 'started' }
  /** An attempt failed after text was shown; the text starts again at offset 0. */
  | { n: number; kind: 'reset' }
  /** More text. `offset` is where it belongs, in UTF-16 code units from the beginning of the reply. */
  | { n: number; kind: 'delta'; offset: number; delta: string }
  /** A tool that the upstream runs for the model changed its state. */
  | { n: number; kind: 'tool'; call: ToolCallState };

/** A hosted tool's call, as the upstream reports it. */
export interface ToolCallState {
  /** The upstream's id of the call. */
  id: string;
  /** Such as `web_search_call`. */
  type: string;
  /** Such as `in_progress`, `searching`, `completed`, `failed`. */
  status: string;
  /** What it is about, as far as the upstream says: a query, a tool's name, an error. */
  detail?: Record<string, unknown>;
}

/** New entries of a turn that somebody watches, by the worker that runs it. */
export interface TurnProgressEvent {
  type: 'turn.progress';
  turnId: number;
  attempt: number;
  entries: StreamEntry[];
  /** In place of `entries`, for what is said in encrypted conversations: PostgreSQL keeps notifications in files until all have read them. */
  sealed?: string;
}

/** Somebody wants to see the reply grow: the worker that runs the turn begins to tell. */
export interface TurnWatchedEvent {
  type: 'turn.watched';
  turnId: number;
}

/** The turn's row says that it is to be cancelled; the worker that runs it stops. */
export interface TurnCancelRequestedEvent {
  type: 'turn.cancel-requested';
  turnId: number;
}

/** The answer to a `queue.probe` job. */
export interface ProbeAnsweredEvent {
  type: 'queue.probe-answered';
  probeId: string;
}

/** What the workers share about a model API has changed: a model is held back or scarce, or the breaker moved. The database has it. */
export interface UpstreamChangedEvent {
  type: 'upstream.changed';
  upstream: string;
}

/** Which workspaces have budgets may have changed. The database has it. */
export interface BudgetsChangedEvent {
  type: 'budgets.changed';
}

/** A workspace's support door was changed. The database has it. */
export interface SupportDoorsChangedEvent {
  type: 'support-doors.changed';
  workspaceId: number;
}

/** A channel was made, changed or removed. The database has it. */
export interface ChannelsChangedEvent {
  type: 'channels.changed';
  channelId: number;
}

/** Prices have changed: what a process knows of them is out of date. The database has them. */
export interface PricesChangedEvent {
  type: 'prices.changed';
}

/** A conversation that somebody follows has a new turn: a message, an edit, or another reply to come. The database has it. */
export interface ConversationExtendedEvent {
  type: 'conversation.extended';
  conversationId: number;
  turnId: number;
}

/** Something that is shown and not kept, to whoever follows the conversation. */
export interface ConversationSignalEvent {
  type: 'conversation.signal';
  conversationId: number;
  signal:
    | { kind: 'typing'; from: 'user' | 'assistant' | 'agent'; isTyping: boolean; socketId: string }
    | { kind: 'read'; by: 'user' | 'agent'; seq: number; socketId: string }
    | { kind: 'session-ended'; reason: 'ended' | 'timeout' | 'erased' };
}

/** A login, or a session's id, does not open anything any more. Sockets that use it are closed. Whoever is of no team any more follows nothing of it. */
export interface AccessRevokedEvent {
  type: 'access.revoked';
  loginId?: number;
  conversationId?: number;
  /** Somebody is no agent of this workspace any more. */
  team?: { workspaceId: number; userId: number };
}

/** How many people of a workspace's team one process has online; repeated while there are any. */
export interface AgentsPresentEvent {
  type: 'agents.present';
  workspaceId: number;
  processId: string;
  /** Ids of users: one person may be online at several processes. */
  userIds: number[];
}

/** An escalation began, changed hands or ended; also told to whoever follows the conversation. The database has it. */
export interface EscalationChangedEvent {
  type: 'escalation.changed';
  conversationId: number;
  workspaceId: number;
  escalationId: number;
  status: EscalationStatus;
  /** The kind of the first trigger. */
  reason: string;
}

/** A message that no turn is about: of a person of the team, or a notice. Told to whoever follows the conversation. The database has it. */
export interface ConversationMessageEvent {
  type: 'conversation.message';
  conversationId: number;
  messageId: number;
}

/** Whether and when people take over was changed for a workspace. The database has it. */
export interface EscalationRulesChangedEvent {
  type: 'escalation-rules.changed';
  workspaceId: number;
}

export const ESCALATION_STATUSES = ['open', 'claimed', 'resolved', 'returned'] as const;
/** `open`: waits for a person. `returned`: given back to the AI. */
export type EscalationStatus = (typeof ESCALATION_STATUSES)[number];

export type ParleyEvent =
  | EscalationChangedEvent
  | ConversationMessageEvent
  | EscalationRulesChangedEvent
  | ConversationExtendedEvent
  | ConversationSignalEvent
  | AccessRevokedEvent
  | AgentsPresentEvent
  | TurnFinishedEvent
  | TurnProgressEvent
  | TurnWatchedEvent
  | TurnCancelRequestedEvent
  | ProbeAnsweredEvent
  | SupportDoorsChangedEvent
  | ChannelsChangedEvent
  | PricesChangedEvent
  | UpstreamChangedEvent
  | BudgetsChangedEvent;

export const TERMINAL_TURN_STATUSES = ['completed', 'failed', 'cancelled', 'merged', 'handed_off'] as const;
export type TerminalTurnStatus = (typeof TERMINAL_TURN_STATUSES)[number];
export type TurnStatus = 'pending' | 'running' | TerminalTurnStatus;
