import type { RawAnswer } from './http';

/** A message that a client sent, and every time it was told that it is accepted. */
export interface SentMessage {
  conversationId: number;
  userId: number;
  content: string;
  key: string;
  ends: 'completed' | 'failed';
  accepted: { turnId: number; reply: string | null }[];
}

/** What the clients of a run have seen. */
export class LoadReport {
  readonly sent: SentMessage[] = [];
  /** Answers that nobody should ever get, whatever is broken. */
  readonly wrongAnswers: string[] = [];
  /** Requests for what is somebody else's that were answered all the same. */
  readonly intrusions: string[] = [];
  refusedIntrusions = 0;
  /** By status, or by the error of the connection. */
  readonly answers: Record<string, number> = {};

  count(answer: RawAnswer): void {
    const kind = answer.failure ?? String(answer.status);
    this.answers[kind] = (this.answers[kind] ?? 0) + 1;
  }
}
