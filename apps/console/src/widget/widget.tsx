import { useEffect, useRef, useState } from 'preact/hooks';
import type { ChatSession } from '../chat/chat-session';
import { type Language } from '../texts/language';
import { ChatView } from '../ui/chat-view';
import { ChatIcon, CloseIcon } from '../ui/icons';
import { keepAboveKeyboard } from '../ui/keyboard';
import { isComposing } from '../ui/keys';
import { EndButton, Presence } from '../ui/status';
import { TextsContext } from '../ui/texts-context';
import { useStore } from '../ui/use-store';
import { keepFocusWithin } from './focus-trap';
import type { WidgetSettings } from './settings';

interface Props {
  session: ChatSession;
  language: Language;
  settings: WidgetSettings;
}

/** The screens that the panel fills, as in widget.css. */
const SMALL_SCREEN = '(max-width: 480px)';

/**
 * The button and its panel. The conversation begins when the panel is opened for the first time, and goes on while it is closed, and on the next page
 * of the website.
 */
export function Widget({ session, language, settings }: Props) {
  const { texts } = language;
  const state = useStore(session.state);
  const [isOpen, setOpen] = useState(session.panel.isOpen);
  const [seenSeq, setSeenSeq] = useState(session.panel.seenSeq);
  const panel = useRef<HTMLDivElement>(null);
  const field = useRef<HTMLTextAreaElement | null>(null);
  const button = useRef<HTMLButtonElement>(null);
  const title = settings.title ?? texts.title;
  const lastSeq = state.messages.at(-1)?.seq ?? 0;
  const hasMessages = state.phase === 'open' || state.phase === 'ended';
  const unread = state.messages.filter(({ seq, speaker }) => seq > seenSeq && speaker !== 'visitor').length;

  useEffect(() => void session.resume(), []);
  useEffect(() => {
    if (!isOpen) return;
    if (session.state.get().phase === 'idle') void session.start();
    if (panel.current !== null && matchMedia(SMALL_SCREEN).matches) return keepAboveKeyboard(panel.current);
  }, [isOpen, state.phase === 'idle']);
  useEffect(() => {
    if (!isOpen || !hasMessages) return;
    setSeenSeq(lastSeq);
    session.panel = { seenSeq: lastSeq };
  }, [isOpen, hasMessages, lastSeq]);

  const show = (isShown: boolean): void => {
    setOpen(isShown);
    session.panel = { isOpen: isShown };
    // What has the focus now goes away.
    requestAnimationFrame(() => (isShown ? (field.current ?? panel.current) : button.current)?.focus());
  };
  const open = (): void => show(true);
  const close = (): void => show(false);
  const onKeyDown = (event: KeyboardEvent): void => {
    // The page's own shortcuts are not meant while one writes here.
    event.stopPropagation();
    if (panel.current === null || isComposing(event)) return;
    const isUsed = event.key === 'Escape' || keepFocusWithin(panel.current, event);
    if (event.key === 'Escape') close();
    if (isUsed) event.preventDefault();
  };

  return (
    <TextsContext.Provider value={texts}>
      <div class={`widget side-${settings.side}`} lang={language.code} dir={language.direction}>
        {isOpen && (
          <div
            class="panel"
            id="panel"
            role="dialog"
            aria-modal="true"
            aria-label={title}
            tabIndex={-1}
            ref={panel}
            onKeyDown={onKeyDown}
          >
            <div class="head">
              <div>
                <h2>{title}</h2>
                <Presence state={state} />
              </div>
              <EndButton session={session} state={state} />
              <button type="button" class="quiet" aria-label={texts.close} title={texts.close} onClick={close}>
                <CloseIcon />
              </button>
            </div>
            <div class="chat">
              <ChatView session={session} locale={language.locale} field={field} />
            </div>
          </div>
        )}
        <button
          type="button"
          class="launcher"
          ref={button}
          aria-expanded={isOpen}
          aria-haspopup="dialog"
          aria-label={unread > 0 && !isOpen ? `${texts.open} (${unread})` : isOpen ? texts.close : texts.open}
          onClick={isOpen ? close : open}
        >
          {isOpen ? <CloseIcon /> : <ChatIcon />}
          {unread > 0 && !isOpen && (
            <span class="badge" aria-hidden="true">
              {unread}
            </span>
          )}
        </button>
      </div>
    </TextsContext.Provider>
  );
}
