import fc from 'fast-check';
import { buildInput, type HistoryTurn, mostTokens } from './input-builder';
import { estimateTokens, utf8Bytes } from './token-estimate';
import { cpuNow } from '../../../../test/support/cpu-time';

/** A conversation in which each message waits for its reply. */
const numbered = (turns: { user: string | null; reply: string | null }[]): HistoryTurn[] =>
  turns.map((turn, index) => ({ ...turn, userSeq: 2 * index + 1 }));
const turns = (count: number, size = 10): HistoryTurn[] =>
  numbered(
    Array.from({ length: count }, (_, index) => ({
      user: `u${index} `.padEnd(size, 'x'),
      reply: `r${index} `.padEnd(size, 'y'),
    })),
  );
const plenty = { maxHistory: 1_000, tokenBudget: 1_000_000 };
const contents = (history: HistoryTurn[], now: string, limits = plenty, notes: string | null = null): string[] =>
  buildInput(history, now, limits, { notes }).messages.map(({ content }) => content);

describe('buildInput', () => {
  it('orders by turn (user, reply, user, reply) and ends with the current message', () => {
    const history = numbered([
      { user: 'a', reply: 'b' },
      { user: 'c', reply: 'd' },
    ]);
    const { messages, firstSeq } = buildInput(history, 'e', plenty);
    expect(messages.map(({ role, content }) => `${role}:${content}`)).toEqual([
      'user:a',
      'assistant:b',
      'user:c',
      'assistant:d',
      'user:e',
    ]);
    expect(firstSeq).toBe(1);
  });

  it('puts notes in front of the history, as a message of their own', () => {
    expect(contents(turns(1), 'now', plenty, 'the notes')).toEqual([
      'the notes',
      turns(1)[0]!.user,
      turns(1)[0]!.reply,
      'now',
    ]);
    expect(contents([], 'now', plenty, 'the notes')).toEqual(['the notes', 'now']);
  });

  it('leaves out what was deleted or never answered', () => {
    const history = numbered([
      { user: null, reply: 'b' },
      { user: 'c', reply: null },
      { user: null, reply: null },
    ]);
    expect(contents(history, 'e')).toEqual(['b', 'c', 'e']);
  });

  it('drops whole oldest turns when there are too many messages', () => {
    const { messages, firstSeq } = buildInput(turns(10).slice(-6), 'now', { ...plenty, maxHistory: 6 });
    expect(messages).toHaveLength(7);
    expect(messages[0]?.content).toMatch(/^u7/);
    expect(firstSeq).toBe(15);
  });

  it('sends no history at all when none may go along', () => {
    expect(buildInput(turns(3), 'now', { ...plenty, maxHistory: 0 })).toEqual({
      messages: [{ role: 'user', content: 'now' }],
      firstSeq: null,
    });
  });

  it('drops whole oldest turns when there are too many tokens', () => {
    const { messages } = buildInput(turns(100, 400), 'now', { ...plenty, tokenBudget: 1_000 });
    expect(messages.length).toBeGreaterThan(3);
    expect(messages.length).toBeLessThan(60);
    expect(messages[0]?.role).toBe('user');
    expect(messages.reduce((sum, { content }) => sum + estimateTokens(content) + 4, 0)).toBeLessThanOrEqual(1_000);
  });

  it('counts notes into the budget', () => {
    const budget = { ...plenty, tokenBudget: 1_000 };
    const without = contents(turns(100, 400), 'now', budget).length;
    expect(contents(turns(100, 400), 'now', budget, 'a note '.repeat(200)).length).toBeLessThan(without);
  });

  it('leaves notes out before it leaves the current message out', () => {
    expect(contents(turns(3), 'now', { ...plenty, tokenBudget: 20 }, 'a note '.repeat(200))).toEqual(['now']);
  });

  it('counts real tokens before it drops anything: bytes alone would drop too early', () => {
    const history = numbered([{ user: 'hello world '.repeat(100), reply: 'fine thanks '.repeat(100) }]);
    expect(contents(history, 'now', { ...plenty, tokenBudget: 1_000 })).toHaveLength(3);
  });

  it('keeps the current message even when it alone exceeds every limit', () => {
    const { messages } = buildInput(turns(3), 'long '.repeat(5_000), { maxHistory: 0, tokenBudget: 1 });
    expect(messages).toEqual([{ role: 'user', content: 'long '.repeat(5_000) }]);
  });

  it('always keeps a contiguous newest part of the history', () => {
    const text = fc.option(fc.string({ unit: 'grapheme', maxLength: 60 }));
    fc.assert(
      fc.property(
        fc.array(fc.record({ user: text, reply: text }), { maxLength: 12 }),
        fc.integer({ min: 0, max: 20 }),
        fc.integer({ min: 0, max: 200 }),
        (history, maxHistory, tokenBudget) => {
          const all = contents(numbered(history), 'now');
          const kept = contents(numbered(history), 'now', { maxHistory, tokenBudget });
          expect(kept).toEqual(all.slice(all.length - kept.length));
          expect(kept.length).toBeLessThanOrEqual(maxHistory + 1);
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe('estimateTokens', () => {
  it('never exceeds the size in bytes, for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 1_500 }), (text) => estimateTokens(text) <= utf8Bytes(text)),
    );
  });

  it('takes special tokens for ordinary text', () => {
    expect(estimateTokens('<|endoftext|>')).toBeGreaterThan(1);
  });

  it('stays fast on a long run without spaces', () => {
    const startedAt = cpuNow();
    estimateTokens('a'.repeat(200_000));
    // Uncut, the tokenizer needs about 10 s for this on the same machine.
    expect(cpuNow() - startedAt).toBeLessThan(2_000);
  });
});

describe('mostTokens', () => {
  it('is never less than what the messages have', () => {
    const message = fc.string({ unit: 'grapheme', maxLength: 200 });
    fc.assert(
      fc.property(fc.array(fc.record({ user: message, reply: message }), { maxLength: 5 }), message, (history, now) => {
        const all = [...history.flatMap(({ user, reply }) => [user, reply]).filter((text) => text !== ''), now];
        const tokens = all.reduce((sum, text) => sum + estimateTokens(text) + 4, 0);
        expect(mostTokens(numbered(history), [now])).toBeGreaterThanOrEqual(tokens);
      }),
    );
  });
});

describe('background in the input', () => {
  const posts = (count: number): { title: string; text: string }[] => [
    { title: 'Posts', text: Array.from({ length: count }, (_, index) => `@dana: post number ${index}`).join('\n') },
  ];
  const built = (count: number, tokenBudget: number, history = turns(40, 200), notes: string | null = null): string[] =>
    buildInput(history, 'now', { maxHistory: 1_000, tokenBudget }, { notes, background: posts(count) }).messages.map(
      ({ content }) => content,
    );

  it('stands behind the notes and in front of the history', () => {
    const all = built(2, 1_000_000, turns(1), 'the notes');
    expect(all[0]).toBe('the notes');
    expect(all[1]).toContain('@dana: post number 0\n@dana: post number 1');
    expect(all.slice(2)).toEqual([turns(1)[0]!.user, turns(1)[0]!.reply, 'now']);
  });

  it('keeps half of the budget at most, its newest part, and the history has the rest', () => {
    const all = built(500, 2_000);
    expect(estimateTokens(all[0]!)).toBeLessThanOrEqual(1_000);
    expect(estimateTokens(all[0]!)).toBeGreaterThan(800);
    expect(all[0]).toContain('post number 499\n');
    expect(all[0]).not.toContain('post number 1\n');
    expect(all.length).toBeGreaterThan(6);
    expect(all.reduce((sum, content) => sum + estimateTokens(content) + 4, 0)).toBeLessThanOrEqual(2_000);
  });

  it('stays when notes and history have to go', () => {
    const all = built(500, 400, turns(40, 2_000), 'a note '.repeat(300));
    expect(all).toEqual([expect.stringContaining('post number 499'), 'now']);
  });

  it('goes before the message does', () => {
    expect(built(500, 20, turns(3))).toEqual(['now']);
  });
});
