import { createHash } from 'node:crypto';
import type { OpenAiConfig } from '@app/platform';

/** As wide as the columns. */
const MAX_LENGTH = 200;

/** The name under which all workers share what they know of the upstream: its base URL, without what may be secret in it. */
export function upstreamName({ provider, baseUrl }: Pick<OpenAiConfig, 'provider' | 'baseUrl'>): string {
  // Each process has a simulator of its own, on a port that means nothing to others.
  if (provider === 'simulator' || !URL.canParse(baseUrl)) return provider;
  const { origin, pathname } = new URL(baseUrl);
  const name = `${origin}${pathname.replace(/\/+$/, '')}`;
  if (name.length <= MAX_LENGTH) return name;
  return `${name.slice(0, MAX_LENGTH - 20)}#${createHash('sha256').update(name).digest('hex').slice(0, 16)}`;
}
