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
    userSeq: 2 * index + 1,
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

  it('has the pictures that the prompt has read, and says where others were', () => {
    const history = [
      { turnId: 1, userSeq: 1, user: 'old', images: [{ upload_id: 'a' }], reply: 'r' },
      { turnId: 2, userSeq: 3, user: 'new', images: [{ upload_id: 'b' }], reply: 'r' },
    ];
    const read = { type: 'image' as const, url: 'data:image/png;base64,AA==' };
    const prompt = [
      { role: 'user' as const, content: [{ type: 'text' as const, text: 'new' }, read] },
      { role: 'assistant' as const, content: 'r' },
      { role: 'user' as const, content: 'now' },
    ];
    const [old, , fresh] = messagesToReplay(history, 'now', 100_000, prompt);
    expect(fresh!.content).toEqual([{ type: 'text', text: 'new' }, read]);
    expect(old!.content).toMatchObject([{ text: 'old' }, { type: 'text' }]);
    expect(JSON.stringify(messagesToReplay(history, 'now', 100_000))).not.toContain('upload:');
  });

  it('ends at the newest turn, and an empty history at 0', () => {
    expect(newestTurn(turns)).toBe(30);
    expect(newestTurn([])).toBe(0);
  });
});
