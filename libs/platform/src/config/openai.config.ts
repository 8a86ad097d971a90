import type { EnvReader } from './env-reader';

/** Default of the official API; prices of the ledger apply to this host only. */
export const OFFICIAL_OPENAI_BASE_URL = 'https://api.openai.com/v1';

export interface OpenAiConfig {
  /** `openai`: the official host; `compatible`: another server; `simulator`: no key and no base URL. */
  provider: 'openai' | 'compatible' | 'simulator';
  apiKey: string;
  /** Empty for the simulator, which picks a free port. */
  baseUrl: string;
  api: 'responses' | 'chat';
  model: string;
  maxTokens: number;
  temperature: number;
  /** Longest silence between two pieces of content, in milliseconds. */
  timeoutMs: number;
  /** Longest duration of one attempt, in milliseconds. */
  totalTimeoutMs: number;
  /** Retries after the first attempt; 3 means up to 4 calls. */
  maxRetries: number;
  promptId: string | undefined;
  /** A conversation at OpenAI that was not used for so many days is let go; 0 means never. */
  conversationTtlDays: number;
}

const HTTP = ['http:', 'https:'] as const;

export function readOpenAi(reader: EnvReader, isExposed: boolean): OpenAiConfig {
  const apiKey = reader.optional('OPENAI_API_KEY');
  const baseUrl = reader.url('OPENAI_BASE_URL', HTTP)?.replace(/\/+$/, '');
  const isOfficial = baseUrl === undefined || new URL(baseUrl).hostname === 'api.openai.com';
  if (apiKey === undefined && baseUrl !== undefined && isOfficial) {
    reader.problem(
      'OPENAI_API_KEY',
      'is needed for api.openai.com. Make one at platform.openai.com, or leave OPENAI_BASE_URL out to use the simulator.',
    );
  }
  const provider = isOfficial ? (apiKey === undefined ? 'simulator' : 'openai') : 'compatible';
  if (provider === 'simulator' && isExposed && !reader.boolean('ALLOW_SIMULATOR', false)) {
    reader.problem(
      'OPENAI_API_KEY',
      'is not set, and the simulator does not answer people in production (NODE_ENV=production, or HOST other than loopback). Set OPENAI_API_KEY or OPENAI_BASE_URL, or ALLOW_SIMULATOR=true for a demonstration.',
    );
  }
  const timeoutMs = reader.integer('OPENAI_TIMEOUT', { min: 100, max: 600_000, fallback: 30_000 });
  return {
    provider,
    // The client insists on a key; servers that need none ignore it.
    apiKey: apiKey ?? 'not-needed',
    baseUrl: baseUrl ?? (provider === 'simulator' ? '' : OFFICIAL_OPENAI_BASE_URL),
    api: reader.oneOf('OPENAI_API', ['responses', 'chat'] as const, 'responses'),
    // Cheapest current model (2026-11); the seeds' gpt-3.5-turbo and gpt-4 were shut down on 2026-10-23.
    model: reader.string('OPENAI_MODEL', 'gpt-6-luna'),
    maxTokens: reader.integer(reader.firstOf('OPENAI_MAX_TOKENS', 'MAX_TOKENS'), {
      min: 1,
      max: 128_000,
      fallback: 1000,
    }),
    temperature: reader.number(reader.firstOf('OPENAI_TEMPERATURE', 'TEMPERATURE'), { min: 0, max: 2, fallback: 0.7 }),
    timeoutMs,
    totalTimeoutMs: reader.integer('OPENAI_TOTAL_TIMEOUT', {
      min: 100,
      max: 3_600_000,
      fallback: Math.max(180_000, timeoutMs),
    }),
    maxRetries: reader.integer('OPENAI_MAX_RETRIES', { min: 0, max: 20, fallback: 3 }),
    promptId: reader.optional('OPENAI_PROMPT_ID'),
    conversationTtlDays: reader.integer('OPENAI_CONVERSATION_TTL_DAYS', { min: 0, max: 3650, fallback: 30 }),
  };
}
