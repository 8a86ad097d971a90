import fc from 'fast-check';
import { contextLimits } from './context-limits';
import { LearnedWindows } from './learned-windows';

const question = { budgetTokens: 16_000, maxOutputTokens: 1_000, known: null, learned: null };

describe('contextLimits', () => {
  it('a large window leaves the budget as it is', () => {
    const known = { windowTokens: 1_050_000, maxOutputTokens: 128_000 };
    expect(contextLimits({ ...question, known })).toEqual({
      promptTokens: 16_000,
      maxOutputTokens: 1_000,
      windowTokens: 1_050_000,
    });
  });

  it('a small window bounds the prompt: window less answer less margin', () => {
    const known = { windowTokens: 8_192, maxOutputTokens: 8_192 };
    expect(contextLimits({ ...question, known })).toMatchObject({ promptTokens: 8_192 - 1_000 - 246 });
  });

  it('a model that nobody knows has the budget alone', () => {
    expect(contextLimits(question)).toEqual({ promptTokens: 16_000, maxOutputTokens: 1_000, windowTokens: null });
  });

  it('asks for no longer answer than the model gives, and never for more than half of the window', () => {
    const known = { windowTokens: 128_000, maxOutputTokens: 16_384 };
    expect(contextLimits({ ...question, known, maxOutputTokens: 50_000 }).maxOutputTokens).toBe(16_384);
    const learned = { windowTokens: 512, tokensPerEstimate: 1 };
    expect(contextLimits({ ...question, learned })).toEqual({
      promptTokens: 512 - 256 - 64,
      maxOutputTokens: 256,
      windowTokens: 512,
    });
  });

  it('believes the server where it says less than the table', () => {
    const known = { windowTokens: 128_000, maxOutputTokens: 16_384 };
    const learned = { windowTokens: 10_000, tokensPerEstimate: 1 };
    expect(contextLimits({ ...question, known, learned }).promptTokens).toBe(10_000 - 1_000 - 300);
  });

  it('counts as the server counts: twice the tokens is half the text', () => {
    const learned = { windowTokens: 10_000, tokensPerEstimate: 2 };
    expect(contextLimits({ ...question, learned })).toMatchObject({ promptTokens: 4_350, windowTokens: 5_000 });
  });

  it('prompt and answer never exceed the window, and both are at least 1', () => {
    const tokens = fc.integer({ min: 64, max: 2_000_000 });
    fc.assert(
      fc.property(tokens, tokens, tokens, tokens, (windowTokens, maxOutput, asked, budgetTokens) => {
        const known = { windowTokens, maxOutputTokens: maxOutput };
        const limits = contextLimits({ budgetTokens, maxOutputTokens: asked, known, learned: null });
        expect(limits.promptTokens + limits.maxOutputTokens).toBeLessThanOrEqual(Math.max(windowTokens, 2));
        expect(Math.min(limits.promptTokens, limits.maxOutputTokens)).toBeGreaterThanOrEqual(1);
        expect(limits.promptTokens).toBeLessThanOrEqual(budgetTokens);
      }),
    );
  });
});

describe('LearnedWindows', () => {
  const told = { windowTokens: 4_096, promptTokens: 5_000 };

  it('remembers a window per server and model', () => {
    const windows = new LearnedWindows();
    windows.learn('http://a/v1', 'm', told, 4_000);
    expect(windows.find('http://a/v1', 'm')).toMatchObject({ windowTokens: 4_096, tokensPerEstimate: 1.25 });
    expect(windows.find('http://b/v1', 'm')).toBeNull();
    expect(windows.find('http://a/v1', 'n')).toBeNull();
  });

  it('takes no nonsense for a ratio of tokens', () => {
    const windows = new LearnedWindows();
    const ratio = (promptTokens: number | null, estimated: number): number => {
      windows.learn('u', 'm', { windowTokens: 4_096, promptTokens }, estimated);
      return windows.find('u', 'm')!.tokensPerEstimate;
    };
    expect([ratio(null, 100), ratio(100, 0), ratio(50, 100), ratio(1_000_000, 1)]).toEqual([1, 1, 1, 4]);
  });

  it('forgets the oldest when there are too many', () => {
    const windows = new LearnedWindows();
    for (let index = 0; index < 600; index++) windows.learn('u', `m${index}`, told, 4_000);
    expect(windows.find('u', 'm99')).toBeNull();
    expect(windows.find('u', 'm100')).not.toBeNull();
  });
});
