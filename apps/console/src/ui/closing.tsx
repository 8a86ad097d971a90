import { useEffect, useRef } from 'preact/hooks';
import type { ChatSession } from '../chat/chat-session';
import type { ChatState } from '../chat/chat-state';
import { useTexts } from './texts-context';

interface Props {
  session: ChatSession;
  state: ChatState;
  onStarted: () => void;
}

/** What stands in the place of the field when nothing more can be said. */
export function Closing({ session, state, onStarted }: Props) {
  const texts = useTexts();
  const again = useRef<HTMLButtonElement>(null);
  const isFailed = state.phase === 'failed';
  // The field had the focus and is gone; whoever is elsewhere on the page stays there.
  useEffect(() => {
    if (document.activeElement === null || document.activeElement === document.body) again.current?.focus();
  }, []);
  const reason =
    state.endReason === 'timeout'
      ? texts.endedByTimeout
      : state.endReason === 'erased'
        ? texts.endedErased
        : texts.endedByVisitor;
  return (
    <div class="closing" role={isFailed ? 'alert' : 'status'}>
      <p>{isFailed ? `${texts.failed} ${state.error === undefined ? '' : texts[state.error]}` : reason}</p>
      <button
        type="button"
        class="primary"
        ref={again}
        onClick={() => {
          void (isFailed ? session.start() : session.restart()).then(onStarted);
        }}
      >
        {isFailed ? texts.tryAgain : texts.startNew}
      </button>
    </div>
  );
}
