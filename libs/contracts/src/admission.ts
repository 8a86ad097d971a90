/** A message that wants to become a turn: what it takes to say beforehand how much answering it may use. */
export interface TurnCandidate {
  conversationId: number;
  workspaceId: number;
  userId: number;
  personaId: number;
  /** The door that the conversation came through, such as `api`. */
  channel: string;
  /** The version that would answer now; null when the persona is deleted. */
  personaVersion: number | null;
  /** Size in UTF-8 of what would be sent along of the conversation. */
  historyBytes: number;
  /** Size in UTF-8 of the message itself. */
  contentBytes: number;
  imageCount: number;
  /** Tokens of the last call, when somebody else keeps the context and its size here says nothing; else null. */
  lastTotalTokens: number | null;
}

/** A turn that may be made. */
export interface Admission {
  /**
   * Inside the transaction that makes the turn. Rejecting undoes it.
   * @throws AppError when there is no room, with the time at which there is again
   */
  reserve(turnId: number): Promise<void>;
}

/** Decides whether a message may become a turn: implemented by the library that knows what answers cost, asked by the one that takes messages in. */
export interface AdmissionPort {
  /** From memory, without a statement: false as long as nothing is limited in this workspace; without a workspace, anywhere. */
  isLimited(workspaceId?: number): boolean;
  prepare(candidate: TurnCandidate): Promise<Admission>;
}
