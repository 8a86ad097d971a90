import { knownWindow } from './model-windows';

describe('knownWindow', () => {
  it.each([
    ['gpt-6-luna', 1_050_000, 128_000],
    ['gpt-6-luna-2026-09-22', 1_050_000, 128_000],
    ['gpt-6.1-terra', 1_050_000, 128_000],
    ['gpt-6-luna-fast', 1_050_000, 128_000],
    ['openai/gpt-6-sol', 1_050_000, 128_000],
    ['openrouter/openai/gpt-4.1-mini', 1_047_576, 32_768],
    ['OpenAI/GPT-4o-Mini', 128_000, 16_384],
    ['openai:gpt-5.4-mini', 400_000, 128_000],
    ['ft:gpt-4o-mini-2024-07-18:my-team:support:9xYz', 128_000, 16_384],
    ['gpt-4o-2024-05-13', 128_000, 4_096],
    ['gpt-4o-2024-08-06', 128_000, 16_384],
    ['gpt-5-chat-latest', 128_000, 16_384],
    ['gpt-5-mini', 400_000, 128_000],
    ['gpt-4-0613', 8_192, 8_192],
    ['o3-pro', 200_000, 100_000],
    ['gpt-5.4-mini:online', 400_000, 128_000],
  ])('knows %s, whatever stands in front of or behind its name', (model, windowTokens, maxOutputTokens) => {
    expect(knownWindow(model)).toEqual({ windowTokens, maxOutputTokens });
  });

  it.each([
    'llama3.1:8b',
    'gpt-oss:20b',
    'gpt-oss-120b',
    'qwen3',
    'gpt-5.7',
    'gpt-7',
    'gpt',
    'my-gpt-4o',
    '',
    ':',
    '/',
    'constructor',
    '__proto__',
  ])('does not guess a window for %j', (model) => {
    expect(knownWindow(model)).toBeNull();
  });

  it('takes a very long name', () => {
    expect(knownWindow('-'.repeat(100_000))).toBeNull();
  });
});
