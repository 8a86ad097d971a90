import { parseArgs } from 'node:util';
import { FakeMattermost } from './fake-mattermost';

/** What docs/mattermost.md enters. */
const TOKENS = {
  bot: 'bottokenbottokenbottoken01',
  ann: 'anntokenanntokenanntoken01',
  webhook: 'hooktokenhooktokenhook0001',
  command: 'commandtokencommandtoken01',
};
const CHANNEL_ID = 'townsquaretownsquaretown01';

/**
 * The fake as a process of its own: `npm run fake-mattermost -- [port] [--parley http://127.0.0.1:3000]`. There are a team, a public channel, a bot,
 * an administrator, and Ann, whose token writes posts over the ordinary API; hooks and the slash command go to Parley. Prints what a channel needs as
 * one line of JSON when it listens, and then what people get to see; ends on SIGTERM and SIGINT.
 */
async function main(): Promise<void> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { parley: { type: 'string', default: 'http://127.0.0.1:3000' } },
  });
  const fake = new FakeMattermost();
  const bot = fake.addBot();
  const admin = fake.addAdmin();
  const ann = fake.addUser({ username: 'ann' });
  fake.world.addToken(bot.id, 'Parley', { token: TOKENS.bot });
  fake.world.addToken(ann.id, 'Ann', { token: TOKENS.ann });
  const team = fake.addTeam('devops');
  const channel = fake.addChannel({ name: 'town-square', team, members: [ann, bot, admin], id: CHANNEL_ID });
  const hooks = `${values.parley.replace(/\/+$/, '')}/webhooks/mattermost`;
  const triggerWords = ['@aibot', 'ai:'];
  const callbackUrls = [`${hooks}/outgoing`];
  fake.addOutgoingHook({
    team,
    triggerWords,
    triggerWhen: 'prefix',
    callbackUrls,
    token: TOKENS.webhook,
    creator: admin,
  });
  fake.addCommand({ team, url: `${hooks}/command`, token: TOKENS.command });
  const url = await fake.start(Number(positionals[0] ?? 0));
  say({
    mattermost_url: url,
    bot_token: TOKENS.bot,
    webhook_token: TOKENS.webhook,
    command_token: TOKENS.command,
    channel_id: channel.id,
    ann_token: TOKENS.ann,
    direct_channel_id: fake.direct(ann, bot).id,
    admin: { username: admin.username, password: admin.password },
  });
  const nameOf = (id: string): string => fake.world.users.get(id)?.username ?? id;
  fake.onPost = ({ user_id: by, root_id: rootId, id, message }) =>
    say({ post: id, in_thread: rootId, by: nameOf(by), message });
  fake.onEphemeral = ({ userId, text }) => say({ only_for: nameOf(userId), message: text });
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => void fake.stop().then(() => process.exit(0)));
  }
}

function say(line: Record<string, unknown>): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

void main();
