import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Explained, ROOT } from '../lib/project.mjs';
import { readEnvFile } from './env-file.mjs';

export const HELP = `npm run mattermost:setup -- [flags]

Makes what Parley needs in Mattermost: a bot with its token, its membership of teams, an outgoing webhook and a slash command.
What is there already is left alone, so it can be run as often as you like.

  --url <url>              Mattermost, as you open it in the browser          (MATTERMOST_URL)
  --parley-url <url>       where Mattermost reaches Parley                    (PARLEY_URL)
  --team <name>            a team to work in, several times for several; may be left out when there is only one
  --join <name>            a channel that the bot joins, as name or team/name; several times for several
  --bot <name>             the bot's username, aibot by default               (BOT_USERNAME)
  --trigger <word>         a word that a message begins with, several times; @<bot> and ai: by default
  --command <word>         the slash command, ai by default
  --parley-channel <id>    the id of the channel in Parley, if there is more than one
  --save                   put the outcome into .env instead of showing it
  --file <path>            another file than .env
  --new-token              make a new token for the bot, and revoke the old one
  --dry-run                only say what would be done
  --help

Who signs in is a System Admin: MATTERMOST_ADMIN_TOKEN (a personal access token), or MATTERMOST_ADMIN_USER and MATTERMOST_ADMIN_PASSWORD;
what is missing is asked for. Passwords and tokens are never taken as flags, where other users of the machine could read them.
`;

const FLAGS = {
  url: { type: 'string' },
  'parley-url': { type: 'string' },
  team: { type: 'string', multiple: true },
  join: { type: 'string', multiple: true },
  bot: { type: 'string' },
  trigger: { type: 'string', multiple: true },
  command: { type: 'string' },
  'parley-channel': { type: 'string' },
  save: { type: 'boolean', default: false },
  file: { type: 'string' },
  'new-token': { type: 'boolean', default: false },
  'dry-run': { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
};

/** Flags, then the environment, then the file that the outcome goes to. @throws Explained */
export function readOptions(args) {
  const values = readFlags(args);
  const envFile = values.file ?? join(ROOT, '.env');
  const saved = readEnvFile(envFile);
  const setting = (name) => (process.env[name]?.trim() || saved[name]?.trim()) ?? '';
  const bot = (values.bot ?? (setting('BOT_USERNAME') || 'aibot')).replace(/^@/, '').toLowerCase();
  if (!/^[a-z][a-z0-9._-]{2,38}$/.test(bot)) {
    throw new Explained('--bot is a username of Mattermost: 3 to 39 of a-z, 0-9, and . - _, beginning with a letter.');
  }
  const command = (values.command ?? 'ai').replace(/^\//, '').toLowerCase();
  if (!/^[^\s/]{1,128}$/.test(command)) throw new Explained('--command is one word, for example ai.');
  return {
    url: address(values.url ?? setting('MATTERMOST_URL'), 'MATTERMOST_URL', 'https://mattermost.example.com'),
    parleyUrl: address(values['parley-url'] ?? setting('PARLEY_URL'), 'PARLEY_URL', 'https://parley.example.com'),
    teams: list(values.team ?? [setting('MATTERMOST_TEAM')]),
    joins: list(values.join ?? []),
    bot,
    triggers: list(values.trigger ?? [`@${bot}`, 'ai:']),
    command,
    parleyChannel: channelId(values['parley-channel']),
    envFile,
    known: {
      MATTERMOST_TOKEN: setting('MATTERMOST_TOKEN'),
    },
    admin: {
      token: process.env.MATTERMOST_ADMIN_TOKEN?.trim() ?? '',
      user: process.env.MATTERMOST_ADMIN_USER?.trim() ?? '',
      password: process.env.MATTERMOST_ADMIN_PASSWORD ?? '',
      code: process.env.MATTERMOST_ADMIN_MFA_CODE?.trim() ?? '',
    },
    isSaving: values.save,
    wantsNewToken: values['new-token'],
    isDryRun: values['dry-run'],
    isHelp: false,
  };
}

export function asksForHelp(args) {
  return args.includes('--help') || args.includes('-h');
}

function readFlags(args) {
  let parsed;
  try {
    parsed = parseArgs({ args, options: FLAGS, allowPositionals: true });
  } catch (error) {
    const name = /'(--?[\w-]+)/.exec(error.message)?.[1] ?? '';
    const isSecret = /pass|token|secret/i.test(name) && name !== '--new-token';
    if (isSecret)
      throw new Explained(`${name} is not taken as a flag, where others could read it; use the environment (--help).`);
    throw new Explained(
      name === ''
        ? 'A flag is not understood; --help lists them.'
        : `${name} is not understood; --help lists the flags.`,
    );
  }
  // What it was is not shown: it may be a password that was meant otherwise.
  if (parsed.positionals.length > 0) throw new Explained('Only flags are understood; --help lists them.');
  return parsed.values;
}

/** Without a slash at the end. */
function address(text, name, example) {
  if (text === '')
    throw new Explained(
      `${name} is missing: set it, or use --${name.toLowerCase().replace('mattermost_', '').replace('_', '-')}. It looks like ${example}.`,
    );
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || !/^https?:$/.test(url.protocol)) throw new Explained(`${name} has to look like ${example}.`);
  if (url.username || url.password || url.search || url.hash) {
    throw new Explained(`${name} is an address only, without name, password, ? and #; it looks like ${example}.`);
  }
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '');
}

function channelId(text) {
  if (text === undefined) return null;
  if (!/^[1-9]\d{0,9}$/.test(text))
    throw new Explained('--parley-channel is the number that GET /channels shows as id.');
  return text;
}

const list = (values) => [
  ...new Set(
    values
      .flatMap((value) => value.split(','))
      .map((value) => value.trim())
      .filter((value) => value !== ''),
  ),
];
