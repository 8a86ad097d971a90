import type {
  ChatJoined,
  MessageAccepted,
  MessageDelta,
  SocketMessage,
  SocketTarget,
  TurnEnded,
  TurnMerged,
} from '../generated/socket-events.js';
import { ParleyError } from '../http/parley-error.js';
import { backoffMs, pause } from '../http/waiting.js';
import { TurnText } from '../stream/turn-text.js';
import type { ChatEvents, JoinOptions } from './chat-events.js';
import { Emitter } from './emitter.js';
import { isUnanswered, type EventName, type PayloadOf, type ResultOf } from './link.js';
import { MessageLog } from './message-log.js';
import { type ChatSendOptions, Outbox } from './outbox.js';

/** Somebody who never listens must not fill the memory. */
const MAX_UNHEARD = 1_000;

type Ask = <E extends EventName>(event: E, payload: PayloadOf<E>) => Promise<ResultOf<E>>;

/** One session or conversation that is followed. */
export class Chat extends Emitter<ChatEvents> {
  /** Known after the first join. */
  conversationId: number | undefined;
  /** The turn that was being answered at the last join, or whose text came last; null for none. */
  openTurnId: number | null = null;
  private readonly log = new MessageLog((messages) => this.passOn(messages));
  private readonly outbox = new Outbox(
    (message, id) => this.deliver(message, id),
    () => this.isJoined,
  );
  private readonly texts = new Map<number, TurnText>();
  private isJoined = false;
  private isMissing = false;
  /** What came while nobody listened. */
  private unheard: SocketMessage[] = [];
  private catchingUp: Promise<void> | undefined;

  constructor(
    readonly options: JoinOptions,
    private readonly ask: Ask,
    private readonly left: () => void,
  ) {
    super();
    this.conversationId = options.conversationId;
    this.log.lastSeq = options.lastSeq;
  }

  override on<Name extends keyof ChatEvents>(name: Name, listener: (payload: ChatEvents[Name]) => void): () => void {
    const end = super.on(name, listener);
    const unheard = this.unheard;
    if (name === 'messages' && unheard.length > 0) {
      this.unheard = [];
      this.emit('messages', unheard);
    }
    return end;
  }

  /** Seq of the last message that was passed on: keep it to go on from here later. */
  get lastSeq(): number {
    return this.log.lastSeq ?? 0;
  }

  /** Says something. Resolves when it is stored; sent again after a broken connection, it is stored once. @throws ParleyError */
  send(message: string, options: ChatSendOptions = {}): Promise<MessageAccepted> {
    return this.outbox.send(message, options);
  }

  /** Stops the answer that is being written. @throws ParleyError */
  async cancel(turnId: number | null = this.openTurnId): Promise<void> {
    if (turnId !== null) await this.ask('cancel-turn', { ...this.target, turnId });
  }

  /** Tells the others; it is not worth trying again. */
  typing(isTyping: boolean): void {
    if (this.isJoined) this.ask('typing', { ...this.target, isTyping }).catch(() => undefined);
  }

  /** Everything up to this message has been read. @throws ParleyError */
  async read(seq: number = this.lastSeq): Promise<void> {
    await this.ask('read', { ...this.target, seq });
  }

  async leave(): Promise<void> {
    this.close(new ParleyError({ code: 'CLIENT.LEFT', detail: 'The chat was left.' }));
    await this.ask('leave-chat', this.target).catch(() => undefined);
  }

  /** @internal */
  close(error: ParleyError): void {
    this.isJoined = false;
    this.outbox.close(error);
    this.left();
  }

  /** @internal Joins, again after every reconnect, and gets what was missed. */
  async enter(): Promise<ChatJoined> {
    const { userId } = this.options;
    const answer = await this.ask('join-chat', {
      ...this.target,
      ...(userId === undefined ? {} : { userId }),
      ...(this.log.lastSeq === undefined ? {} : { lastSeq: this.log.lastSeq }),
    });
    const isContinued = this.log.lastSeq !== undefined;
    this.conversationId = answer.conversationId;
    this.openTurnId = answer.openTurnId;
    this.texts.clear();
    this.isJoined = true;
    this.log.addAll(answer.messages);
    this.emit('joined', answer);
    if (isContinued && answer.hasMore) await this.catchUp();
    void this.outbox.run();
    return answer;
  }

  /** @internal */
  disconnected(): void {
    this.isJoined = false;
  }

  /** @internal */
  isAbout({ sessionId, conversationId }: SocketTarget): boolean {
    if (conversationId !== undefined && this.conversationId !== undefined) {
      return conversationId === this.conversationId;
    }
    return sessionId !== undefined && sessionId === this.options.sessionId;
  }

  /** @internal */
  received(message: SocketMessage): void {
    if (!this.log.add(message)) void this.catchUp();
  }

  /** @internal */
  delta({ turnId, attempt, offset, delta }: MessageDelta): void {
    const written = this.texts.get(turnId) ?? new TurnText();
    this.texts.set(turnId, written);
    this.openTurnId = turnId;
    const fresh = written.add(attempt, offset, delta);
    // What is missing before it comes with the whole message.
    if (fresh !== undefined) this.emit('text', { turnId, text: written.text, delta: fresh.delta });
  }

  /** @internal */
  reset({ turnId }: TurnEnded): void {
    this.texts.delete(turnId);
    this.emit('text', { turnId, text: '', delta: '' });
  }

  /** @internal */
  shown<Name extends keyof ChatEvents>(name: Name, payload: ChatEvents[Name]): void {
    if (name === 'cancelled' || name === 'merged') this.turnIsOver((payload as TurnEnded).turnId);
    if (name === 'merged') this.openTurnId ??= (payload as TurnMerged).mergedIntoId;
    this.emit(name, payload);
  }

  private get target(): SocketTarget {
    const { sessionId, conversationId } = this.options;
    return sessionId === undefined ? { conversationId: conversationId! } : { sessionId };
  }

  private async deliver(message: string, clientMessageId: string): Promise<MessageAccepted> {
    const { userId } = this.options;
    const { messageId, seq, turnId, isReplay } = await this.ask('send-message', {
      ...this.target,
      message,
      clientMessageId,
      ...(userId === undefined ? {} : { userId }),
    });
    if (!isReplay) this.openTurnId ??= turnId;
    // The backend tells it to the sender in the acknowledgement only.
    this.received({
      ...this.target,
      conversationId: this.conversationId!,
      messageId,
      seq,
      role: 'user',
      message,
      timestamp: new Date().toISOString(),
      turnId: null,
      status: 'sent',
      isCurrent: true,
      clientMessageId,
    });
    return { messageId, seq, turnId, isReplay };
  }

  /** Gets what is missing; several reasons at once are one question. */
  private catchUp(): Promise<void> {
    this.isMissing = true;
    this.catchingUp ??= this.readOn().finally(() => (this.catchingUp = undefined));
    return this.catchingUp;
  }

  private async readOn(): Promise<void> {
    let failures = 0;
    while (this.isMissing) {
      this.isMissing = false;
      try {
        const { messages, hasMore } = await this.ask('sync', { ...this.target, lastSeq: this.lastSeq });
        failures = 0;
        this.log.addAll(messages);
        this.isMissing ||= hasMore;
      } catch (error) {
        const refusal = error as ParleyError;
        if (!isUnanswered(refusal) && refusal.retryAfter === undefined) return this.emit('error', refusal);
        failures += 1;
        await pause(refusal.retryAfter === undefined ? backoffMs(failures) : refusal.retryAfter * 1000);
        // After a reconnect it is joined again, and that brings what is missing.
        this.isMissing = this.isJoined;
      }
    }
  }

  private passOn(messages: SocketMessage[]): void {
    for (const { turnId } of messages) if (turnId !== null) this.turnIsOver(turnId);
    if (this.hasListeners('messages')) this.emit('messages', messages);
    else this.unheard = [...this.unheard, ...messages].slice(-MAX_UNHEARD);
  }

  private turnIsOver(turnId: number): void {
    this.texts.delete(turnId);
    if (this.openTurnId === turnId) this.openTurnId = null;
  }
}
