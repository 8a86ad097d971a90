/** Who speaks: a model, somebody of the team, or the program itself. */
export type Author = 'assistant' | 'agent' | 'system';

/**
 * `sending`: in somebody's hands, and it may have left; `failed`: the other system says so after it had taken it; `dead`: given up, can be sent again;
 * `skipped`: it was not to be sent any more.
 */
export type OutboxStatus = 'pending' | 'sending' | 'sent' | 'delivered' | 'read' | 'failed' | 'dead' | 'skipped';

/** Why something was not sent, apart from what the other system says (`SendFailure`). */
export type Obstacle =
  /** It was deleted here, or another reply has taken its place. */
  | 'deleted'
  /** The channel is switched off. */
  | 'channel-off'
  /** People answer in the conversation, or have done so since, and this is what a model said. */
  | 'people-answer'
  /** The person wants no messages. */
  | 'opted-out'
  /** Its key is missing in `ENCRYPTION_KEYS`, or the row was damaged. */
  | 'unreadable'
  /** Whoever had it in hand is gone, or heard nothing from the other system: it may have left. */
  | 'may-have-left';

/** The one of a conversation that is next to leave, with all that decides whether it may. Times are by the clock of the database. */
export interface OutboxHead {
  id: number;
  channelId: number;
  conversationId: number;
  /** Null: it is said by the channel itself, such as that somebody will get no more messages. */
  messageId: number | null;
  part: number;
  author: Author;
  kind: 'text' | 'template';
  sealedContent: string | null;
  attempts: number;
  /** Of these, those that an error of our own has ended. */
  ownErrors: number;
  /** It may be tried now. */
  isDue: boolean;
  /** Whoever had it in hand has not said in time what became of it. */
  isLapsed: boolean;
  threadKey: string;
  /** The person waits for it elsewhere, such as at the `response_url` of a command. */
  hasReplyAddress: boolean;
  /** An earlier attempt may have been taken, and nobody has said so. */
  mayHaveLeft: boolean;
  createdAt: Date;
  /** Of the person. */
  externalId: string;
  phone: string | null;
  name: string | null;
  identityId: number;
  owner: 'ai' | 'human';
  isAiStopped: boolean;
  isOptedOut: boolean;
  /** Since the person's last message; null when there was none. */
  quietMs: number | null;
  isChannelEnabled: boolean;
  problemCode: string | null;
  channelUpdatedAt: Date;
  /** It was deleted, or another reply has taken its place, while it waited. */
  isGone: boolean;
  /** A model has said it, and people have had the conversation since. */
  isFromBefore: boolean;
}

/** One text that is to leave, in the dialect and within the limit of its channel. */
export interface NewPart {
  messageId: number | null;
  part: number;
  author: Author;
  /** Null: it cannot be read, and is dead from the start. */
  content: string | null;
}
