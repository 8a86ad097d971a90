import type { TurnContext } from '@app/contracts';
import type { Channel, ChannelSettings, ChannelType } from './channel';
import type { AskedThere, ReadCommand } from './surroundings';

/** Secrets and names that open the other system, as an adapter's own DTO has checked them. Never logged, never returned. */
export type Credentials = Readonly<Record<string, string>>;

/** Somebody in the other system. At least one of the ids is there. */
export interface Sender {
  /** The other system's own id of the person, for this account; null when it names a phone number only. */
  scopedId: string | null;
  /** Digits, without a plus; null when the other system does not tell. */
  phone: string | null;
  /** As the person calls themselves there. */
  name: string | null;
}

/** A file in the other system, not fetched yet. */
export interface RemoteMedia {
  /** The other system's id of it, or its address. */
  ref: string;
  kind: 'image' | 'audio' | 'video' | 'document' | 'sticker';
  contentType: string | null;
  fileName: string | null;
}

/** What arrived, as far as it matters here. Everything that an adapter does not know is `other`, with the type's name. */
export type InboundEvent =
  | {
      kind: 'message';
      /** Unique in the channel: what comes twice has the same. */
      externalId: string;
      sender: Sender;
      /** A conversation of its own within the channel, such as a thread; '' when there is one per person. */
      threadKey: string;
      /** What the person wrote, or chose, or a description of what they sent, in the words that a model is to read. */
      text: string;
      media: RemoteMedia[];
      /** The message that it answers, by its id in the other system. */
      replyTo: string | null;
      /** By the clock of the other system; null when it makes no sense. */
      sentAt: Date | null;
      /** Where this message can be answered in another way than usual, for a while; a secret. */
      replyAddress?: string;
      /** Whoever wrote it was told that an answer is coming: none must be missing, be it that there is none. */
      isPromised?: boolean;
      /** What the place is called there, where the hook says so: it need not be one that can be looked up. */
      placeName?: string;
      /** The hook tells less than the other system knows: `complete` asks for the rest. With the word that has set the hook off, if one has. */
      partial?: { trigger: string | null };
    }
  | {
      /** Something that was sent from here has got further. */
      kind: 'status';
      externalId: string;
      /** Of the message that was sent. */
      messageExternalId: string;
      status: 'sent' | 'delivered' | 'read' | 'failed';
      /** The outbox row's id, as it was given along with the message; null when the other system does not tell. */
      outboxId: number | null;
      /** Of `failed`: the other system's number of the error. */
      errorCode: number | null;
    }
  | {
      /** Said by the business itself, from another program than this. */
      kind: 'echo';
      externalId: string;
      /** To whom. */
      sender: Sender;
      threadKey: string;
      text: string;
    }
  | {
      /** A person has other ids from now on, such as a new phone number. */
      kind: 'moved';
      externalId: string;
      /** As they were known. */
      sender: Sender;
      to: Sender;
    }
  | { kind: 'other'; externalId: string; sender: Sender | null; type: string };

export type InboundMessage = Extract<InboundEvent, { kind: 'message' }>;

/** The events of one hook, in its order, with the account that each is for. */
export interface HookEvents {
  /** Null where the other system does not say: then it is for the channel at whose own address, `/webhooks/{type}/{channel_id}`, it arrived. */
  accountId: string | null;
  events: InboundEvent[];
}

/** How long a text may be there. */
export interface TextLimit {
  max: number;
  unit: 'characters' | 'utf8-bytes';
}

/** One thing to send, already in the dialect and within the limit of the channel. */
export interface OutgoingPart {
  outboxId: number;
  to: Sender;
  threadKey: string;
  kind: 'text' | 'template';
  /** The text; of a template its name. */
  content: string;
  /** Of a template. */
  language?: string;
  /** Where the person waits for it, such as the `response_url` of a command; missing: the usual way. */
  replyAddress?: string;
}

/** Why something was not sent. */
export type SendFailure =
  /** The other system, or the way to it, is in trouble. */
  | 'unavailable'
  /** Too much at once. */
  | 'rate-limited'
  /** The credentials are not taken: nothing can be sent until somebody changes them. */
  | 'refused-credentials'
  /** Free text is not allowed any more, or not yet. */
  | 'window-closed'
  /** The person cannot be reached there. */
  | 'unreachable'
  /** The other system does not take this message, now or later. */
  | 'invalid';

/** Thrown by adapters; the message is for logs and says nothing about the person or the text. */
export class ChannelSendError extends Error {
  override readonly name = 'ChannelSendError';

  constructor(
    readonly failure: SendFailure,
    message: string,
    /** It may have arrived all the same. */
    readonly mayHaveLeft = false,
    readonly retryAfterMs: number | null = null,
  ) {
    super(message);
  }
}

/** What `POST /channels/{id}/check` finds. */
export interface CheckResult {
  isWorking: boolean;
  /** Each thing that was looked at, in plain words. */
  findings: { name: string; isOk: boolean; detail: string }[];
}

/** A request to the other system is made with these. */
export interface ChannelAccess {
  channel: Channel;
  credentials: Credentials;
}

/** A request to the address of hooks, unchanged. */
export interface HookRequest {
  /** What the address is for, where the other system has several: the last part of the path. */
  purpose?: string;
  /** The bytes as they came: what was signed. */
  body: Buffer;
  headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** What a hook can be declared as. */
export type HookContentType = 'application/json' | 'application/x-www-form-urlencoded';

/** How hooks of the other system are read, and told from those of anybody else. */
export interface HookRules {
  /** At an address that names no channel: the one is meant whose secret it is, if it is that of one only. */
  readonly isSecretUnique?: boolean;
  /** What its hooks are declared as; all else is refused with 415. JSON only when it is missing. */
  readonly contentTypes?: readonly HookContentType[];
  /** Whether the request comes from whoever has this channel's secret, be that in a header or in the body. In constant time. */
  isSigned(access: ChannelAccess, request: HookRequest): boolean;
  /** What `parse` gets; it may throw when the body cannot be read. The body's JSON when this is missing. */
  readonly read?: (request: HookRequest) => unknown;
  /**
   * The other system asks, with the channel's own token, whether the address is ours. Missing: it never asks.
   * @returns what proves it, as it is to be answered; null when that is not the channel's token
   */
  answerHandshake?(access: ChannelAccess, query: Readonly<Record<string, unknown>>): string | null;
  /**
   * What a signed hook is answered with, as JSON, once everything in it is stored: such as a word at once to a command. What takes longer than a moment is sent
   * as a message. Must not throw. Missing, or undefined: the answer is empty.
   */
  answer?(access: ChannelAccess, request: HookRequest): Promise<object | undefined> | object | undefined;
}

/** One kind of channel. Everything that differs between them is here; order, retries, windows and storage are not. */
export interface ChannelAdapter {
  readonly type: ChannelType;
  readonly textLimit: TextLimit;
  /** Free text is only taken so long after the person's last message; null: always. In milliseconds. */
  readonly windowMs: number | null;
  /** Templates can be sent when the window is closed. */
  readonly hasTemplates: boolean;
  /** The other system tells what became of a message by our own id, so that one that may have left need not be sent twice. */
  readonly confirmsByOwnId: boolean;
  /** What was sent from here comes back as an echo, too, with its text: one that may have left is known by that, and need not be sent twice. */
  readonly confirmsByEcho?: boolean;
  /** Of hooks at `/webhooks/{type}`; missing: nothing comes in that way. */
  readonly hooks?: HookRules;
  /** Checks credentials and the adapter's own settings. @throws 422 naming the field. @returns the account, and what is stored */
  accept(
    credentials: Record<string, unknown>,
    settings: ChannelSettings,
  ): { accountId: string; credentials: Credentials };
  /** What a hook tells, account by account, from its parsed body; whatever is not understood is left out or is `other`. Does not throw, and is bounded. */
  parse(body: unknown): HookEvents[];
  /** The accounts that a parsed body names. Asked before it is known who has sent it, so cheap and bounded. Missing: none are named. Does not throw. */
  accountsIn?(body: unknown): string[];
  /**
   * What a hook did not tell of a message, asked of the other system, before anything is done about it; `other` when it is not to be answered after all.
   * @throws ChannelSendError
   */
  complete?(access: ChannelAccess, event: InboundMessage): Promise<InboundEvent>;
  /** @param identityId of the sender, in `channel_identities`. @returns null when the message is no command */
  readCommand?(access: ChannelAccess, identityId: number, message: InboundMessage): Promise<ReadCommand | null>;
  /** What is around a question there, such as what others have written in the same thread. Must not reject. Missing: there is nothing. */
  surroundings?(access: ChannelAccess, asked: AskedThere, signal: AbortSignal): Promise<TurnContext>;
  /**
   * Tells somebody at once why what they wrote is not answered; no part of the conversation. Missing: nobody is told. @param text plain words
   * @throws ChannelSendError
   */
  tell?(access: ChannelAccess, message: InboundMessage, text: string): Promise<void>;
  /** What to do so that something arrives, for `check`; missing: as Meta has it. */
  howToBeTold?(channel: Pick<Channel, 'id'>): string;
  /** Markdown in the dialect of the channel. */
  format(markdown: string): string;
  /** @returns the other system's id of the message. @throws ChannelSendError */
  send(access: ChannelAccess, part: OutgoingPart): Promise<string>;
  /**
   * Looks for something that may have left already.
   * @param since when it was made
   * @returns the other system's id of it; null when it is not there, so that it can be sent. @throws ChannelSendError
   */
  findSent?(access: ChannelAccess, part: OutgoingPart, since: Date): Promise<string | null>;
  /** The person sees that their message was read and that an answer is being written. @param externalId their message. @throws ChannelSendError */
  showTurnBegins(access: ChannelAccess, externalId: string, to: Sender, threadKey: string): Promise<void>;
  /** @throws ChannelSendError; also when it is larger than `maxBytes` (`invalid`) */
  fetchMedia(
    access: ChannelAccess,
    media: RemoteMedia,
    maxBytes: number,
  ): Promise<{ content: Buffer; contentType: string }>;
  check(access: ChannelAccess): Promise<CheckResult>;
}
