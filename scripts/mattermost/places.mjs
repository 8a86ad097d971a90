import { Explained } from '../lib/project.mjs';

/** The most that Mattermost gives at once. */
const PER_PAGE = 200;

/** The bot, if there is one of the name. @throws Explained when a person has the name */
export async function findBot(server, name) {
  const user = await server.find(`look for @${name}`, (client) => client.getUserByUsername(name));
  if (user && user.is_bot !== true) {
    throw new Explained(
      `@${name} is the account of a person, not a bot. Choose another name with --bot, or make it a bot with: mattermost user convert ${name} --bot`,
    );
  }
  return user;
}

/** @returns its id; null in a dry run that would make it */
export async function ensureBot(server, ledger, name, found) {
  if (!found) {
    const bot = { username: name, display_name: 'AI assistant', description: 'Answers with Parley.' };
    const made = await ledger.change('created', `bot @${name}`, () =>
      server.try(`create the bot @${name}`, (client) => client.createBot(bot)),
    );
    return made?.user_id ?? null;
  }
  if (found.delete_at > 0) {
    await ledger.change('enabled', `bot @${name}`, () =>
      server.try(`enable the bot @${name}`, (client) => client.enableBot(found.id)),
    );
  } else ledger.unchanged(`bot @${name}`);
  return found.id;
}

/** Those that were named; the only one there is when none was. @throws Explained */
export async function findTeams(server, names) {
  if (names.length > 0) return Promise.all(names.map((name) => teamOf(server, name)));
  const all = await server.try('list the teams', (client) => client.getTeams(0, PER_PAGE));
  if (all.length === 1) return all;
  if (all.length === 0) throw new Explained('There is no team in Mattermost yet. Make one first.');
  const listed = all.slice(0, 20).map(({ name }) => name);
  throw new Explained(`Say for which team this is, with --team: ${listed.join(', ')}${all.length > 20 ? ', …' : ''}.`);
}

async function teamOf(server, name) {
  const team = await server.find(`look for the team ${name}`, (client) => client.getTeamByName(name.toLowerCase()));
  if (!team) throw new Explained(`There is no team ${name}. Its name is the first word after the host in its address.`);
  return team;
}

export async function ensureTeamMember(server, ledger, team, botId, name) {
  const what = `@${name} in team ${team.name}`;
  const member =
    botId && (await server.find(`look into the team ${team.name}`, (c) => c.getTeamMember(team.id, botId)));
  if (member && !(member.delete_at > 0)) return ledger.unchanged(what);
  await ledger.change('added', what, () =>
    server.try(`add @${name} to the team ${team.name}`, (client) => client.addToTeam(team.id, botId)),
  );
}

/** Channels by `name` (of every team that has one) or `team/name`. @throws Explained */
export async function findChannels(server, teams, names) {
  const found = [];
  for (const name of names) {
    const [channelName, teamName] = name.split('/').reverse();
    const among = teamName === undefined ? teams : teams.filter((team) => team.name === teamName);
    const channels = await Promise.all(
      among.map((team) =>
        server.find(`look for the channel ${name}`, (c) => c.getChannelByNameAndTeamName(team.name, channelName)),
      ),
    );
    const there = channels.filter((channel) => channel !== null);
    if (there.length === 0)
      throw new Explained(`There is no channel ${name} in ${teams.map((team) => team.name).join(', ')}.`);
    found.push(...there);
  }
  return found;
}

export async function ensureChannelMember(server, ledger, channel, botId, name) {
  const what = `@${name} in channel ${channel.name}`;
  const look = `look into the channel ${channel.name}`;
  const member = botId && (await server.find(look, (client) => client.getChannelMember(channel.id, botId)));
  if (member) return ledger.unchanged(what);
  await ledger.change('added', what, () =>
    server.try(`add @${name} to the channel ${channel.name}`, (client) => client.addToChannel(botId, channel.id)),
  );
}
