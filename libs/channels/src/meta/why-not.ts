import type { ChannelSendError, CheckResult } from '../core/channel-adapter';
import { MetaError, type MetaRefusal } from './send-failures';

/** What things are called where they are set up. */
export interface MetaNames {
  /** Of the account, such as `phone_number_id`. */
  id: string;
  /** That the token must have. */
  permissions: string;
  /** Where a new token is made. */
  tokenPlace: string;
  /** Where the app secret stands. */
  secretPlace: string;
  /** Where one looks after the account. */
  accountPlace: string;
}

/** Why Meta could not be asked, and what to do about it. Of Meta's own words there are numbers only. */
export function whyNot(error: ChannelSendError, names: MetaNames): CheckResult['findings'][number] {
  const refusal = error instanceof MetaError ? error.refusal : null;
  const isRefused = error.failure === 'refused-credentials' || refusal !== null;
  return {
    name: isRefused || error.failure === 'invalid' ? 'credentials' : 'connection',
    isOk: false,
    detail: `${refusal === null ? byFailure(error, names) : byRefusal(refusal, names)} (${error.message}.)`,
  };
}

function byRefusal(
  refusal: MetaRefusal,
  { id, permissions, tokenPlace, secretPlace, accountPlace }: MetaNames,
): string {
  switch (refusal) {
    case 'token':
      return `The access token is expired, was withdrawn, or is not whole. Make a new one ${tokenPlace} and enter it as credentials.access_token.`;
    case 'app-secret':
      return `The app secret is not that of the app for which the access token was made. Copy it from ${secretPlace} of the same app and enter it as credentials.app_secret.`;
    case 'permission':
      return `The access token lacks a permission. Make one with ${permissions} ${tokenPlace}.`;
    case 'object':
      return `The access token does not reach the account of ${id}: the id is mistyped, or the account is not assigned to whom the token was made for.`;
    case 'account':
      return `Meta does not let the account be used at present. Look at ${accountPlace} for what it wants.`;
  }
}

function byFailure({ failure }: ChannelSendError, { id }: MetaNames): string {
  switch (failure) {
    case 'refused-credentials':
      return `Meta does not take the access token for this ${id}.`;
    case 'rate-limited':
      return 'Meta has had too many calls just now. Try again in some minutes.';
    case 'unavailable':
      return 'Meta gives no answer. Look at https://metastatus.com, and whether this server may connect to the internet, or to GRAPH_BASE_URL when that is set.';
    case 'window-closed':
    case 'unreachable':
    case 'invalid':
      return `Meta does not understand the question: ${id} or the version of the API (GRAPH_API_VERSION) is not right.`;
  }
}
