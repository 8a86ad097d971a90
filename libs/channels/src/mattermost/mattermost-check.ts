import { Injectable } from '@nestjs/common';
import { type ChannelAccess, ChannelSendError, type CheckResult } from '../core/channel-adapter';
import { isRecord, textIn } from '../meta/json';
import { ListenersRepository } from './listening/persistence/listeners.repository';
import { MattermostClient } from './mattermost-client';
import { MattermostError } from './mattermost-error';
import { isMattermostId } from './post';

type Finding = CheckResult['findings'][number];

const finding = (name: string, isOk: boolean, detail: string): Finding => ({ name, isOk, detail });
/** Channels of the setting that are looked at. */
const MAX_ROOMS = 20;

/** What Mattermost says about the bot, and what is missing for it to answer. */
@Injectable()
export class MattermostCheck {
  constructor(
    private readonly client: MattermostClient,
    private readonly listeners: ListenersRepository,
  ) {}

  async run(access: ChannelAccess): Promise<CheckResult> {
    let me: unknown;
    try {
      me = await this.get(access, '/users/me');
    } catch (error) {
      if (!(error instanceof ChannelSendError)) throw error;
      return { isWorking: false, findings: [whyNot(error)] };
    }
    const username = textIn(me, 'username', 100) ?? 'the bot';
    const needed = [
      finding('credentials', true, 'Mattermost takes the bot token.'),
      botFinding(me, username),
      await this.teams(access, username),
      ...(await this.rooms(access, username)),
    ];
    return {
      isWorking: needed.every(({ isOk }) => isOk),
      findings: [...needed, triggersFinding(access, username), await this.listening(access), ...tokenFindings(access)],
    };
  }

  /** Says nothing about the channel itself: a new one is heard within seconds. */
  private async listening({ channel }: ChannelAccess): Promise<Finding> {
    if (!channel.isEnabled) return finding('listening', false, 'The channel is switched off: is_enabled is false.');
    return (await this.listeners.isHeard(channel.id))
      ? finding('listening', true, 'A worker hears what is said there, on the WebSocket.')
      : finding(
          'listening',
          false,
          'No worker hears what is said there. A new channel is heard within seconds; else see that a worker runs (GET /health/ready), and whether a proxy in front of Mattermost lets WebSockets through to /api/v4/websocket. Outgoing webhooks and the slash command work all the same.',
        );
  }

  private async teams(access: ChannelAccess, username: string): Promise<Finding> {
    const found = await this.get(access, '/users/me/teams');
    const names = (Array.isArray(found) ? found : []).flatMap((team) => textIn(team, 'name', 100) ?? []);
    return names.length === 0
      ? finding('teams', false, `@${username} is in no team: add it to one, or run npm run mattermost:setup.`)
      : finding('teams', true, `@${username} is in ${listed(names)}.`);
  }

  private async rooms(access: ChannelAccess, username: string): Promise<Finding[]> {
    const { allowed_channels: allowed } = access.channel.settings;
    const missing: string[] = [];
    for (const notation of allowed.slice(0, MAX_ROOMS)) {
      if (!(await this.isMember(access, notation))) missing.push(notation);
    }
    if (allowed.length === 0) return [];
    return missing.length === 0
      ? [finding('allowed_channels', true, `@${username} is in all of the allowed channels.`)]
      : [
          finding(
            'allowed_channels',
            false,
            `@${username} is not in ${listed(missing)}, or there is no such channel: invite it there (/invite @${username}), or correct settings.allowed_channels.`,
          ),
        ];
  }

  private async isMember(access: ChannelAccess, notation: string): Promise<boolean> {
    try {
      const id = isMattermostId(notation) ? notation : await this.idOf(access, notation);
      if (id === null) return false;
      await this.get(access, `/channels/${id}/members/me`);
      return true;
    } catch (error) {
      if (error instanceof MattermostError && error.failure === 'unreachable') return false;
      throw error;
    }
  }

  private async idOf(access: ChannelAccess, notation: string): Promise<string | null> {
    const [team = '', room = ''] = notation.toLowerCase().split('/').map(encodeURIComponent);
    const foundTeam = await this.get(access, `/teams/name/${team}`);
    if (!isRecord(foundTeam) || !isMattermostId(foundTeam.id)) return null;
    const found = await this.get(access, `/teams/${foundTeam.id}/channels/name/${room}`);
    return isRecord(found) && isMattermostId(found.id) ? found.id : null;
  }

  private get(access: ChannelAccess, path: string): Promise<unknown> {
    return this.client.call(access, { method: 'GET', path });
  }
}

function whyNot(error: ChannelSendError): Finding {
  if (error.failure === 'refused-credentials') {
    return finding(
      'credentials',
      false,
      `Mattermost does not take the bot token: it was revoked, or the bot is switched off. Make a new one (Integrations → Bot Accounts, or npm run mattermost:setup -- --new-token) and enter it as credentials.bot_token. (${error.message})`,
    );
  }
  const isOther = error instanceof MattermostError && error.status !== null;
  return finding(
    'connection',
    false,
    isOther
      ? `What answers at credentials.url is not Mattermost, or not well: see that it is the address that people use. (${error.message})`
      : `The server cannot be reached from here: see that credentials.url is right, and, when it is on a private network, that settings.allow_private_network is true. (${error.message})`,
  );
}

const botFinding = (me: unknown, username: string): Finding =>
  isRecord(me) && me.is_bot === true
    ? finding('bot', true, `It is the bot @${username}.`)
    : finding(
        'bot',
        false,
        `@${username} is the account of a person. Make a bot account (Integrations → Bot Accounts, or npm run mattermost:setup) and enter its token as credentials.bot_token.`,
      );

function triggersFinding({ channel }: ChannelAccess, username: string): Finding {
  const words = [...new Set([`@${username}`, ...channel.settings.triggers])];
  return finding('triggers', true, `It answers what begins with ${listed(words)}, and what is written to it directly.`);
}

/** Both are optional: what is heard on the WebSocket needs neither. */
const tokenFindings = ({ credentials, channel: { id } }: ChannelAccess): Finding[] => [
  finding(
    'webhook_token',
    true,
    credentials.webhook_token === undefined
      ? `credentials.webhook_token is not set: outgoing webhooks to /webhooks/mattermost/${id}/outgoing are refused. Posts are heard on the WebSocket all the same.`
      : 'Outgoing webhooks with the token are taken.',
  ),
  finding(
    'command_token',
    true,
    credentials.command_token === undefined
      ? `credentials.command_token is not set: the slash command at /webhooks/mattermost/${id}/command is refused.`
      : 'The slash command with the token is taken.',
  ),
];

const listed = (names: readonly string[]): string =>
  names.length <= 10 ? names.join(', ') : `${names.slice(0, 10).join(', ')} and ${names.length - 10} more`;
