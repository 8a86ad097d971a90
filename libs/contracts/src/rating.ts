/**
 * Takes what a person writes for the answer to the question how they were helped, where there is no other way to give it, such as on WhatsApp: implemented
 * by the library of escalations, asked by those that take messages in.
 */
export interface RatingPort {
  /** @returns true when it was that answer, and is stored: then no turn is made of it. Safe to ask again. */
  takeSaid(conversationId: number, said: string): Promise<boolean>;
}
