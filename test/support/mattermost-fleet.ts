import { Client as Postgres } from 'pg';
import { Client } from './client';
import type { InboxItem, InboxRow } from './channel-fleet';
import {
  type FakeChannel,
  FakeMattermost,
  type FakePost,
  type FakeTeam,
  type FakeUser,
  newId,
} from './fake-mattermost';
import { FakeOpenAI } from './fake-openai';
import { type Parley, startParley } from './parley';
import { eventually } from './process';

type Json = Record<string, unknown>;

/** A channel of an owner, with the team, the bot and the people behind it. */
export interface OpenMattermost {
  id: number;
  owner: Client;
  persona: number;
  team: FakeTeam;
  bot: FakeUser & { token: string };
  /** A colleague in the team. */
  person: FakeUser;
  /** An open channel of the team, with the bot and the person in it. */
  room: FakeChannel;
  webhookToken: string;
  commandToken: string;
}

/** Mattermost and OpenAI, both fake, and Parley between them. */
export class MattermostFleet {
  readonly mattermost: FakeMattermost;
  readonly upstream = new FakeOpenAI();
  parley!: Parley;
  sql!: Postgres;

  constructor(options: { subPath?: string } = {}) {
    this.mattermost = new FakeMattermost(options);
  }

  async start(env: NodeJS.ProcessEnv = {}): Promise<void> {
    await this.mattermost.start();
    this.parley = await startParley({
      OPENAI_BASE_URL: await this.upstream.start(),
      OPENAI_API_KEY: 'sk-test',
      // The tests look at what models are asked to answer.
      ESCALATION_DRAFTS: 'false',
      MATTERMOST_ALLOW_PRIVATE_NETWORK: 'true',
      ...env,
    });
    this.sql = new Postgres({ connectionString: this.parley.database.url });
    this.sql.on('error', () => undefined);
    await this.sql.connect();
  }

  async stop(): Promise<void> {
    await this.sql.end();
    await this.parley.stop();
    await this.upstream.stop();
    await this.mattermost.stop();
  }

  reset(): void {
    this.mattermost.reset();
    this.upstream.reset();
  }

  /**
   * A channel with a team, a bot, a person and a room of their own.
   * @param options.hooks how outgoing webhooks come, `ai:` and `@<bot>` as the first word; null: there is none
   */
  async open(
    settings: Json = {},
    { hooks = 'form', credentials = {} }: { hooks?: 'form' | 'json' | null; credentials?: Json } = {},
  ): Promise<OpenMattermost> {
    const team = this.mattermost.addTeam();
    const bot = this.mattermost.addBot({ username: `aibot-${newId().slice(0, 6)}` });
    const person = this.mattermost.addUser({ username: `dana-${newId().slice(0, 6)}` });
    const room = this.mattermost.addChannel({ team, members: [bot, person] });
    const [webhookToken, commandToken] = [newId(), newId()];
    const owner = await Client.register(() => this.parley.url);
    const persona = await owner.persona({ visibility: 'workspace' });
    const { status, body } = await owner.request<{ id: number }>('POST', '/channels', {
      type: 'mattermost',
      name: 'Colleagues',
      persona_id: persona,
      credentials: {
        url: this.mattermost.url,
        bot_token: bot.token,
        webhook_token: webhookToken,
        command_token: commandToken,
        ...credentials,
      },
      settings: { allow_private_network: true, ...settings },
    });
    if (status !== 201) throw new Error(`POST /channels answered ${status}: ${JSON.stringify(body)}`);
    const { id } = body;
    if (hooks !== null) {
      this.mattermost.addOutgoingHook({
        team,
        triggerWords: ['ai:', `@${bot.username}`],
        callbackUrls: [this.url(`/${id}/outgoing`)],
        contentType: hooks === 'json' ? 'application/json' : 'application/x-www-form-urlencoded',
        token: webhookToken,
        creator: person,
      });
    }
    this.mattermost.addCommand({ team, trigger: `ai${id}`, url: this.url(`/${id}/command`), token: commandToken });
    return { id, owner, persona, team, bot, person, room, webhookToken, commandToken };
  }

  /** @param path such as `/7/outgoing` */
  url(path: string): string {
    return `${this.parley.url}/webhooks/mattermost${path}`;
  }

  /** A person writes in the room, unless told otherwise. */
  say({ room, person }: OpenMattermost, message: string, change: Partial<Parameters<FakeMattermost['post']>[0]> = {}) {
    return this.mattermost.post({ channel: room, user: person, message, ...change });
  }

  /** A person enters `/ai…`. */
  command(
    { id, room, person }: OpenMattermost,
    text: string,
    change: Partial<Parameters<FakeMattermost['runCommand']>[0]> = {},
  ) {
    return this.mattermost.runCommand({ channel: room, user: person, text, trigger: `ai${id}`, ...change });
  }

  /** Resolves when the bot has posted so many times in the room. Oldest first. */
  answers({ bot, room }: Pick<OpenMattermost, 'bot' | 'room'>, count = 1, deadlineMs = 60_000): Promise<FakePost[]> {
    return eventually(
      () => {
        const posts = this.mattermost.postsOf(bot, room);
        return posts.length >= count ? posts : undefined;
      },
      `${count} posts of the bot`,
      deadlineMs,
    );
  }

  /** Resolves when a worker hears what is said there. */
  async listening({ id }: Pick<OpenMattermost, 'id'>): Promise<void> {
    await eventually(
      async () => {
        const { rows } = await this.sql.query(
          `SELECT 1 FROM channel_listeners WHERE channel_id = $1 AND connected_at IS NOT NULL AND held_until > now()`,
          [id],
        );
        return rows.length > 0 || undefined;
      },
      'the channel to be listened to',
      90_000,
    );
  }

  async inbox(channelId: number): Promise<InboxRow[]> {
    const { rows } = await this.sql.query<InboxRow>('SELECT * FROM channel_inbox WHERE channel_id = $1 ORDER BY id', [
      channelId,
    ]);
    return rows;
  }

  /** Newest first, as the owner sees it. */
  async items({ id, owner }: OpenMattermost, query = ''): Promise<InboxItem[]> {
    return (await owner.request<{ items: InboxItem[] }>('GET', `/channels/${id}/inbox${query}`)).body.items;
  }

  /** Resolves when so many things have come in and nothing waits any more. */
  settled(channelId: number, count = 1): Promise<InboxRow[]> {
    return eventually(
      async () => {
        const rows = await this.inbox(channelId);
        return rows.length >= count && rows.every(({ status }) => status !== 'pending') ? rows : undefined;
      },
      `${count} rows of the inbox to be settled`,
      60_000,
    );
  }

  /** Resolves when nothing that came in or is to go out waits, and every turn has an outcome. */
  async quiet(): Promise<void> {
    await this.mattermost.settled();
    await eventually(
      async () => {
        const { rows } = await this.sql.query<{ open: boolean }>(
          `SELECT EXISTS (SELECT 1 FROM channel_inbox WHERE status = 'pending') OR EXISTS (SELECT 1 FROM turns WHERE finished_at IS NULL)
             OR EXISTS (SELECT 1 FROM channel_threads WHERE carry_since IS NOT NULL)
             OR EXISTS (SELECT 1 FROM channel_outbox WHERE status IN ('pending', 'sending')) AS open`,
        );
        return rows[0]?.open === false || undefined;
      },
      'everything to be answered',
      60_000,
    );
  }

  /** What models were asked to answer, in this order; a call that had to be made again counts once. */
  get asked(): string[] {
    const asked = this.upstream.requests.map(({ lastUserMessage }) => lastUserMessage ?? '');
    return asked.filter((text, index) => text !== asked[index - 1]);
  }
  /** Resolves when models were asked to answer so many messages. */
  async askedAbout(count: number, deadlineMs = 60_000): Promise<string[]> {
    return eventually(() => (this.asked.length >= count ? this.asked : undefined), `${count} messages`, deadlineMs);
  }
}
