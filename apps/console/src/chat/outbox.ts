import { type Chat, newId } from '@parley/client';
import type { ChatState, Outgoing } from './chat-state';
import { codeOf, plainError } from './plain-errors';
import type { Remembered, SessionStore } from './session-store';
import type { Store } from './store';

/** So long may a message wait for a connection, in milliseconds: a train ride, not a night. */
const PATIENCE_MS = 30 * 60_000;

/** What the visitor has said and the backend has not confirmed: shown at once, kept over reloads, and stored once however often it is sent. */
export class Outbox {
  private chat: Chat | undefined;

  constructor(
    private readonly state: Store<ChatState>,
    private readonly stored: SessionStore,
    private readonly refused: (error: unknown) => void,
  ) {}

  /** Said before there is a conversation, it waits for one. */
  send(text: string): void {
    const entry: Outgoing = { clientMessageId: newId(), text, error: undefined };
    this.change([...this.state.get().outgoing, entry]);
    void this.deliver(entry);
  }

  sendAgain(clientMessageId: string): void {
    const entry = this.state.get().outgoing.find((each) => each.clientMessageId === clientMessageId);
    if (entry === undefined) return;
    this.update(clientMessageId, { error: undefined });
    void this.deliver(entry);
  }

  /** Shows what a reload has interrupted; it is sent when there is a conversation. */
  restore(unsent: Remembered['unsent']): void {
    this.change(unsent.map(({ clientMessageId, text }) => ({ clientMessageId, text, error: undefined })));
  }

  /** There is a conversation: what waits is sent, but for what has arrived before. */
  open(chat: Chat): void {
    this.chat = chat;
    const { messages, outgoing } = this.state.get();
    const isStored = new Set(messages.map(({ clientMessageId }) => clientMessageId));
    this.change(outgoing.filter(({ clientMessageId }) => !isStored.has(clientMessageId)));
    for (const entry of this.state.get().outgoing) void this.deliver(entry);
  }

  /** Until the next conversation nothing is sent. */
  close(): void {
    this.chat = undefined;
  }

  private async deliver({ text, clientMessageId }: Outgoing): Promise<void> {
    const { chat } = this;
    if (chat === undefined) return;
    try {
      await chat.send(text, { clientMessageId, timeoutMs: PATIENCE_MS });
      // The message itself is among the others by now.
      if (chat !== this.chat) return;
      this.change(this.state.get().outgoing.filter((each) => each.clientMessageId !== clientMessageId));
    } catch (error) {
      if (chat !== this.chat || codeOf(error) === 'CLIENT.CLOSED') return;
      this.update(clientMessageId, { error: plainError(error) });
      this.refused(error);
    }
  }

  private update(clientMessageId: string, change: Partial<Outgoing>): void {
    this.change(
      this.state
        .get()
        .outgoing.map((each) => (each.clientMessageId === clientMessageId ? { ...each, ...change } : each)),
    );
  }

  private change(outgoing: Outgoing[]): void {
    this.state.set({ outgoing });
    this.stored.write({ unsent: outgoing.map(({ clientMessageId, text }) => ({ clientMessageId, text })) });
  }
}
