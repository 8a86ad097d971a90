import { ProviderError } from './provider.error';
import { redact } from './redact';
import { listOf, objectOf, stringOf } from './untyped-json';

/** The connection was there and broke: the upstream may have worked on the request, and may bill it. */
const BROKEN = new Set([
  'ECONNRESET',
  'EPIPE',
  'ECONNABORTED',
  'UND_ERR_SOCKET',
  'UND_ERR_ABORTED',
  'ERR_STREAM_PREMATURE_CLOSE',
]);
/** fetch's own limits (5 minutes each), which come into play when ours are longer. */
const SILENT = new Set(['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT']);

/**
 * Names a failure of the connection itself. fetch reports those as a bare `TypeError` ("fetch failed", "terminated")
 * with the reason hidden in `cause`.
 * @param answered whether response headers had arrived
 */
export function classifyConnectionFailure(error: unknown, answered: boolean, apiKey: string): ProviderError {
  const codes = codesOf(error);
  const logDetail = redact([...codes, ...messagesOf(error)].join(' · '), [apiKey]) || 'connection failed';
  if (codes.some((code) => SILENT.has(code))) return new ProviderError('UPSTREAM.STALLED', { logDetail, cause: error });
  const isBroken = answered || codes.some((code) => BROKEN.has(code));
  return new ProviderError(isBroken ? 'UPSTREAM.CUT' : 'UPSTREAM.UNREACHABLE', { logDetail, cause: error });
}

function chain(error: unknown): Record<string, unknown>[] {
  const found: Record<string, unknown>[] = [];
  const open: unknown[] = [error];
  while (open.length > 0 && found.length < 10) {
    const next = objectOf(open.shift());
    if (!next) continue;
    found.push(next);
    // A host with several addresses fails with one error per address.
    open.push(next.cause, ...listOf(next.errors));
  }
  return found;
}

function codesOf(error: unknown): string[] {
  return [
    ...new Set(
      chain(error)
        .map((one) => stringOf(one.code))
        .filter((code) => code !== null),
    ),
  ];
}

function messagesOf(error: unknown): string[] {
  return [
    ...new Set(
      chain(error)
        .map((one) => stringOf(one.message))
        .filter((message) => message !== null),
    ),
  ];
}
