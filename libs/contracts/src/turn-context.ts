/** Something that the model is to know for one answer, as data: what others have written, or what was looked up. */
export interface ContextNote {
  /** What it is, in a few words of the program or the operator. */
  title: string;
  /** Oldest first, in lines: where there is too much, the beginning goes first. */
  text: string;
}

/** What an answer is made with besides the conversation itself. It is not stored. */
export interface TurnContext {
  /** The operator's words for this place, behind those of the persona; null for none. */
  instructions: string | null;
  notes: readonly ContextNote[];
}

/** The turn that is to be answered. */
export interface ContextSubject {
  conversationId: number;
  turnId: number;
  /** The door that the conversation came through, such as `api`. */
  channel: string;
  /** What the person wrote. */
  content: string;
}

/**
 * Knows what is around a conversation in the other system, such as what others have written in the same thread: implemented by the library of channels, asked
 * by those that build prompts. Conversations of other doors pay nothing.
 */
export interface TurnContextPort {
  /** From memory: whether conversations of this door (`conversations.channel`) have any. */
  has(channel: string): boolean;
  /** Once for each attempt. It has deadlines of its own, and leaves out what cannot be had in time. @param signal nobody waits for it any more */
  of(subject: ContextSubject, signal: AbortSignal): Promise<TurnContext>;
}

/** For conversations that have nothing around them. */
export const NO_CONTEXT: TurnContext = { instructions: null, notes: [] };
