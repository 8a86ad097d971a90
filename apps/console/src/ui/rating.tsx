import { useEffect, useRef } from 'preact/hooks';
import type { ChatSession } from '../chat/chat-session';
import type { ChatState } from '../chat/chat-state';
import { withNumber } from '../texts/language';
import { useTexts } from './texts-context';

const CHOICES = [1, 2, 3, 4, 5];

/** Asks how it was, when the backend wants to know. */
export function RatingQuestion({ session, state }: { session: ChatSession; state: ChatState }) {
  const texts = useTexts();
  const thanks = useRef<HTMLParagraphElement>(null);
  const before = useRef(state.rating);
  const isThanked = state.rating === 'thanked';
  useEffect(() => {
    // The button that was pressed is gone. Whoever comes back later has pressed none.
    if (before.current === 'sending') thanks.current?.focus();
    before.current = state.rating;
  }, [state.rating]);
  if (state.rating === undefined) return null;
  return (
    <div class="rating">
      {isThanked ? (
        <p ref={thanks} tabIndex={-1}>
          {texts.thanks}
        </p>
      ) : (
        <fieldset>
          <legend>{texts.ratingQuestion}</legend>
          {CHOICES.map((choice) => (
            <button
              type="button"
              key={choice}
              aria-label={withNumber(texts.ratingStar, choice)}
              onClick={() => void session.rate(choice)}
            >
              <span aria-hidden="true">{choice}</span>
            </button>
          ))}
        </fieldset>
      )}
    </div>
  );
}
