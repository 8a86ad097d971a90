import { effectiveState } from './effective-state';
import { inBatches, messagesToReplay, newestTurn } from './remote-history';

describe('the effective state', () => {
  it('is what the channel says, else the persona, else the workspace, else stateless', () => {
    expect(effectiveState({ channel: 'conversation', persona: 'hybrid', workspace: 'stateless' }, true)).toBe(
      'conversation',
    );
    expect(effectiveState({ channel: null, persona: 'hybrid', workspace: 'stateless' }, true)).toBe('hybrid');
    expect(effectiveState({ persona: null, workspace: 'conversation' }, true)).toBe('conversation');
    expect(effectiveState({ persona: null, workspace: null }, true)).toBe('stateless');
  });

  it('is stateless with an API that has no conversations', () => {
    expect(effectiveState({ persona: 'conversation', workspace: 'hybrid' }, false)).toBe('stateless');
  });

  it('ignores a word that this version does not know', () => {
    expect(effectiveState({ persona: 'telepathy', workspace: 'hybrid' }, true)).toBe('hybrid');
  });
});

describe('what a new remote conversation is filled with', () => {
  const turns = Array.from({ length: 30 }, (_, index) => ({
    turnId: index + 1,
    user: `u${index}`,
    reply: `r${index}`,
  }));

  it('is all of the history where it fits, in order', () => {
    const messages = messagesToReplay(turns, 'now', 100_000);
    expect(messages).toHaveLength(60);
    expect(messages[0]).toEqual({ role: 'user', content: 'u0' });
    expect(messages.at(-1)).toEqual({ role: 'assistant', content: 'r29' });
  });

  it('is the newest whole turns where it does not', () => {
    const messages = messagesToReplay(turns, 'now', 60);
    expect(messages.length).toBeGreaterThan(0);
    expect(messages.length).toBeLessThan(60);
    expect(messages[0]!.role).toBe('user');
    expect(messages.at(-1)).toEqual({ role: 'assistant', content: 'r29' });
  });

  it('goes in batches of 20 at most, none empty', () => {
    expect(inBatches(messagesToReplay(turns, 'now', 100_000), 20).map((batch) => batch.length)).toEqual([20, 20, 20]);
    expect(inBatches([1, 2, 3], 2)).toEqual([[1, 2], [3]]);
    expect(inBatches([], 20)).toEqual([]);
  });

  it('ends at the newest turn, and an empty history at 0', () => {
    expect(newestTurn(turns)).toBe(30);
    expect(newestTurn([])).toBe(0);
  });
});
