import type { RefObject } from 'preact';
import { useRef } from 'preact/hooks';
import type { ChatSession } from '../chat/chat-session';
import { Announcer } from './announcer';
import { Closing } from './closing';
import { Composer } from './composer';
import { MessageList } from './message-list';
import { RatingQuestion } from './rating';
import { ErrorLine, StatusLine } from './status';
import { useStore } from './use-store';

interface Props {
  session: ChatSession;
  locale: string;
  /** Where one writes, for those who have to put the focus there. */
  field?: RefObject<HTMLTextAreaElement | null>;
}

/** A conversation with all that belongs to it; the page and the widget put it into their frames. */
export function ChatView({ session, locale, field }: Props) {
  const state = useStore(session.state);
  const own = useRef<HTMLTextAreaElement | null>(null);
  const place = field ?? own;
  const isOver = state.phase === 'ended' || state.phase === 'failed';
  const focusField = (): void => void requestAnimationFrame(() => place.current?.focus());
  return (
    <>
      <MessageList session={session} state={state} locale={locale} onRegenerated={focusField} />
      <Announcer state={state} />
      <StatusLine state={state} />
      <ErrorLine session={session} state={state} />
      <RatingQuestion session={session} state={state} />
      {isOver ? (
        <Closing session={session} state={state} onStarted={focusField} />
      ) : (
        <Composer session={session} state={state} field={place} />
      )}
    </>
  );
}
