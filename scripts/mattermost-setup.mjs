// `npm run mattermost:setup`: what Parley needs in Mattermost, made once and checked as often as it is run. docs/mattermost.md tells when.
import { Explained } from './lib/project.mjs';
import { ensureToken, revokeOld } from './mattermost/bot-token.mjs';
import { checkConsole, looksPrivate } from './mattermost/console-settings.mjs';
import { asLine, saveToEnvFile } from './mattermost/env-file.mjs';
import { ensureCommands, ensureHooks, findIntegrations } from './mattermost/integrations.mjs';
import { Ledger } from './mattermost/ledger.mjs';
import { asksForHelp, HELP, readOptions } from './mattermost/options.mjs';
import {
  ensureBot,
  ensureChannelMember,
  ensureTeamMember,
  findBot,
  findChannels,
  findTeams,
} from './mattermost/places.mjs';
import { Server } from './mattermost/server.mjs';

async function main(args) {
  if (asksForHelp(args)) return void process.stdout.write(HELP);
  const options = readOptions(args);
  const server = new Server(options.url);
  const undo = [];
  // Ctrl-C leaves neither a session nor a token that nobody knows.
  const stop = () => void leave(server, undo).finally(() => process.exit(130));
  process.once('SIGINT', stop).once('SIGTERM', stop);
  try {
    await server.greet();
    await server.signIn(options.admin);
    await setUp(server, options, undo);
  } finally {
    await leave(server, undo);
  }
}

async function setUp(server, options, undo) {
  const ledger = new Ledger(options.isDryRun);
  // Everything that can refuse comes before the first change.
  const bot = await findBot(server, options.bot);
  const teams = await findTeams(server, options.teams);
  const channels = await findChannels(server, teams, options.joins);
  await checkConsole(server, { needsBot: !bot, parleyUrl: options.parleyUrl, ledger });
  const integrations = await findIntegrations(server, teams, options);

  const botId = await ensureBot(server, ledger, options.bot, bot);
  for (const team of teams) await ensureTeamMember(server, ledger, team, botId, options.bot);
  for (const channel of channels) await ensureChannelMember(server, ledger, channel, botId, options.bot);
  const webhookToken = await ensureHooks(server, ledger, integrations, options);
  const commandToken = await ensureCommands(server, ledger, integrations, options);
  const { token, made, old } = await ensureToken(server, ledger, botId, options);
  if (made !== null) undo.push((client) => client.revokeUserAccessToken(made));

  if (!options.isDryRun) {
    handOver(options, ledger, {
      MATTERMOST_URL: options.url,
      MATTERMOST_TOKEN: token,
      MATTERMOST_WEBHOOK_TOKEN: webhookToken,
      MATTERMOST_COMMAND_TOKEN: commandToken,
      BOT_USERNAME: options.bot,
      ...(isOnOwnNetwork(options.url) ? { MATTERMOST_ALLOW_PRIVATE_NETWORK: 'true' } : {}),
    });
  }
  // From here on somebody knows it.
  undo.length = 0;
  await revokeOld(server, ledger, old, options.bot);
  process.stdout.write(`\n${ledger.summary()}\n`);
}

/** Parley asks such servers only when it is told to. */
function isOnOwnNetwork(address) {
  const { protocol, hostname } = new URL(address);
  return protocol === 'http:' || looksPrivate(hostname.replace(/^\[|\]$/g, ''));
}

/** Into the file, or onto the screen; secrets only go where they were asked to. */
function handOver({ isSaving, envFile }, ledger, values) {
  const known = Object.entries(values).filter(([, value]) => value !== null);
  if (!isSaving) {
    const lines = known.map(([name, value]) => asLine(name, value));
    process.stdout.write(`\nFor the environment of Parley (--save puts it into .env):\n\n${lines.join('\n')}\n`);
    return;
  }
  const changed = saveToEnvFile(envFile, Object.fromEntries(known));
  if (changed.length === 0) return ledger.unchanged(envFile);
  ledger.changes += 1;
  process.stdout.write(`${'saved'.padEnd(9)}  ${changed.join(', ')} in ${envFile}\n`);
}

async function leave(server, undo) {
  for (const act of undo.splice(0)) await act(server.client).catch(() => undefined);
  await server.signOut();
}

main(process.argv.slice(2)).then(
  () => process.exit(0),
  (error) => {
    process.stderr.write(`${error instanceof Explained ? error.message : error.stack}\n`);
    process.exit(1);
  },
);
