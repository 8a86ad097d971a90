import type { ChatState } from './chat-state';
import type { Store } from './store';
import type { RatingState } from './visitor-session';

/**
 * Looks whether the visitor is asked how it was: after a person has helped, whenever a notice comes (the case may be closed), and at the end. A backend
 * that does not ask is not asked twice for the same.
 */
export function followRating(store: Store<ChatState>, ask: () => Promise<RatingState>, isOver: () => boolean): void {
  let looked = '';
  const look = (): void => {
    const { messages, phase, rating } = store.get();
    const wasHelped = messages.some(({ speaker }) => speaker === 'agent');
    const notices = messages.filter(({ speaker }) => speaker === 'notice').length;
    const occasion = `${notices} ${phase}`;
    const isAsked = rating === 'asked' || rating === 'sending';
    if (isOver() || !wasHelped || isAsked || notices === 0 || occasion === looked) return;
    looked = occasion;
    ask().then(
      (told) => {
        if (!isOver() && told.asked && told.rating === null) store.set({ rating: 'asked' });
      },
      // Not asking is no loss.
      () => undefined,
    );
  };
  const end = store.subscribe(() => (isOver() ? end() : look()));
  look();
}
