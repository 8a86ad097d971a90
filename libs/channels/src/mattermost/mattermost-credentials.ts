import { AppError, type FieldError } from '@app/kernel';
import type { ChannelSettings } from '../core/channel';
import type { Credentials } from '../core/channel-adapter';

/** Mattermost makes tokens of 26 characters; whoever puts one behind a proxy of their own may have longer ones. */
const TOKEN = /^[\x21-\x7e]{8,200}$/;
const TOKEN_TEXT = 'no spaces, 8 to 200 characters; Mattermost makes 26.';

const TOKENS: readonly { name: string; isNeeded: boolean; message: string }[] = [
  { name: 'bot_token', isNeeded: true, message: `must be the access token of the bot account: ${TOKEN_TEXT}` },
  { name: 'webhook_token', isNeeded: false, message: `must be the token of the outgoing webhook: ${TOKEN_TEXT}` },
  { name: 'command_token', isNeeded: false, message: `must be the token of the slash command: ${TOKEN_TEXT}` },
  { name: 'context_token', isNeeded: false, message: `is sent to context providers: ${TOKEN_TEXT}` },
];
/** Longest that `channels.account_id` takes. */
const MAX_URL = 200;

/** What opens a Mattermost server. @throws 422 naming each wrong field, and no value */
export function acceptMattermostCredentials(
  given: Record<string, unknown>,
  { allow_private_network: isPrivate }: Pick<ChannelSettings, 'allow_private_network'>,
): { accountId: string; credentials: Credentials } {
  const names = new Set(['url', ...TOKENS.map(({ name }) => name)]);
  const errors: FieldError[] = Object.keys(given)
    .filter((name) => !names.has(name))
    .slice(0, 10)
    .map((name) => ({ field: `credentials.${name.slice(0, 50)}`, message: 'is not known here.' }));
  const url = normalisedUrl(given.url);
  const problem =
    url === null ? 'must be the address of the server, such as https://chat.example.com.' : insecure(url, isPrivate);
  if (problem !== null) errors.push({ field: 'credentials.url', message: problem });
  const credentials: Record<string, string> = { url: url ?? '' };
  for (const { name, isNeeded, message } of TOKENS) {
    const value = given[name];
    // An empty one takes it out again.
    if (!isNeeded && (value === undefined || value === '')) continue;
    if (typeof value === 'string' && TOKEN.test(value)) credentials[name] = value;
    else errors.push({ field: `credentials.${name}`, message });
  }
  const [first] = errors;
  if (first) throw new AppError('REQUEST.INVALID', 422, `${first.field}: ${first.message}`, { errors });
  return { accountId: credentials.url ?? '', credentials };
}

/** Scheme, host, port and sub-path, without a slash at the end; null when it is none. */
export function normalisedUrl(given: unknown): string | null {
  if (typeof given !== 'string' || !URL.canParse(given.trim())) return null;
  const url = new URL(given.trim());
  const isPlain = url.username === '' && url.password === '' && url.search === '' && url.hash === '';
  if (!isPlain || !/^https?:$/.test(url.protocol) || url.hostname === '') return null;
  const text = `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
  return text.length <= MAX_URL ? text : null;
}

const insecure = (url: string, isPrivate: boolean): string | null =>
  url.startsWith('https:') || isPrivate
    ? null
    : 'must begin with https://; http:// only with settings.allow_private_network, for a server on your own network.';
