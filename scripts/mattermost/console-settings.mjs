import { isIP } from 'node:net';
import { Explained } from '../lib/project.mjs';

/** Where the System Console has them. */
const HOOKS = 'System Console → Integrations → Integration Management → Enable Outgoing Webhooks';
const COMMANDS = 'System Console → Integrations → Integration Management → Enable Custom Slash Commands';
const BOTS = 'System Console → Integrations → Bot Accounts → Enable Bot Account Creation';
const SITE_URL = 'System Console → Environment → Web Server → Site URL';
const PRIVATE = 'System Console → Environment → Developer → Allow untrusted internal connections to';

/** What has to be on. Nothing has been made yet when this refuses. @throws Explained naming every setting */
export async function checkConsole(server, { needsBot, parleyUrl, ledger }) {
  const config = await server.try('read the settings of Mattermost', (client) => client.getClientConfig());
  const off = [
    config.EnableOutgoingWebhooks === 'true' ? null : HOOKS,
    config.EnableCommands === 'true' ? null : COMMANDS,
    needsBot && config.EnableBotAccountCreation !== 'true' ? BOTS : null,
    config.SiteURL ? null : `${SITE_URL} (it is empty, and slash commands need it)`,
  ].filter((setting) => setting !== null);
  if (off.length > 0) {
    throw new Explained(
      `Switch this on in Mattermost first, then run this again:\n${off.map((one) => `  ${one}`).join('\n')}`,
    );
  }
  if (URL.canParse(config.SiteURL) && new URL(config.SiteURL).origin !== new URL(server.url).origin) {
    ledger.warn(
      `the site URL of Mattermost is ${config.SiteURL}, MATTERMOST_URL is ${server.url}: with two addresses Parley answers slash commands by posts. Best use the same (${SITE_URL})`,
    );
  }
  await checkReach(server, parleyUrl, ledger);
}

/** Mattermost sends nothing to private addresses unless they are listed. */
async function checkReach(server, parleyUrl, ledger) {
  const host = new URL(parleyUrl).hostname.replace(/^\[|\]$/g, '');
  if (!looksPrivate(host)) return;
  const config = await server.find('read the settings of Mattermost', (client) => client.getConfig());
  const listed = (config?.ServiceSettings?.AllowedUntrustedInternalConnections ?? '').split(/[\s,]+/);
  // A network may contain the host; that is for Mattermost to work out.
  if (listed.includes(host) || listed.some((one) => one.includes('/'))) return;
  ledger.warn(`Mattermost sends hooks to ${host} only when that is listed under ${PRIVATE}`);
}

/** Whether a host is on a network of one's own, as far as its name says so. */
export function looksPrivate(host) {
  if (isIP(host) === 6) return /^(::1$|f[cde])/i.test(host);
  if (isIP(host) === 4) return /^(127\.|10\.|192\.168\.|169\.254\.|172\.(1[6-9]|2\d|3[01])\.)/.test(host);
  return !host.includes('.') || /\.(local|internal|lan|home\.arpa)$/.test(host);
}
