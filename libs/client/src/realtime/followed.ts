import type { FollowedTarget, MessageDelta, SocketMessage, TurnEnded, TurnMerged } from '../generated/socket-events.js';
import type { ParleyError } from '../http/parley-error.js';
import { backoffMs, pause } from '../http/waiting.js';
import { TurnText } from '../stream/turn-text.js';
import type { ChatEvents } from './chat-events.js';
import { Emitter } from './emitter.js';
import { isUnanswered, type EventName, type PayloadOf, type ResultOf } from './link.js';
import { MessageLog } from './message-log.js';

/** Somebody who never listens must not fill the memory. */
const MAX_UNHEARD = 1_000;

export type Ask = <E extends EventName>(event: E, payload: PayloadOf<E>) => Promise<ResultOf<E>>;

/** One conversation that is followed: its messages in their order, each once, whatever the connection did. */
export abstract class Followed extends Emitter<ChatEvents> {
  /** Known after the first join. */
  conversationId: number | undefined;
  /** The turn that was being answered at the last join, or whose text came last; null for none. */
  openTurnId: number | null = null;
  protected isJoined = false;
  private readonly log = new MessageLog((messages) => this.passOn(messages));
  private readonly texts = new Map<number, TurnText>();
  private isMissing = false;
  /** What came while nobody listened. */
  private unheard: SocketMessage[] = [];
  private catchingUp: Promise<void> | undefined;

  constructor(
    lastSeq: number | undefined,
    protected readonly ask: Ask,
    private readonly left: () => void,
  ) {
    super();
    this.log.lastSeq = lastSeq;
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

  /** Tells the others; it is not worth trying again. */
  typing(isTyping: boolean): void {
    if (this.isJoined) this.ask('typing', { ...this.target, isTyping }).catch(() => undefined);
  }

  /** @internal Joins, again after every reconnect, and gets what was missed. */
  abstract enter(): Promise<void>;

  /** @internal */
  abstract isAbout(target: FollowedTarget): boolean;

  /** @internal */
  close(_error: ParleyError): void {
    this.isJoined = false;
    this.left();
  }

  /** @internal */
  disconnected(): void {
    this.isJoined = false;
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
    if (name === 'cancelled' || name === 'merged' || name === 'handedOff') {
      this.turnIsOver((payload as TurnEnded).turnId);
    }
    if (name === 'merged') this.openTurnId ??= (payload as TurnMerged).mergedIntoId;
    this.emit(name, payload);
  }

  protected abstract get target(): FollowedTarget;

  /** Where to go on: the last message that was passed on, if any. */
  protected get place(): { lastSeq?: number } {
    return this.log.lastSeq === undefined ? {} : { lastSeq: this.log.lastSeq };
  }

  /** It is joined: what the backend has answered. */
  protected async entered(answer: ChatEvents['joined']): Promise<void> {
    const isContinued = this.log.lastSeq !== undefined;
    this.conversationId = answer.conversationId;
    this.openTurnId = answer.openTurnId;
    this.texts.clear();
    this.isJoined = true;
    this.log.addAll(answer.messages);
    this.emit('joined', answer);
    if (isContinued && answer.hasMore) await this.catchUp();
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
