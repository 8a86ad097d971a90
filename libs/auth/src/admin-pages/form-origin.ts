import { foreignForm, unsafeSignIn } from '../auth.errors';

const LOOPBACK_HOST = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\]|[\w-]+\.localhost)(:\d+)?$/i;

/** What a request says about the page that sent it. */
export interface FormRequest {
  /** Headers `Origin` and `Sec-Fetch-Site`, which a page's script cannot forge. */
  origin: string | undefined;
  fetchSite: string | undefined;
  /** Host and port that the browser asked for, behind a trusted proxy the one that the proxy was asked for. */
  host: string;
  /** `https` when the request came over TLS, also to a trusted proxy. */
  protocol: string;
}

/**
 * Refuses a form that was not sent from a page of ours: another site could otherwise sign a visitor in or out. Browsers send
 * `Sec-Fetch-Site` (over TLS and on loopback) or at least `Origin`; what sends neither is no browser's form.
 * @throws 403 AUTH.FOREIGN_FORM
 */
export function assertOwnForm({ origin, fetchSite, host }: FormRequest): void {
  // A proxy may hide the host that the browser asked for, so the browser's own verdict comes first.
  const isOwn = fetchSite === undefined ? hostOf(origin) === host.toLowerCase() : fetchSite === 'same-origin';
  if (!isOwn) throw foreignForm();
}

/**
 * Whether the cookie must be `Secure`: the page came over TLS, or the installation can be reached from other machines.
 * @throws 403 AUTH.TLS_NEEDED when the browser would drop such a cookie, because the page came in the clear from another machine
 */
export function needsSecureCookie({ origin, host, protocol }: FormRequest, isExposed: boolean): boolean {
  // A proxy that is not in TRUSTED_PROXIES cannot say that it was asked over TLS; the browser can.
  if (protocol === 'https' || origin?.startsWith('https:') === true) return true;
  if (LOOPBACK_HOST.test(host)) return false;
  if (isExposed) throw unsafeSignIn();
  return false;
}

function hostOf(origin: string | undefined): string | undefined {
  return origin !== undefined && URL.canParse(origin) ? new URL(origin).host : undefined;
}
