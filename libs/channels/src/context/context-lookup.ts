import { type GuardedAnswer, type GuardedNetwork, NetworkFailure } from '@app/platform';

/** Redirects that are followed; each is checked like the first address. */
const MAX_REDIRECTS = 3;
/** More is none that a model should read. */
const MAX_BYTES = 65_536;
/** Of what it says. */
const MAX_CHARACTERS = 4000;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);
const READABLE = /^(?:text\/[\w.+-]+|application\/(?:[\w.+-]+\+)?json)$/;

/** Why a lookup has no result. The message is ours, and has neither the address nor anything that the server said. */
export class LookupFailed extends Error {
  override readonly name = 'LookupFailed';
}

/**
 * What a server says to one question, as text.
 * @param token goes along to this server only, not to where it redirects
 * @param timeoutMs for all of it
 * @throws LookupFailed, NetworkFailure
 */
export async function lookUp(
  network: GuardedNetwork,
  first: URL,
  { token, timeoutMs, signal }: { token: string | null; timeoutMs: number; signal: AbortSignal },
): Promise<string> {
  const end = performance.now() + timeoutMs;
  let url = first;
  let isFirstServer = true;
  for (let redirects = 0; ; redirects += 1) {
    const leftMs = Math.ceil(end - performance.now());
    if (leftMs <= 0) throw new NetworkFailure('timeout', `no answer within ${timeoutMs} ms`);
    // Once it has left, whoever sends it back says where to.
    isFirstServer &&= url.origin === first.origin;
    const answer = await network.request(url, {
      headers: {
        accept: 'application/json, text/*;q=0.9',
        ...(token !== null && isFirstServer ? { authorization: `Bearer ${token}` } : {}),
      },
      deadlineMs: leftMs,
      signal,
      maxBytes: MAX_BYTES,
    });
    if (!REDIRECTS.has(answer.status)) return textOf(answer);
    if (redirects === MAX_REDIRECTS) throw new LookupFailed(`it redirects more than ${MAX_REDIRECTS} times`);
    url = targetOf(answer, url);
  }
}

function targetOf({ headers }: GuardedAnswer, from: URL): URL {
  const { location } = headers;
  if (location === undefined || !URL.canParse(location, from.href)) throw new LookupFailed('it redirects to nowhere');
  const to = new URL(location, from.href);
  if (from.protocol === 'https:' && to.protocol !== 'https:') throw new LookupFailed('it redirects from https to http');
  return to;
}

function textOf({ status, headers, body }: GuardedAnswer): string {
  if (status < 200 || status >= 300) throw new LookupFailed(`it answered ${status}`);
  const type = headers['content-type']?.split(';')[0]?.trim().toLowerCase() ?? '';
  if (!READABLE.test(type)) throw new LookupFailed('it answered with something else than text or JSON');
  if ((headers['content-encoding'] ?? 'identity') !== 'identity') throw new LookupFailed('its answer is compressed');
  return new TextDecoder().decode(body).replaceAll('\0', '').trim().slice(0, MAX_CHARACTERS).toWellFormed();
}
