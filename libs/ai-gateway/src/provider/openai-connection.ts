import OpenAI from 'openai';
import type { ProviderOptions } from './provider.port';
import { streamingFetch } from './streaming-fetch';

/**
 * The official client, with its own judgement switched off: it would retry a used-up quota, ignore a long `Retry-After`,
 * and log prompts when `OPENAI_LOG` is set. What it keeps doing is the protocol: URLs, headers, authentication.
 */
export function connectOpenAI(options: ProviderOptions): OpenAI {
  const isOfficial = options.provider === 'openai';
  return new OpenAI({
    apiKey: options.apiKey || 'none',
    baseURL: options.baseUrl,
    // Account headers of OpenAI (from OPENAI_ORG_ID, OPENAI_PROJECT_ID) are nobody else's business.
    ...(isOfficial ? {} : { organization: null, project: null }),
    adminAPIKey: null,
    webhookSecret: null,
    maxRetries: 0,
    // Ours ends earlier (UpstreamWatch); the client's covers the time to the headers only.
    timeout: Math.min(options.totalTimeoutMs + 60_000, 2 ** 31 - 1),
    logLevel: 'off',
    fetch: streamingFetch,
  });
}
