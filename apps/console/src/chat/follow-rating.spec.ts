import { type ChatState, INITIAL } from './chat-state';
import { followRating } from './follow-rating';
import { fromHistory } from './messages';
import { Store } from './store';
import type { RatingState } from './visitor-session';

const ASKED: RatingState = { asked: true, rating: null };
const notices = (count: number): ChatState['messages'] =>
  Array.from({ length: count }, (_, index) =>
    fromHistory({
      role: 'system',
      content: 'Our team has closed this case.',
      timestamp: '',
      messageId: index + 1,
      seq: index + 1,
      status: 'sent',
    }),
  );

describe('whether the visitor is asked how it was', () => {
  let store: Store<ChatState>;
  let answers: ((told: RatingState) => void)[];

  beforeEach(() => {
    store = new Store<ChatState>({ ...INITIAL, phase: 'open' });
    answers = [];
    followRating(
      store,
      () => new Promise((resolve) => answers.push(resolve)),
      () => false,
    );
  });
  const answer = async (index: number, told: RatingState): Promise<void> => {
    answers[index]!(told);
    await Promise.resolve();
  };

  it('is looked at with every notice', async () => {
    expect(answers).toHaveLength(0);
    store.set({ messages: notices(1) });
    await answer(0, { ...ASKED, asked: false });
    expect(store.get().rating).toBeUndefined();
    store.set({ messages: notices(2) });
    await answer(1, ASKED);
    expect(store.get().rating).toBe('asked');
  });

  it.each(['sending', 'thanked'] as const)(
    'an answer that comes late changes nothing once they have said it (%s)',
    async (rating) => {
      store.set({ messages: notices(1) });
      store.set({ messages: notices(2) });
      await answer(0, ASKED);
      store.set({ rating });
      await answer(1, ASKED);
      expect(store.get().rating).toBe(rating);
    },
  );

  it('they may be asked again about another case', async () => {
    store.set({ messages: notices(1), rating: 'thanked' });
    await answer(0, ASKED);
    expect(store.get().rating).toBe('asked');
  });
});
