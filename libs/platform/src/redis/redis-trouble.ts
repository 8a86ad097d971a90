/** A server that answers and refuses: waiting will not help, so the process does not start. */
export class RedisRefusedError extends Error {}

/** What the server itself says no to, and the fix. The sentences continue after the variable's name. */
const REFUSALS: readonly [RegExp, string][] = [
  [
    /^WRONGPASS|invalid password/,
    'it refuses the user or the password. A password alone has a colon before it (redis://:password@host); that of sentinels stands at the end (?sentinel_password=…).',
  ],
  [
    /^NOAUTH|Authentication required/,
    'it wants a password: redis://:password@host or redis://user:password@host; for sentinels ?sentinel_password=… at the end.',
  ],
  [/^NOPERM/, 'its user lacks rights. Grant it: ACL SETUSER <user> on ~* &* +@all.'],
  [/DB index is out of range/, 'it has no logical database of that number. Correct the number at the end.'],
  [
    /unknown command '?`?SENTINEL/i,
    'it is no sentinel. Name the port of the sentinels (often 26379), or begin the URL with redis://.',
  ],
  [/^Protocol error/, 'what answers is no Redis. Correct the host and port.'],
  [
    /^DENIED/,
    'it runs in protected mode and takes connections from its own machine only. Give it a password (requirepass).',
  ],
];

export const NO_ANSWER = 'there is no answer';
const CLOSES = 'it closes the connection (does it want TLS? then rediss://)';

/** What a person can do when nobody answers, by the code of the error. */
const HINTS: Record<string, string> = {
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'its host name is not known here',
  EAI_AGAIN: 'its host name could not be looked up',
  ETIMEDOUT: NO_ANSWER,
  ECONNRESET: CLOSES,
  EPIPE: CLOSES,
  EHOSTUNREACH: 'there is no way to that host',
  ERR_SSL_WRONG_VERSION_NUMBER: 'it does not speak TLS on that port; rediss:// is for TLS, redis:// without',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'it does not speak TLS on that port; rediss:// is for TLS, redis:// without',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another host name',
  CERT_HAS_EXPIRED: 'its certificate has expired',
};
const UNTRUSTED = /SELF_SIGNED|UNABLE_TO_(VERIFY|GET_ISSUER)|CERT_UNTRUSTED/;

/** The fix when the server itself refused, undefined when it could not be reached. */
export function refusalFor(error: Error): string | undefined {
  return chain(error)
    .map(({ message }) => REFUSALS.find(([pattern]) => pattern.test(message))?.[1])
    .find((text) => text !== undefined);
}

/** Why a server cannot be reached, in words. Never a stack trace, never a part of the URL. */
export function reasonOf(error: Error): string {
  const errors = chain(error);
  for (const { code, message } of errors) {
    const known = HINTS[code ?? ''] ?? Object.entries(HINTS).find(([name]) => message.includes(name))?.[1];
    if (known !== undefined) return known;
    if (UNTRUSTED.test(code ?? '')) {
      return 'its certificate is not trusted; name the authority that signed it in NODE_EXTRA_CA_CERTS';
    }
  }
  const { message } = errors.at(-1)!;
  return /^Connection is closed/.test(message)
    ? 'it closes the connection (does it want TLS? then rediss://)'
    : message;
}

interface Failure {
  message: string;
  code?: string;
  errors?: unknown[];
  lastNodeError?: unknown;
  cause?: unknown;
}

/** The error, the parts of it when it is several (a name with two addresses fails twice, a cluster by node), and what caused it. */
function chain(error: Failure): Failure[] {
  const parts: unknown[] = [...(error.errors ?? []), error.lastNodeError, error.cause];
  const isFailure = (part: unknown): part is Failure => typeof (part as Failure | undefined)?.message === 'string';
  return [error, ...parts.filter(isFailure).flatMap(chain)];
}
