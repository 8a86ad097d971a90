import type { FileKind } from './built-files';

/** What is in a header must be nothing but a host and a port. */
const HOST = /^[a-z0-9.-]+(:\d+)?$|^\[[0-9a-f:]+\](:\d+)?$/i;

/** Other sites' pages load these; nothing in them is anybody's own. */
const FOR_ALL = { 'cross-origin-resource-policy': 'cross-origin', 'access-control-allow-origin': '*' };

/** A name with a hash in it never means anything else. The others are asked for again each time, which costs a 304. */
const FOREVER = 'public, max-age=31536000, immutable';
const ASK_AGAIN = 'public, no-cache';

/**
 * All that a page loads and connects to is ours, and nothing in it is inline. Older browsers do not take `'self'` for web sockets, so the host is
 * named for them.
 */
function policy(host: string, frames: string): string {
  const sockets = HOST.test(host) ? ` ws://${host} wss://${host}` : '';
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    `connect-src 'self'${sockets}`,
    "base-uri 'none'",
    "form-action 'none'",
    `frame-ancestors ${frames}`,
  ].join('; ');
}

/** Browsers that know Trusted Types refuse every text that would become HTML or a script. The page makes none. */
const NO_TEXT_AS_CODE = "require-trusted-types-for 'script'; trusted-types 'none'";

/** Headers of a file beside its type, encoding and tag. `undefined` takes away what all answers have. @param host host and port that were asked for */
export function fileHeaders(kind: FileKind, host: string): Record<string, string | undefined> {
  const common = { 'x-content-type-options': 'nosniff', vary: 'Accept-Encoding' };
  switch (kind) {
    case 'page':
      // Somebody else's page must not put this one under its own buttons.
      return {
        ...common,
        'cache-control': ASK_AGAIN,
        'content-security-policy': `${policy(host, "'none'")}; ${NO_TEXT_AS_CODE}`,
        'x-frame-options': 'DENY',
      };
    case 'demo':
      // A demonstration, which may be shown anywhere.
      return {
        ...common,
        'cache-control': ASK_AGAIN,
        'content-security-policy': policy(host, '*'),
        'x-frame-options': undefined,
      };
    case 'widget':
      return { ...common, ...FOR_ALL, 'cache-control': ASK_AGAIN };
    case 'texts':
      return { ...common, ...FOR_ALL, 'cache-control': FOREVER };
    case 'asset':
      return { ...common, 'cache-control': FOREVER };
  }
}
