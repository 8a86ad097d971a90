import { useEffect, useRef } from 'preact/hooks';
import type { ChatSession } from '../chat/chat-session';
import { type ChatState, regenerable } from '../chat/chat-state';
import { current } from '../chat/messages';
import { AgainIcon, DownIcon } from './icons';
import { Markdown } from './markdown';
import { Message } from './message';
import { useReadingPlace } from './reading-place';
import { useTexts } from './texts-context';

interface Props {
  session: ChatSession;
  state: ChatState;
  locale: string;
  onRegenerated: () => void;
}

/** The conversation. It stays at its end while one reads there, and where one is otherwise. */
export function MessageList({ session, state, locale, onRegenerated }: Props) {
  const texts = useTexts();
  const { scroller, isAtEnd, noteScroll, toEnd } = useReadingPlace(state.messages[0]?.seq);
  const { messages, outgoing, draft, typing, regenerating } = state;
  const isStored = new Set(messages.map(({ clientMessageId }) => clientMessageId));
  const unsent = outgoing.filter(({ clientMessageId }) => !isStored.has(clientMessageId));
  const shown = current(messages).filter(
    ({ repliesToId }) => regenerating === undefined || repliesToId !== regenerating,
  );
  const again = regenerable(state);
  const wasEarlier = useRef(false);

  // What the visitor says brings them to the end, wherever they were.
  useEffect(() => {
    if (outgoing.length > 0) toEnd();
  }, [outgoing.length]);
  // The button had the focus and is gone with the last of the earlier messages.
  useEffect(() => {
    if (wasEarlier.current && !state.hasEarlier) scroller.current?.focus({ preventScroll: true });
    wasEarlier.current = state.hasEarlier;
  }, [state.hasEarlier]);

  return (
    // In reach of the keyboard, so that it can be scrolled. What is new is told by the announcer, whole and once.
    <div class="place">
      <div
        class="scroller"
        ref={scroller}
        onScroll={noteScroll}
        tabIndex={0}
        role="region"
        aria-label={texts.conversation}
      >
        {state.hasEarlier && (
          <button
            type="button"
            class="quiet earlier"
            aria-disabled={state.isFetchingEarlier}
            onClick={() => void session.fetchEarlier()}
          >
            {texts.earlier}
          </button>
        )}
        {shown.length === 0 && unsent.length === 0 && state.phase === 'open' && <p class="empty">{texts.empty}</p>}
        <ol class="messages" aria-busy={draft !== undefined}>
          {shown.map((message) => (
            <Message
              key={message.seq}
              message={message}
              texts={texts}
              locale={locale}
              actions={
                message.seq === again?.seq ? (
                  <div class="actions">
                    <button
                      type="button"
                      class="quiet"
                      onClick={() => {
                        void session.regenerate(message.id);
                        onRegenerated();
                      }}
                    >
                      <AgainIcon /> {texts.regenerate}
                    </button>
                  </div>
                ) : undefined
              }
            />
          ))}
          {unsent.map(({ clientMessageId, text, error }) => (
            <li key={clientMessageId} class={`message visitor ${error === undefined ? 'on-its-way' : 'unsent'}`}>
              <div class="meta">
                <span class="speaker">{texts.you}</span>
              </div>
              <div class="bubble" dir="auto">
                <p class="as-typed">{text}</p>
              </div>
              {error === undefined ? (
                <p class="remark">{texts.sending}</p>
              ) : (
                <p class="remark" role="alert">
                  {texts.notSent} {texts[error]}{' '}
                  <button type="button" class="quiet" onClick={() => session.sendAgain(clientMessageId)}>
                    {texts.retry}
                  </button>
                </p>
              )}
            </li>
          ))}
          {draft !== undefined && (
            <li class="message assistant draft" key={`draft-${draft.turnId}`}>
              <div class="meta">
                <span class="speaker">{texts.assistant}</span>
              </div>
              <div class="bubble" dir="auto">
                <Markdown text={draft.text} />
              </div>
            </li>
          )}
          {draft === undefined && typing !== undefined && (
            <li class={`message typing ${typing}`} key="typing">
              <span class="dots" aria-hidden="true">
                <i />
                <i />
                <i />
              </span>
              <span class="hidden">{typing === 'agent' ? texts.agentTyping : texts.typing}</span>
            </li>
          )}
        </ol>
      </div>
      {!isAtEnd && (
        <button
          type="button"
          class="round newest"
          aria-label={texts.newest}
          title={texts.newest}
          onClick={() => {
            toEnd();
            scroller.current?.focus({ preventScroll: true });
          }}
        >
          <DownIcon />
        </button>
      )}
    </div>
  );
}
