/** An access token and when it ends, by this machine's clock. */
export interface AccessToken {
  value: string;
  /** Milliseconds since 1970; undefined when the token does not say (it is no JWT). */
  endsAt: number | undefined;
}

/** Reads the end out of a JWT. Nothing is verified: the backend does that. */
export function accessToken(value: string): AccessToken {
  return { value, endsAt: endOf(value) };
}

function endOf(token: string): number | undefined {
  const [, payload] = token.split('.');
  if (payload === undefined) return undefined;
  try {
    const { exp } = JSON.parse(atob(payload.replaceAll('-', '+').replaceAll('_', '/'))) as { exp?: unknown };
    return typeof exp === 'number' ? exp * 1000 : undefined;
  } catch {
    return undefined;
  }
}
