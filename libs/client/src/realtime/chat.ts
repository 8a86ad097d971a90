import type { FollowedTarget, MessageAccepted, SocketTarget } from '../generated/socket-events.js';
import { ParleyError } from '../http/parley-error.js';
import type { JoinOptions } from './chat-events.js';
import { type Ask, Followed } from './followed.js';
import { type ChatSendOptions, Outbox } from './outbox.js';

/** One session or conversation that is followed. */
export class Chat extends Followed {
  private readonly outbox = new Outbox(
    (message, id) => this.deliver(message, id),
    () => this.isJoined,
  );

  constructor(
    readonly options: JoinOptions,
    ask: Ask,
    left: () => void,
  ) {
    super(options.lastSeq, ask, left);
    this.conversationId = options.conversationId;
  }

  /** Says something. Resolves when it is stored; sent again after a broken connection, it is stored once. @throws ParleyError */
  send(message: string, options: ChatSendOptions = {}): Promise<MessageAccepted> {
    return this.outbox.send(message, options);
  }

  /** Stops the answer that is being written. @throws ParleyError */
  async cancel(turnId: number | null = this.openTurnId): Promise<void> {
    if (turnId !== null) await this.ask('cancel-turn', { ...this.target, turnId });
  }

  /**
   * Asks for another reply to the same message; it comes as `text` and `messages`, with the same `repliesToId`.
   * @param messageId a reply, or the message that it answers
   * @throws ParleyError
   */
  async regenerate(messageId: number): Promise<{ turnId: number }> {
    const { turnId } = await this.ask('regenerate', { ...this.target, messageId });
    this.openTurnId ??= turnId;
    return { turnId };
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
  override close(error: ParleyError): void {
    super.close(error);
    this.outbox.close(error);
  }

  /** @internal */
  async enter(): Promise<void> {
    const { userId } = this.options;
    await this.entered(
      await this.ask('join-chat', { ...this.target, ...(userId === undefined ? {} : { userId }), ...this.place }),
    );
    void this.outbox.run();
  }

  /** @internal */
  isAbout({ sessionId, conversationId, escalationId }: FollowedTarget): boolean {
    if (escalationId !== undefined) return false;
    if (conversationId !== undefined && this.conversationId !== undefined) {
      return conversationId === this.conversationId;
    }
    return sessionId !== undefined && sessionId === this.options.sessionId;
  }

  protected get target(): SocketTarget {
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
}
