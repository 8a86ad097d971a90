import type { Chat, Realtime, Visitor } from '@parley/client';
import { INITIAL, type ChatState } from './chat-state';
import { followChat, followJoins } from './follow-chat';
import { merged } from './messages';
import { Outbox } from './outbox';
import { codeOf, plainError } from './plain-errors';
import { SessionStore } from './session-store';
import { Store } from './store';
import { followRating } from './follow-rating';
import { personOf } from './person';
import { beginSession, type ChatOptions, earlierMessages, endSession, ratingOf, visitorOf } from './visitor-session';

/** The visitor is told to be typing for so long after the last key, in milliseconds. */
const TYPING_MS = 3_000;

/** A visitor's conversation: what is shown of it, and what can be done. It survives reloads, and finds what it missed. */
export class ChatSession {
  readonly state = new Store<ChatState>(INITIAL);
  /** What stands in the field: it outlives the field, the panel and the page. */
  readonly writing: Store<{ text: string }>;
  private readonly stored: SessionStore;
  private readonly outbox: Outbox;
  private visitor: Visitor | undefined;
  private realtime: Realtime | undefined;
  private chat: Chat | undefined;
  private sessionId: string | undefined;
  private typingTimer: ReturnType<typeof setTimeout> | undefined;
  /** Counts the beginnings, so that what is left of an older one changes nothing. */
  private run = 0;

  constructor(private readonly options: ChatOptions) {
    this.stored = new SessionStore(`${options.baseUrl}|${options.publicKey ?? ''}|${personOf(options)}`);
    this.outbox = new Outbox(this.state, this.stored, (error) => this.refused(error));
    this.writing = new Store({ text: this.stored.read().writing });
  }

  /** How the widget was left. */
  get panel(): { isOpen: boolean; seenSeq: number } {
    return this.stored.read();
  }

  set panel(change: { isOpen?: boolean; seenSeq?: number }) {
    this.stored.write(change);
  }

  /** Goes on with the tab's conversation, or begins one. Failures are shown. */
  start(): Promise<void> {
    return this.begin(() => this.restart());
  }

  /** Goes on with the tab's conversation; without one, or when it is gone, nothing begins. */
  async resume(): Promise<void> {
    if (this.stored.read().sessionId === undefined) return;
    await this.begin(() => {
      this.forget();
      this.state.set(INITIAL);
    });
  }

  /** Leaves this conversation and begins a new one. What could not be said any more is in the field. */
  async restart(): Promise<void> {
    this.forget();
    await this.start();
  }

  /** Ends the connection; the conversation can be gone on with later. */
  stop(): void {
    this.run += 1;
    clearTimeout(this.typingTimer);
    this.typingTimer = undefined;
    this.realtime?.close();
    this.outbox.close();
    this.realtime = this.chat = this.visitor = undefined;
  }

  /** The visitor has changed what stands in the field. */
  write(text: string): void {
    this.writing.set({ text });
    this.stored.write({ writing: text });
    this.showTyping(text !== '');
  }

  send(text: string): void {
    this.write('');
    this.state.set({ error: undefined });
    this.outbox.send(text);
  }

  /** Sends one again that could not be sent. */
  sendAgain(clientMessageId: string): void {
    this.state.set({ error: undefined });
    this.outbox.sendAgain(clientMessageId);
  }

  /** Stops the answer that is being written. What there is of it stays. */
  async cancel(): Promise<void> {
    const { draft } = this.state.get();
    this.state.set({ isStopping: true });
    await this.attempt(() => this.chat?.cancel(draft?.turnId ?? this.chat.openTurnId));
    this.state.set({ isStopping: false });
  }

  /** Asks for another reply instead of this one. */
  async regenerate(messageId: number): Promise<void> {
    const { messages } = this.state.get();
    const repliesToId = messages.find(({ id }) => id === messageId)?.repliesToId;
    const asked = await this.attempt(() => this.chat?.regenerate(messageId));
    const isThere = this.state.get().messages.some(({ turnId }) => turnId === asked?.turnId);
    if (asked !== undefined && !isThere) this.state.set({ regenerating: repliesToId, typing: 'assistant' });
  }

  async fetchEarlier(): Promise<void> {
    const first = this.state.get().messages[0];
    const { visitor, sessionId } = this;
    if (visitor === undefined || sessionId === undefined || first === undefined) return;
    if (this.state.get().isFetchingEarlier) return;
    this.state.set({ isFetchingEarlier: true });
    const page = await this.attempt(() => earlierMessages(visitor, sessionId, first.seq));
    if (visitor !== this.visitor) return;
    if (page !== undefined) {
      this.state.set({ messages: merged(page.messages, this.state.get().messages), hasEarlier: page.hasMore });
    }
    this.state.set({ isFetchingEarlier: false });
  }

  /** Nothing more is to be said. */
  async end(): Promise<void> {
    const { visitor, sessionId } = this;
    if (visitor === undefined || sessionId === undefined) return;
    await this.attempt(() => endSession(visitor, sessionId));
  }

  /** How it was with the person who helped, 1 to 5. */
  async rate(rating: number): Promise<void> {
    const { visitor, sessionId } = this;
    if (visitor === undefined || sessionId === undefined || this.state.get().rating === 'sending') return;
    this.state.set({ rating: 'sending' });
    const rated = await this.attempt(() => ratingOf(visitor, sessionId, rating));
    if (visitor !== this.visitor) return;
    this.state.set({ rating: rated === undefined ? 'asked' : 'thanked' });
  }

  closeError(): void {
    this.state.set({ error: undefined });
  }

  /** A key was pressed in the field, or it was emptied. */
  private showTyping(isTyping: boolean): void {
    const wasTyping = this.typingTimer !== undefined;
    clearTimeout(this.typingTimer);
    this.typingTimer = isTyping ? setTimeout(() => this.showTyping(false), TYPING_MS) : undefined;
    if (isTyping !== wasTyping && this.state.get().phase === 'open') this.chat?.typing(isTyping);
  }

  /** @param isGone what to do when the tab's conversation is not there any more */
  private async begin(isGone: () => Promise<void> | void): Promise<void> {
    this.stop();
    const { run } = this;
    const { sessionId: known, unsent } = this.stored.read();
    this.state.set({ ...INITIAL, phase: 'starting' });
    this.outbox.restore(unsent);
    try {
      const sessionId = known ?? (await beginSession(this.options));
      if (run !== this.run) return;
      this.stored.write({ sessionId });
      await this.join(sessionId, run);
    } catch (error) {
      if (run !== this.run) return;
      // Erased, or of an installation that is gone.
      if (known !== undefined && codeOf(error) === 'SESSION.NOT_FOUND') return isGone();
      this.realtime?.close();
      this.state.set({ phase: 'failed', error: plainError(error) });
    }
  }

  private forget(): void {
    this.stop();
    const unsent = this.state.get().outgoing.map(({ text }) => text);
    this.write([...unsent, this.writing.get().text].filter(Boolean).join('\n'));
    this.stored.write({ sessionId: undefined, unsent: [], seenSeq: 0 });
  }

  private async join(sessionId: string, run: number): Promise<void> {
    this.sessionId = sessionId;
    const visitor = visitorOf(this.options, sessionId);
    this.visitor = visitor;
    const realtime = visitor.realtime();
    this.realtime = realtime;
    const isOver = (): boolean => run !== this.run;
    const update = (change: Partial<ChatState>): void => {
      if (!isOver()) this.state.set(change);
    };
    realtime.on('connected', () => update({ connection: 'online' }));
    realtime.on('disconnected', () => update({ connection: 'lost' }));
    realtime.on('presence', ({ agentsOnline }) => update({ agentsOnline }));
    realtime.on('failed', (error) => update({ phase: 'failed', error: plainError(error) }));
    followJoins(realtime, this.state, isOver);
    const chat = await realtime.join({ sessionId, userId: this.options.userId });
    if (isOver()) return realtime.close();
    this.chat = chat;
    followChat(chat, this.state, isOver);
    this.outbox.open(chat);
    followRating(this.state, () => ratingOf(visitor, sessionId), isOver);
  }

  /** A message was refused. */
  private refused(error: unknown): void {
    if (codeOf(error) === 'SESSION.ENDED') this.state.set({ phase: 'ended', endReason: 'ended' });
  }

  private async attempt<T>(work: () => Promise<T> | undefined): Promise<T | undefined> {
    const { run } = this;
    try {
      return await work();
    } catch (error) {
      if (run === this.run) this.state.set({ error: plainError(error) });
      return undefined;
    }
  }
}
