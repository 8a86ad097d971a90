import fc from 'fast-check';
import { buildInput, mostTokens } from './input-builder';
import { estimateTokens, utf8Bytes } from './token-estimate';

const turns = (count: number, size = 10): { user: string; reply: string }[] =>
  Array.from({ length: count }, (_, index) => ({
    user: `u${index} `.padEnd(size, 'x'),
    reply: `r${index} `.padEnd(size, 'y'),
  }));
const plenty = { maxMessages: 1_000, tokenBudget: 1_000_000 };

describe('buildInput', () => {
  it('orders by turn (user, reply, user, reply) and ends with the current message', () => {
    const input = buildInput(
      [
        { user: 'a', reply: 'b' },
        { user: 'c', reply: 'd' },
      ],
      'e',
      plenty,
    );
    expect(input.map(({ role, content }) => `${role}:${content}`)).toEqual([
      'user:a',
      'assistant:b',
      'user:c',
      'assistant:d',
      'user:e',
    ]);
  });

  it('leaves out what was deleted or never answered', () => {
    const history = [
      { user: null, reply: 'b' },
      { user: 'c', reply: null },
      { user: null, reply: null },
    ];
    expect(buildInput(history, 'e', plenty).map(({ content }) => content)).toEqual(['b', 'c', 'e']);
  });

  it('drops whole oldest turns when there are too many messages', () => {
    const input = buildInput(turns(10), 'now', { ...plenty, maxMessages: 6 });
    expect(input).toHaveLength(5);
    expect(input[0]?.content).toMatch(/^u8/);
  });

  it('drops whole oldest turns when there are too many tokens', () => {
    const input = buildInput(turns(100, 400), 'now', { ...plenty, tokenBudget: 1_000 });
    expect(input.length).toBeGreaterThan(3);
    expect(input.length).toBeLessThan(60);
    expect(input[0]?.role).toBe('user');
    expect(input.reduce((sum, { content }) => sum + estimateTokens(content) + 4, 0)).toBeLessThanOrEqual(1_000);
  });

  it('counts real tokens before it drops anything: bytes alone would drop too early', () => {
    const history = [{ user: 'hello world '.repeat(100), reply: 'fine thanks '.repeat(100) }];
    expect(buildInput(history, 'now', { ...plenty, tokenBudget: 1_000 })).toHaveLength(3);
  });

  it('keeps the current message even when it alone exceeds every limit', () => {
    const input = buildInput(turns(3), 'long '.repeat(5_000), { maxMessages: 0, tokenBudget: 1 });
    expect(input).toEqual([{ role: 'user', content: 'long '.repeat(5_000) }]);
  });

  it('always keeps a contiguous newest part of the history', () => {
    const text = fc.option(fc.string({ unit: 'grapheme', maxLength: 60 }));
    fc.assert(
      fc.property(
        fc.array(fc.record({ user: text, reply: text }), { maxLength: 12 }),
        fc.integer({ min: 0, max: 20 }),
        fc.integer({ min: 0, max: 200 }),
        (history, maxMessages, tokenBudget) => {
          const all = buildInput(history, 'now', plenty).map(({ content }) => content);
          const kept = buildInput(history, 'now', { maxMessages, tokenBudget }).map(({ content }) => content);
          expect(kept).toEqual(all.slice(all.length - kept.length));
          expect(kept.length).toBeLessThanOrEqual(Math.max(1, maxMessages));
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
    const startedAt = performance.now();
    estimateTokens('a'.repeat(200_000));
    // Uncut, the tokenizer needs about 10 s for this on the same machine.
    expect(performance.now() - startedAt).toBeLessThan(2_000);
  });
});

describe('mostTokens', () => {
  it('is never less than what the messages have', () => {
    const message = fc.string({ unit: 'grapheme', maxLength: 200 });
    fc.assert(
      fc.property(fc.array(fc.record({ user: message, reply: message }), { maxLength: 5 }), message, (history, now) => {
        const all = [...history.flatMap(({ user, reply }) => [user, reply]).filter((text) => text !== ''), now];
        const tokens = all.reduce((sum, text) => sum + estimateTokens(text) + 4, 0);
        expect(mostTokens(history, now)).toBeGreaterThanOrEqual(tokens);
      }),
    );
  });
});
