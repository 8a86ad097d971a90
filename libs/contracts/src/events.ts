/** What happened to a turn, told to whoever waits. A missed event costs a re-read of the turn's row, nothing else. */
export interface TurnFinishedEvent {
  type: 'turn.finished';
  turnId: number;
  conversationId: number;
  status: TerminalTurnStatus;
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

export type ParleyEvent = TurnFinishedEvent | ProbeAnsweredEvent | UpstreamChangedEvent;

export const TERMINAL_TURN_STATUSES = ['completed', 'failed', 'cancelled', 'merged', 'handed_off'] as const;
export type TerminalTurnStatus = (typeof TERMINAL_TURN_STATUSES)[number];
export type TurnStatus = 'pending' | 'running' | TerminalTurnStatus;
