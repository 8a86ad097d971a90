import type { Chat, ChatJoined, Realtime } from '@parley/client';
import type { ChatState } from './chat-state';
import { fromSocket, merged, type ChatMessage } from './messages';
import { plainError } from './plain-errors';
import type { Store } from './store';

/** The newest page has this many messages; with fewer there are none before it. */
const PAGE = 50;

/** What is told while joining, before there is a chat to listen to, and again with every later join. */
export function followJoins({ socket }: Realtime, store: Store<ChatState>, isOver: () => boolean): void {
  socket.on('chat-joined', (joined) => {
    if (!isOver()) store.set(joinedAgain(store.get(), joined));
  });
  // A person answers now: what was shown of the AI's answer will not become a message.
  socket.on('turn-handed-off', ({ turnId }) => {
    if (!isOver()) store.set(stopped(store.get(), turnId));
  });
  // Told when it changes: whoever was asked to come is there, or it is over.
  socket.on('answered-by', ({ answeredBy }) => {
    if (isOver()) return;
    const { typing } = store.get();
    store.set({ answeredBy, isWaitingForPerson: false, typing: typing === 'agent' ? undefined : typing });
  });
  socket.on('session-ended', ({ reason }) => {
    if (isOver()) return;
    const quiet = { draft: undefined, typing: undefined, regenerating: undefined, isWaitingForPerson: false };
    store.set({ ...quiet, phase: 'ended', endReason: reason });
  });
}

/** Turns what the chat tells into what is shown. @param isOver whether another conversation has taken this one's place */
export function followChat(chat: Chat, store: Store<ChatState>, isOver: () => boolean): void {
  const update = (change: Partial<ChatState>): void => {
    if (!isOver()) store.set(change);
  };
  let isFirst = true;
  chat.on('messages', (told) => {
    const messages = merged(store.get().messages, told.map(fromSocket));
    const page = isFirst ? { hasEarlier: told.length >= PAGE && (messages[0]?.seq ?? 1) > 1 } : {};
    isFirst = false;
    update({ messages, ...page, ...afterMessages(store.get(), told.map(fromSocket)) });
  });
  chat.on('text', ({ turnId, text }) =>
    update({ draft: text === '' ? undefined : { turnId, text }, typing: 'assistant' }),
  );
  chat.on('typing', ({ from, isTyping }) => {
    if (from === 'user') return;
    if (isTyping) update({ typing: from });
    else if (store.get().typing === from) update({ typing: undefined });
  });
  chat.on('cancelled', ({ turnId }) => update(stopped(store.get(), turnId)));
  chat.on('merged', ({ turnId }) => update(stopped(store.get(), turnId)));
  chat.on('escalation', () => update({ isWaitingForPerson: true }));
  chat.on('error', (error) => update({ phase: 'failed', error: plainError(error) }));
  update({ phase: store.get().phase === 'ended' ? 'ended' : 'open', connection: 'online' });
}

/** What new messages end. */
function afterMessages(state: ChatState, fresh: readonly ChatMessage[]): Partial<ChatState> {
  const change: Partial<ChatState> = {};
  for (const { speaker, turnId, repliesToId } of fresh) {
    if (turnId !== null && (state.draft === undefined || state.draft.turnId === turnId)) {
      Object.assign(change, { draft: undefined, typing: undefined });
    }
    if (repliesToId !== undefined && repliesToId === state.regenerating) change.regenerating = undefined;
    if (speaker === 'agent') Object.assign(change, { isWaitingForPerson: false, typing: undefined });
  }
  return change;
}

/** A turn is over that has no message. */
function stopped(state: ChatState, turnId: number): Partial<ChatState> {
  const isOther = state.draft !== undefined && state.draft.turnId !== turnId;
  return isOther ? {} : { draft: undefined, typing: undefined, regenerating: undefined };
}

/** Whatever was being written while nobody listened is told again from its beginning. */
function joinedAgain(state: ChatState, joined: ChatJoined): Partial<ChatState> {
  const { openTurnId, answeredBy, isPersonAwaited, presence } = joined;
  const isGone = state.draft !== undefined && state.draft.turnId !== openTurnId;
  return {
    agentsOnline: presence.agentsOnline,
    answeredBy,
    isWaitingForPerson: isPersonAwaited && answeredBy === 'ai',
    connection: 'online',
    ...(isGone || openTurnId === null ? { draft: undefined, typing: undefined, regenerating: undefined } : {}),
  };
}
