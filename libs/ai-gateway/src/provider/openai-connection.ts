import OpenAI from 'openai';
import type { ProviderOptions } from './provider.port';
import { objectOf, parseJson } from './untyped-json';

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
    fetch: fetchWithReadableErrors,
  });
}

/**
 * The client keeps only `error` of a failed answer. Other servers put their reason elsewhere (`detail`, `message`, a bare
 * string), so it is moved to where the client looks.
 */
async function fetchWithReadableErrors(url: string | URL | Request, init?: RequestInit): Promise<Response> {
  const response = await fetch(url, init);
  if (response.ok) return response;
  // When the body cannot be read to its end, the status alone must do.
  const text = await response.text().catch(() => '');
  const body = parseJson(text);
  const reason = objectOf(body) ?? { message: text.slice(0, 500) };
  const wrapped = objectOf(reason.error)
    ? reason
    : { error: typeof reason.error === 'string' ? { message: reason.error } : reason };
  const headers = new Headers(response.headers);
  headers.delete('content-encoding');
  headers.delete('content-length');
  return new Response(JSON.stringify(wrapped), { status: response.status, headers });
}
