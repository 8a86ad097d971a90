import type { TurnEvent } from '../../support/event-reader';
import type { RawAnswer } from './http';

/** A request of a client that makes a turn, and every time it was told that it is accepted. */
export interface SentMessage {
  kind: 'send' | 'edit' | 'regenerate';
  conversationId: number;
  userId: number;
  /** For a regeneration the words that are answered once more. */
  content: string;
  key: string;
  ends: 'completed' | 'failed';
  accepted: { turnId: number; reply: string | null }[];
}

/** What a client was told about a turn that is over. */
export interface SeenOutcome {
  turnId: number;
  status: string;
  reply: { id: number; content: string } | null;
}

/** Everything that one client was told of a turn as it was written, over all its connections. */
export interface Transcript {
  turnId: number;
  events: TurnEvent[];
  /** The client stayed until the end. */
  isWhole: boolean;
}

/** What the clients of a run have done and seen. */
export class LoadReport {
  readonly sent: SentMessage[] = [];
  readonly seen: SeenOutcome[] = [];
  readonly transcripts: Transcript[] = [];
  /** Turns that somebody asked to stop. */
  readonly cancelAsked: number[] = [];
  /** Answers that nobody should ever get, whatever is broken. */
  readonly wrongAnswers: string[] = [];
  /** Requests for what is somebody else's that were answered all the same. */
  readonly intrusions: string[] = [];
  refusedIntrusions = 0;
  /** Streams that broke off and were gone on with. */
  resumed = 0;
  /** By status, or by the error of the connection. */
  readonly answers: Record<string, number> = {};

  count(answer: Pick<RawAnswer, 'failure' | 'status'>): void {
    const kind = answer.failure ?? String(answer.status);
    this.answers[kind] = (this.answers[kind] ?? 0) + 1;
  }
}
