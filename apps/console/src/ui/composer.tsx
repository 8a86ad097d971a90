import type { RefObject, TargetedKeyboardEvent } from 'preact';
import type { ChatSession } from '../chat/chat-session';
import { type ChatState, isAnswering } from '../chat/chat-state';
import { withNumber } from '../texts/language';
import { SendIcon, StopIcon } from './icons';
import { isComposing } from './keys';
import { useTexts } from './texts-context';
import { useStore } from './use-store';

/** The backend takes so many UTF-16 code units. */
const MAX_LENGTH = 32_000;

interface Props {
  session: ChatSession;
  state: ChatState;
  field: RefObject<HTMLTextAreaElement | null>;
}

/** Where the visitor writes. Stopping is beside sending: both are possible while an answer is written. */
export function Composer({ session, state, field }: Props) {
  const texts = useTexts();
  const { text } = useStore(session.writing);
  const isTooLong = text.length > MAX_LENGTH;
  const canSend = text.trim() !== '' && !isTooLong;

  const send = (): void => {
    // Nothing is left in it when a second key follows before it is drawn anew.
    if (!canSend || session.writing.get().text !== text) return;
    session.send(text.trim());
    field.current?.focus();
  };
  const stop = (): void => {
    void session.cancel();
    // Its button goes away.
    field.current?.focus();
  };
  const onKeyDown = (event: TargetedKeyboardEvent<HTMLTextAreaElement>): void => {
    if (event.key !== 'Enter' || event.shiftKey || isComposing(event)) return;
    event.preventDefault();
    send();
  };

  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <label class="hidden" for="parley-message">
        {texts.fieldLabel}
      </label>
      <textarea
        id="parley-message"
        ref={field}
        rows={1}
        // Empty it goes the way of the page, as its placeholder does.
        dir={text === '' ? undefined : 'auto'}
        placeholder={texts.placeholder}
        aria-describedby="parley-hint"
        aria-invalid={isTooLong}
        enterkeyhint="send"
        value={text}
        onInput={(event) => session.write(event.currentTarget.value)}
        onKeyDown={onKeyDown}
      />
      <p id="parley-hint" class={isTooLong ? 'too-long' : 'hidden'}>
        {isTooLong ? withNumber(texts.tooLong, MAX_LENGTH) : texts.hint}
      </p>
      {isAnswering(state) && (
        <button type="button" class="round stop" aria-label={texts.stop} title={texts.stop} onClick={stop}>
          <StopIcon />
        </button>
      )}
      <button type="submit" class="round send" aria-label={texts.send} title={texts.send} aria-disabled={!canSend}>
        <SendIcon />
      </button>
    </form>
  );
}
