import { Explained } from '../lib/project.mjs';

/** What Node's TLS says of a certificate that it does not trust. */
const CERTIFICATE =
  /^(CERT_|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_|ERR_TLS_CERT_ALTNAME_INVALID|HOSTNAME_MISMATCH)/;
const NOT_TLS = /^(ERR_SSL_|EPROTO$)/;

/** A server that answers, but is no Mattermost; or that sends us elsewhere. */
export class UnexpectedServer extends Error {}

/**
 * A failure of a call in plain words. What the server wrote is not shown, but for its own name of the error.
 * @param doing what was tried, for example `create the bot @aibot`
 */
export function explain(error, doing, url) {
  if (error instanceof Explained) return error;
  if (error instanceof UnexpectedServer) return new Explained(error.message);
  const status = error?.status_code;
  if (status === undefined) return new Explained(withoutAnswer(error, url) ?? `Could not ${doing}: ${error?.message}`);
  const name = error.server_error_id ? ` (${error.server_error_id})` : '';
  if (status === 401) {
    return new Explained(
      `Could not ${doing}: Mattermost does not take the token of the administrator, or it has expired${name}. Make a new one under Profile → Security → Personal Access Tokens, or sign in with MATTERMOST_ADMIN_USER and its password.`,
    );
  }
  if (status === 403) {
    return new Explained(`Could not ${doing}: the account may not do that${name}. Use one with the role System Admin.`);
  }
  if (status === 404) return new Explained(`Could not ${doing}: Mattermost says there is no such thing${name}.`);
  if (status === 429)
    return new Explained(`Could not ${doing}: Mattermost limits requests. Wait a minute and run this again.`);
  if (status === 501) return new Explained(`Could not ${doing}: that is switched off in the System Console${name}.`);
  if (status >= 500) {
    return new Explained(
      `Could not ${doing}: Mattermost failed with ${status}${name}. Look into its log, and run this again.`,
    );
  }
  return new Explained(`Could not ${doing}: Mattermost refuses it with ${status}${name}.`);
}

/** Nothing usable came back; null: that is not it. */
function withoutAnswer(error, url) {
  const code = codeOf(error);
  const host = new URL(url).host;
  if (error?.name === 'TimeoutError')
    return `${host} does not answer. Is MATTERMOST_URL right, and can this machine reach it?`;
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return `There is no host ${host}. Is MATTERMOST_URL right?`;
  if (code === 'ECONNREFUSED')
    return `Nothing listens at ${host}. Does Mattermost run, and is the port in MATTERMOST_URL right?`;
  if (CERTIFICATE.test(code)) {
    return `The certificate of ${host} is not trusted here (${code}). Use one that is, or name your own authority with NODE_EXTRA_CA_CERTS=/path/to/ca.pem.`;
  }
  if (NOT_TLS.test(code)) return `${host} does not speak https. Should MATTERMOST_URL begin with http://?`;
  if (code !== '') return `${host} cannot be reached (${code}). Is MATTERMOST_URL right?`;
  if (/invalid response/i.test(error?.message ?? '')) return notMattermost(url);
  if (error?.message === 'fetch failed') return `${host} cannot be reached. Is MATTERMOST_URL right?`;
  return null;
}

function codeOf(error) {
  for (let cause = error; cause; cause = cause.cause) if (typeof cause.code === 'string') return cause.code;
  return '';
}

export const notMattermost = (url) =>
  `What answers at ${url} is not Mattermost. MATTERMOST_URL is the address that you open in the browser, without the name of a team.`;
