/** How much a model takes and gives at once, in tokens. */
export interface ModelWindow {
  /** Prompt and answer together. */
  windowTokens: number;
  /** The longest answer, reasoning included. */
  maxOutputTokens: number;
}

/**
 * OpenAI's models as of 2026-11-21, from the model pages at developers.openai.com/api/docs/models (context window and max output tokens of each).
 * Compared with `@pydantic/genai-prices` 0.1.8, which agrees but for roundings (1,000,000 for gpt-4.1 and gpt-5.5), has no maximum outputs
 * and lacks gpt-6.1. Open-weight models (gpt-oss, Llama, Qwen …) are left out on purpose: there the server's operator sets the window, and
 * the server tells it when it is exceeded.
 */
const WINDOWS: Record<string, readonly [windowTokens: number, maxOutputTokens: number]> = {
  'gpt-6.1-sol': [1_050_000, 128_000],
  'gpt-6.1-terra': [1_050_000, 128_000],
  'gpt-6-astra': [1_050_000, 128_000],
  'gpt-6-luna': [1_050_000, 128_000],
  'gpt-6-sol': [1_050_000, 128_000],
  'gpt-5.6-luna': [1_050_000, 128_000],
  'gpt-5.6-sol': [1_050_000, 128_000],
  'gpt-5.6-terra': [1_050_000, 128_000],
  // The page says 1M; the lower reading is the safe one.
  'gpt-5.5': [1_000_000, 128_000],
  'gpt-5.4': [1_050_000, 128_000],
  'gpt-5.4-mini': [400_000, 128_000],
  'gpt-5.4-nano': [400_000, 128_000],
  'gpt-5.3': [128_000, 16_384],
  'gpt-5.3-codex': [400_000, 128_000],
  'gpt-5.2': [400_000, 128_000],
  'gpt-5.2-chat': [128_000, 16_384],
  'gpt-5.1': [400_000, 128_000],
  'gpt-5.1-chat': [128_000, 16_384],
  'gpt-5': [400_000, 128_000],
  'gpt-5-pro': [400_000, 272_000],
  'gpt-5-chat': [128_000, 16_384],
  'gpt-4.1': [1_047_576, 32_768],
  'gpt-4o': [128_000, 16_384],
  'gpt-4o-2024-05-13': [128_000, 4_096],
  'chatgpt-4o': [128_000, 16_384],
  'gpt-4-turbo': [128_000, 4_096],
  'gpt-4-32k': [32_768, 8_192],
  'gpt-4': [8_192, 8_192],
  'gpt-3.5-turbo': [16_385, 4_096],
  'gpt-3.5-turbo-instruct': [4_096, 4_096],
  'o4-mini': [200_000, 100_000],
  o3: [200_000, 100_000],
  'o3-mini': [200_000, 100_000],
  o1: [200_000, 100_000],
  'o1-mini': [128_000, 65_536],
  'o1-preview': [128_000, 32_768],
};

/**
 * The window of a model by its name; null for a model that is not known. Dates, variants and tags behind the name (`gpt-4o-2024-08-06`,
 * `gpt-6-luna-fast`), vendors in front of it (`openai/…`, `openrouter/openai/…`) and fine-tunes (`ft:gpt-4o-mini-2024-07-18:team::id`) do not
 * matter; another version does (`gpt-5.7` is not `gpt-5`).
 */
export function knownWindow(model: string): ModelWindow | null {
  let name = baseName(model);
  while (name !== '') {
    if (Object.hasOwn(WINDOWS, name)) {
      const [windowTokens, maxOutputTokens] = WINDOWS[name]!;
      return { windowTokens, maxOutputTokens };
    }
    // From the most specific name to the family, one part at a time.
    name = name.slice(0, Math.max(0, name.lastIndexOf('-')));
  }
  return null;
}

function baseName(model: string): string {
  const parts = model.trim().toLowerCase().split('/').at(-1)!.split(':');
  // "ft:<base>:…", "openai:<model>", and "<model>:<tag>".
  return (parts.length > 1 && !/\d/.test(parts[0]!) ? parts[1]! : parts[0]!).slice(0, 200);
}
