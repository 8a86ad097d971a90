import { Explained } from '../lib/project.mjs';

const PER_PAGE = 200;
/** What hooks and commands that are ours are called. */
const DISPLAY_NAME = 'Parley';
/** The first word begins with a trigger word, so that `@aibot,` and `ai:what` count, too. */
const TRIGGER_PREFIX = 1;

/** `/outgoing` and `/command`, with the id of the channel when it was given. */
export function hookUrl({ parleyUrl, parleyChannel }, kind) {
  return `${parleyUrl}/webhooks/mattermost/${parleyChannel === null ? '' : `${parleyChannel}/`}${kind}`;
}

/** What each team has already. @throws Explained when somebody else's command has the word */
export async function findIntegrations(server, teams, options) {
  const found = [];
  for (const team of teams) {
    const hook = await findHook(server, team, hookUrl(options, 'outgoing'));
    const command = await findCommand(server, team, hookUrl(options, 'command'), options.command);
    found.push({ team, hook, command });
  }
  return found;
}

/**
 * One outgoing webhook for each team, all with the same token.
 * @param found of `findIntegrations`
 * @returns the token; null in a dry run that would make the first
 */
export async function ensureHooks(server, ledger, found, options) {
  const url = hookUrl(options, 'outgoing');
  let token = found.find(({ hook }) => hook)?.hook.token ?? null;
  for (const { team, hook } of found) {
    const what = `outgoing webhook of team ${team.name} for ${options.triggers.join(', ')}`;
    const wanted = {
      team_id: team.id,
      channel_id: '',
      display_name: DISPLAY_NAME,
      description: 'Messages that begin with a trigger word go to Parley.',
      trigger_words: options.triggers,
      trigger_when: TRIGGER_PREFIX,
      callback_urls: [url],
      content_type: 'application/json',
      ...(token === null ? {} : { token }),
    };
    if (!hook) {
      const made = await ledger.change('created', what, () =>
        server.try(`create the outgoing webhook of team ${team.name}`, (client) =>
          client.createOutgoingWebhook(wanted),
        ),
      );
      token = made?.token ?? token;
    } else if (differs(hook, wanted)) {
      await ledger.change('changed', what, () =>
        server.try(`change the outgoing webhook of team ${team.name}`, (client) =>
          client.updateOutgoingWebhook({ ...hook, ...wanted }),
        ),
      );
    } else ledger.unchanged(what);
  }
  return token;
}

/** The one that goes to Parley, else one that an earlier run has made for another address. */
async function findHook(server, team, url) {
  const all = [];
  for (let page = 0; all.length === page * PER_PAGE; page += 1) {
    const more = await server.try(`list the outgoing webhooks of team ${team.name}`, (client) =>
      client.getOutgoingWebhooks('', team.id, page, PER_PAGE),
    );
    all.push(...more);
    if (more.length < PER_PAGE) break;
  }
  const ours = all.filter(({ display_name: name }) => name === DISPLAY_NAME);
  return all.find(({ callback_urls: urls }) => urls.includes(url)) ?? ours[0] ?? null;
}

/**
 * One slash command for each team, all with the same token.
 * @param found of `findIntegrations`
 * @returns the token; null in a dry run that would make the first
 */
export async function ensureCommands(server, ledger, found, options) {
  const url = hookUrl(options, 'command');
  let token = found.find(({ command }) => command)?.command.token ?? null;
  for (const { team, command } of found) {
    const what = `slash command /${options.command} of team ${team.name}`;
    const wanted = {
      team_id: team.id,
      trigger: options.command,
      method: 'P',
      url,
      // Shown only where Mattermost lets integrations override usernames.
      username: options.bot,
      display_name: DISPLAY_NAME,
      description: 'Asks the AI assistant.',
      auto_complete: true,
      auto_complete_desc: 'Ask the AI assistant',
      auto_complete_hint: '[question | help]',
    };
    const create = (verb) =>
      ledger.change(verb, what, () =>
        server.try(`create the slash command of team ${team.name}`, (client) =>
          client.addCommand({ ...wanted, ...(token === null ? {} : { token }) }),
        ),
      );
    if (!command) token = (await create('created'))?.token ?? token;
    else if (command.token !== token) {
      // Mattermost changes no token to a given one, and Parley knows one token for all teams.
      if (!ledger.isDryRun) {
        await server.try(`replace the slash command of team ${team.name}`, (client) =>
          client.deleteCommand(command.id),
        );
      }
      await create('replaced');
    } else if (differs(command, wanted)) {
      await ledger.change('changed', what, () =>
        server.try(`change the slash command of team ${team.name}`, (client) =>
          client.editCommand({ ...command, ...wanted }),
        ),
      );
    } else ledger.unchanged(what);
  }
  return token;
}

/** @throws Explained when somebody else's command has the word */
async function findCommand(server, team, url, trigger) {
  const all = await server.try(`list the slash commands of team ${team.name}`, (client) =>
    client.getCustomTeamCommands(team.id),
  );
  const taken = all.find((command) => command.trigger === trigger);
  if (taken && taken.url !== url && taken.display_name !== DISPLAY_NAME) {
    throw new Explained(
      `/${trigger} of team ${team.name} belongs to something else ("${taken.display_name}"). Choose another word with --command.`,
    );
  }
  return taken ?? all.find((command) => command.url === url) ?? null;
}

function differs(is, wanted) {
  return Object.entries(wanted).some(([name, value]) => {
    if (!Array.isArray(value)) return is[name] !== value;
    return [...(is[name] ?? [])].sort().join('\n') !== [...value].sort().join('\n');
  });
}
