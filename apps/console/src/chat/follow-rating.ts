import { ParleyError } from '@parley/client';
import type { ChatState } from './chat-state';
import type { Store } from './store';
import type { RatingState } from './visitor-session';

/** After a failure it is looked again so much later, in milliseconds. */
const AGAIN_MS = 5_000;

/**
 * Looks whether the visitor is asked how it was: whenever a notice comes (the case may be closed), and at the end. A backend that does not ask is not
 * asked twice for the same.
 */
export function followRating(store: Store<ChatState>, ask: () => Promise<RatingState>, isOver: () => boolean): void {
  let looked = '';
  const look = (): void => {
    const { messages, phase, rating } = store.get();
    const notices = messages.filter(({ speaker }) => speaker === 'notice').length;
    const occasion = `${notices} ${phase}`;
    const isAsked = rating === 'asked' || rating === 'sending';
    if (isOver() || isAsked || notices === 0 || occasion === looked) return;
    looked = occasion;
    ask().then(
      (told) => {
        // What they have said since is newer.
        const isNews = store.get().rating === rating;
        if (!isOver() && isNews && told.asked && told.rating === null) store.set({ rating: 'asked' });
      },
      (error: unknown) => {
        if (isRefusal(error)) return;
        setTimeout(() => {
          if (looked === occasion) looked = '';
          look();
        }, AGAIN_MS);
      },
    );
  };
  const end = store.subscribe(() => (isOver() ? end() : look()));
  look();
}

/** It will be said of the same question again; not of too many. */
const isRefusal = (error: unknown): boolean =>
  error instanceof ParleyError && error.status >= 400 && error.status < 500 && error.status !== 429;
