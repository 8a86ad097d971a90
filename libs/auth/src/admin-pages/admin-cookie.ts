/** Name of the cookie that holds the login of the admin pages. */
export const ADMIN_COOKIE = 'parley_admin';
/** Only these pages get the cookie; the API never sees it, so no API call can ride on it. */
const COOKIE_PATH = '/admin';

/** The token in a `Cookie` header, if it has exactly one: with two of them somebody else may have put one in. */
export function readAdminCookie(header: string | undefined): string | undefined {
  const values = (header ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${ADMIN_COOKIE}=`))
    .map((pair) => pair.slice(ADMIN_COOKIE.length + 1));
  return values.length === 1 && values[0] !== '' ? values[0] : undefined;
}

/** `Set-Cookie` for a login. @param isSecure whether the browser came over TLS; else it would drop the cookie */
export const adminCookie = (token: string, maxAgeSeconds: number, isSecure: boolean): string =>
  `${ADMIN_COOKIE}=${token}; Path=${COOKIE_PATH}; Max-Age=${maxAgeSeconds}; HttpOnly; SameSite=Strict${isSecure ? '; Secure' : ''}`;

/** `Set-Cookie` that takes the cookie away. */
export const noAdminCookie = (isSecure: boolean): string => adminCookie('', 0, isSecure);
