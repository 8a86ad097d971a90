import type { EnvReader } from './env-reader';

/** A channel that is set up by the environment, in the default workspace; the fields are those of `POST /channels`. */
export interface EnvironmentChannel {
  type: 'whatsapp' | 'instagram' | 'mattermost';
  credentials: Record<string, string>;
  /** The variable that each of them stands in. */
  variables: Record<string, string>;
  /** Settings that it begins with; from then on they are what owners set. */
  settings?: Record<string, unknown>;
  /** Settings that are as the environment says at each start. */
  followed?: Record<string, unknown>;
}

export interface ChannelsConfig {
  /** Meta's host for WhatsApp, or what stands for it; without a slash at the end. */
  whatsAppBaseUrl: string;
  /** Meta's host for Instagram. */
  instagramBaseUrl: string;
  /** Such as `v26.0`. */
  graphApiVersion: string;
  /** Mattermost servers may be on the private networks that this one is on, where owners of channels say so. */
  allowPrivateMattermost: boolean;
  /** At most one of each kind. */
  fromEnvironment: EnvironmentChannel[];
}

/** Since 2026-07-29; v25.0 can be used until 2028-07-29: https://developers.facebook.com/docs/graph-api/changelog */
const GRAPH_API_VERSION = 'v26.0';

const WHATSAPP = {
  phone_number_id: 'WHATSAPP_PHONE_NUMBER_ID',
  access_token: 'WHATSAPP_ACCESS_TOKEN',
  app_secret: 'WHATSAPP_APP_SECRET',
  verify_token: 'WHATSAPP_VERIFY_TOKEN',
};
const INSTAGRAM = {
  account_id: 'INSTAGRAM_ACCOUNT_ID',
  access_token: 'INSTAGRAM_ACCESS_TOKEN',
  app_secret: 'INSTAGRAM_APP_SECRET',
  verify_token: 'INSTAGRAM_VERIFY_TOKEN',
};

const MATTERMOST = { url: 'MATTERMOST_URL', bot_token: 'MATTERMOST_TOKEN' };
const MATTERMOST_OPTIONAL = {
  webhook_token: 'MATTERMOST_WEBHOOK_TOKEN',
  command_token: 'MATTERMOST_COMMAND_TOKEN',
  context_token: 'MATTERMOST_CONTEXT_TOKEN',
};

export function readChannels(reader: EnvReader): ChannelsConfig {
  const override = reader.url('GRAPH_BASE_URL', ['https:', 'http:'])?.replace(/\/+$/, '');
  if (override !== undefined && new URL(override).username !== '') {
    reader.problem('GRAPH_BASE_URL', 'must have no user or password in it: each channel has an access token.');
  }
  const graphApiVersion = reader.string('GRAPH_API_VERSION', GRAPH_API_VERSION);
  if (!/^v\d{1,3}\.\d{1,2}$/.test(graphApiVersion)) {
    reader.problem('GRAPH_API_VERSION', `must look like ${GRAPH_API_VERSION}.`);
  }
  const allowPrivateMattermost = reader.boolean('MATTERMOST_ALLOW_PRIVATE_NETWORK', false);
  return {
    whatsAppBaseUrl: override ?? 'https://graph.facebook.com',
    instagramBaseUrl: override ?? 'https://graph.instagram.com',
    graphApiVersion,
    allowPrivateMattermost,
    fromEnvironment: [
      ...readChannel(reader, 'whatsapp', WHATSAPP, 'WHATSAPP_'),
      ...readChannel(reader, 'instagram', INSTAGRAM, 'INSTAGRAM_'),
      ...readMattermost(reader, allowPrivateMattermost),
    ],
  };
}

/** All of its variables, or none of them. */
function readChannel(
  reader: EnvReader,
  type: EnvironmentChannel['type'],
  variables: Record<string, string>,
  prefix: string,
): EnvironmentChannel[] {
  const entries = Object.entries(variables).map(([field, name]) => [field, name, reader.optional(name)] as const);
  const found = entries.flatMap(([field, , value]) => (value === undefined ? [] : [[field, value] as const]));
  if (found.length === 0) return [];
  for (const [, name, value] of entries) {
    if (value === undefined) {
      reader.problem(name, `is not set, but others that begin with ${prefix} are: set it, or take those out.`);
    }
  }
  return found.length < entries.length ? [] : [{ type, credentials: Object.fromEntries(found), variables }];
}

/** The server and the bot's token, or neither; the rest can be missing. */
function readMattermost(reader: EnvReader, isPrivate: boolean): EnvironmentChannel[] {
  const optional = Object.entries(MATTERMOST_OPTIONAL).flatMap(([field, name]) => {
    const value = reader.optional(name);
    return value === undefined ? [] : [[field, value] as const];
  });
  const [channel] = readChannel(reader, 'mattermost', MATTERMOST, 'MATTERMOST_');
  const username = reader.optional('BOT_USERNAME')?.replace(/^@/, '').toLowerCase();
  if (channel === undefined) return [];
  if (username !== undefined && !/^[a-z0-9._-]{1,39}$/.test(username)) {
    reader.problem(
      'BOT_USERNAME',
      'must be the name of the bot at Mattermost: letters, digits, dots, dashes and underscores.',
    );
  }
  return [
    {
      ...channel,
      credentials: { ...channel.credentials, ...Object.fromEntries(optional) },
      variables: { ...MATTERMOST, ...MATTERMOST_OPTIONAL },
      settings: username === undefined ? {} : { triggers: [`@${username}`, 'ai:'] },
      followed: { allow_private_network: isPrivate },
    },
  ];
}
