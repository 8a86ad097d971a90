/** A turn that is about to end, for whoever decides whether a person is to take over. */
export interface EndingTurn {
  turnId: number;
  /** Which attempt ends it, from 1. */
  attempt: number;
  conversationId: number;
  workspaceId: number;
  userId: number;
  personaId: number;
  /** The door that the conversation came through, such as `support`. */
  channel: string;
  isEncrypted: boolean;
  /** Place of the person's message in the conversation. */
  userSeq: number;
  /** What the person said. */
  said: string;
  /** What the model answered; null when the turn ends without an answer of the model. */
  reply: string | null;
  /** 0 to 1, as the model says it; null when it does not. */
  confidence: number | null;
  /** The model's own decision. */
  needsHuman: boolean;
  /** Why the turn failed, such as `UPSTREAM.UNAVAILABLE`; null when it did not. */
  errorCode: string | null;
}

/** A turn that has begun, before a model is asked. */
export type BeginningTurn = Pick<
  EndingTurn,
  'turnId' | 'conversationId' | 'workspaceId' | 'personaId' | 'channel' | 'isEncrypted' | 'userSeq' | 'said'
>;

/** A person is to take over. */
export interface HandOffDecision {
  /** The trigger's kind, such as `keyword`: shown to the customer's client, unless `record` takes it back because people have been asked already. */
  reason: string;
  /**
   * Inside the transaction that ends the turn, after the turn has ended and its reply has its seq; not called when the turn is not ours any more, or was
   * cancelled by its sender. May be called again after a transaction that was rolled back. When it fails, the turn ends without it.
   */
  record(): Promise<unknown>;
  /** After the commit, only when `record` is part of it: tells who waits of what was written. Nobody waits for it; when it fails, that is logged. */
  announce?(): unknown;
}

/** Decides whether people take over: implemented by the library of escalations, asked by the one that ends turns. */
export interface HandOffPort {
  /** From memory, without a statement: false where nobody has switched escalations on, so that those turns pay nothing. */
  isActive(workspaceId: number, personaId: number, channel: string): boolean;
  /** The model is to say how sure it is, and whether a person is needed, beside its answer. From memory. */
  wantsVerdict(workspaceId: number, personaId: number, channel: string): boolean;
  /** People are to answer in this place before a model is asked. From memory. */
  mayTakeFirst(workspaceId: number, personaId: number, channel: string): boolean;
  /** Asked only when `mayTakeFirst`. @returns true when people have the conversation now: the turn has ended, and no model is to be asked. When it fails, one is. */
  takeFirst(turn: BeginningTurn): Promise<boolean>;
  /** Whether people have been asked to take the conversation and are not done with it: it waits for them, or somebody has claimed it. Joins a transaction that is running. */
  isOpen(conversationId: number): Promise<boolean>;
  /** Somebody of the team has told the person something from another program, such as the app on their phone. Inside the transaction that stores it. */
  saidElsewhere(conversationId: number): Promise<void>;
  /** Asked only when `isActive`; may be asked again for the same turn. @returns null when the AI goes on */
  decide(turn: EndingTurn): Promise<HandOffDecision | null>;
}
