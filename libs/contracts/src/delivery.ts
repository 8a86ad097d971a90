/**
 * Carries what is said in a conversation to the person somewhere else, such as to WhatsApp: implemented by the library of channels, asked by those that add
 * messages. Conversations of other doors pay nothing.
 */
export interface DeliveryPort {
  /** From memory: whether conversations of this door (`conversations.channel`) are carried anywhere. */
  carries(channel: string): boolean;
  /** Inside the transaction that adds a message for the person: it is to be carried. */
  note(conversationId: number): Promise<unknown>;
  /** After the commit: somebody looks what is to be carried. Best effort: what was noted is found without it. Must not throw. */
  wake(conversationId: number): void;
  /**
   * A model begins to answer in the conversation: the person may be shown so, until what is returned is called. Must not throw, and is not waited for.
   * @returns to be called, once or more, when the answer is there, or there will be none for now
   */
  begins(conversationId: number): () => void;
  /** Resolves when nothing that the AI has said is on its way to the person any more, or may not be known to be: after people have taken the conversation. */
  settled(conversationId: number): Promise<void>;
}
