/** Where a conversation goes on in the other system, and with whom. */
export interface ThreadPlace {
  conversationId: number;
  channelId: number;
  identityId: number;
  /** The other system's own id of the person. */
  externalId: string;
  name: string | null;
  threadKey: string;
  /** The person's newest message, by its id in the other system. */
  lastExternalId: string | null;
  /** Nothing from before is to be known any more; null: the person has not asked for that. */
  resetAt: Date | null;
}

/** A question, and where it was asked. */
export interface AskedThere extends ThreadPlace {
  /** What the person wrote. */
  content: string;
}

/** A message that is a command: what is said about it at once, or the question that it stands for. */
export type ReadCommand = { answer: string } | { question: string };
