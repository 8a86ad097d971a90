import type { EnvReader } from './env-reader';
import { keysIn, readKeyFile } from './key-file';

/** Default of the official API; prices of the ledger apply to this host only. */
export const OFFICIAL_OPENAI_BASE_URL = 'https://api.openai.com/v1';

export interface OpenAiConfig {
  /** `openai`: the official host; `compatible`: another server; `simulator`: no key and no base URL. */
  provider: 'openai' | 'compatible' | 'simulator';
  /** Used in turn. Never empty: servers that need no key get one that they ignore. */
  apiKeys: string[];
  /** One key per line; read again when it changes. */
  apiKeyFile: string | undefined;
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
  protection: ProtectionConfig;
}

/** How the upstream is kept from being overrun, and turns from being lost to it. */
export interface ProtectionConfig {
  /** Calls that one process has under way at the same time. */
  maxConcurrency: number;
  /** The longest that a turn is held back in total before it gets a fallback text, in milliseconds. */
  maxHoldMs: number;
  /** Faults of the upstream in a row after which nobody calls it for a while; 0 switches the breaker off. */
  breakerFailures: number;
  /** The first pause of the breaker, in milliseconds; each further one in a row is twice as long, up to a minute. */
  breakerCooldownMs: number;
}

/** Takes the place of a key where none is needed: the client insists on one. */
export const NO_API_KEY = 'not-needed';

const HTTP = ['http:', 'https:'] as const;

export function readOpenAi(reader: EnvReader, isExposed: boolean): OpenAiConfig {
  const { apiKeys, apiKeyFile } = readKeys(reader);
  const hasKey = apiKeys.length > 0;
  const baseUrl = reader.url('OPENAI_BASE_URL', HTTP)?.replace(/\/+$/, '');
  const isOfficial = baseUrl === undefined || new URL(baseUrl).hostname === 'api.openai.com';
  if (!hasKey && baseUrl !== undefined && isOfficial) {
    reader.problem(
      'OPENAI_API_KEY',
      'is needed for api.openai.com. Make one at platform.openai.com, or leave OPENAI_BASE_URL out to use the simulator.',
    );
  }
  const provider = isOfficial ? (!hasKey ? 'simulator' : 'openai') : 'compatible';
  if (provider === 'simulator' && isExposed && !reader.boolean('ALLOW_SIMULATOR', false)) {
    reader.problem(
      'OPENAI_API_KEY',
      'is not set, and the simulator does not answer people in production (NODE_ENV=production, or HOST other than loopback). Set OPENAI_API_KEY or OPENAI_BASE_URL, or ALLOW_SIMULATOR=true for a demonstration.',
    );
  }
  const timeoutMs = reader.integer('OPENAI_TIMEOUT', { min: 100, max: 600_000, fallback: 30_000 });
  return {
    provider,
    apiKeys: hasKey ? apiKeys : [NO_API_KEY],
    apiKeyFile,
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
    protection: {
      maxConcurrency: reader.integer('OPENAI_MAX_CONCURRENCY', { min: 1, max: 10_000, fallback: 200 }),
      maxHoldMs: reader.integer('OPENAI_MAX_HOLD_MS', { min: 0, max: 3_600_000, fallback: 120_000 }),
      // One message that fails with all its retries is no outage; a dozen failures in a row are.
      breakerFailures: reader.integer('OPENAI_BREAKER_FAILURES', { min: 0, max: 10_000, fallback: 12 }),
      breakerCooldownMs: reader.integer('OPENAI_BREAKER_COOLDOWN_MS', { min: 100, max: 60_000, fallback: 5000 }),
    },
  };
}

/** The file wins over the variable: who mounts one means to change it while Parley runs. */
function readKeys(reader: EnvReader): { apiKeys: string[]; apiKeyFile: string | undefined } {
  const apiKeyFile = reader.optional('OPENAI_API_KEY_FILE');
  if (apiKeyFile === undefined) return { apiKeys: keysIn(reader.optional('OPENAI_API_KEY') ?? ''), apiKeyFile };
  const read = readKeyFile(apiKeyFile);
  if (Array.isArray(read)) return { apiKeys: read, apiKeyFile };
  reader.problem('OPENAI_API_KEY_FILE', `${read.problem}. It must be a readable file with one key per line.`);
  return { apiKeys: [], apiKeyFile };
}
