import type { ChatOptions } from './visitor-session';

/**
 * Whose conversation it is: what one visitor has said is not shown to the next one at the same tab. Tokens are made anew for each page, so it is their
 * `sub` that counts. Nothing is proven here; the backend does that.
 */
export function personOf({ userId = '', userToken }: Pick<ChatOptions, 'userId' | 'userToken'>): string {
  return userToken === undefined ? userId : `${userId}|${subjectOf(userToken)}`;
}

function subjectOf(token: string): string {
  try {
    const [, claims = ''] = token.split('.');
    const bytes = Uint8Array.from(atob(claims.replaceAll('-', '+').replaceAll('_', '/')), (each) => each.charCodeAt(0));
    return String((JSON.parse(new TextDecoder().decode(bytes)) as { sub?: unknown }).sub);
  } catch {
    // The backend will refuse it.
    return token;
  }
}
