import { Client4 } from '@mattermost/client';

const PER_PAGE = 200;
/** What tokens that are ours are called. */
const DESCRIPTION = 'Parley';

/**
 * The bot's token. Mattermost shows one only when it is made, so it is the one that we know already, if that is still taken.
 * @returns `token`: null when it cannot be known; `made`: the id of one that was made by this run; `old`: ids of those that it replaces
 */
export async function ensureToken(server, ledger, botId, { bot, known, wantsNewToken }) {
  const there = botId === null ? [] : await tokensOf(server, botId, bot);
  const ours = there.filter(({ description, is_active: isActive }) => description === DESCRIPTION && isActive);
  const current = known.MATTERMOST_TOKEN;
  const isWorking = botId !== null && current !== '' && (await isTokenOf(server.url, current, botId));
  if (!wantsNewToken && isWorking) {
    ledger.unchanged(`token of @${bot}`);
    return { token: current, made: null, old: [] };
  }
  if (!wantsNewToken && ours.length > 0) {
    ledger.unchanged(`token of @${bot}: there is one, which Mattermost shows only once; --new-token makes another`);
    return { token: null, made: null, old: [] };
  }
  const made = await ledger.change('created', `token of @${bot}`, () =>
    server.try(`make a token for @${bot}`, (client) => client.createUserAccessToken(botId, DESCRIPTION)),
  );
  return { token: made?.token ?? null, made: made?.id ?? null, old: ours.map(({ id }) => id) };
}

/** After the new one is where it belongs. */
export async function revokeOld(server, ledger, old, bot) {
  for (const id of old) {
    await ledger.change('revoked', `former token of @${bot}`, () =>
      server.try(`revoke the former token of @${bot}`, (client) => client.revokeUserAccessToken(id)),
    );
  }
}

async function tokensOf(server, botId, bot) {
  return server.try(`list the tokens of @${bot}`, (client) => client.getUserAccessTokensForUser(botId, 0, PER_PAGE));
}

async function isTokenOf(url, token, botId) {
  const client = new Client4();
  client.setUrl(url);
  client.setToken(token);
  return client.getMe().then(
    ({ id }) => id === botId,
    () => false,
  );
}
