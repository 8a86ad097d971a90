import { createHmac } from 'node:crypto';
import type { CompletionRequest, ProviderDescription } from '../provider';

/** Whose question it is, and who is asked. */
export interface Asked {
  personaId: number;
  personaVersionId: number;
  upstream: Pick<ProviderDescription, 'base_url' | 'api'>;
  request: CompletionRequest;
}

/**
 * Stands for everything that an answer depends on: requests with the same key are the same to the letter. What only names the sender to the upstream (safety
 * identifier, prompt cache key, correlation id) is no part of it.
 * @param userId null for a key that all users have in common
 * @returns 32 bytes, which tell nothing without our secret
 */
export function cacheKey(
  secret: string,
  { personaId, personaVersionId, upstream, request }: Asked,
  userId: number | null,
): Buffer {
  const { model, instructions, input, temperature, maxOutputTokens, prompt, responseFormat, metadata, serviceTier } =
    request;
  const all = [
    'answer/1',
    userId,
    personaId,
    personaVersionId,
    upstream.base_url,
    upstream.api,
    model,
    instructions,
    input,
    temperature,
    maxOutputTokens,
    prompt,
    responseFormat,
    metadata,
    serviceTier,
  ];
  return createHmac('sha256', secret).update(JSON.stringify(all)).digest();
}
