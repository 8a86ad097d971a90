import { Client as Postgres } from 'pg';
import { Client } from './client';
import {
  type FakeAccount,
  FakeGraph,
  type FakePerson,
  type HookAnswer,
  type Json,
  sendHook,
  whatsAppHook,
  whatsAppMessages,
  whatsAppText,
} from './fake-graph';
import { FakeOpenAI } from './fake-openai';
import { type Parley, startParley } from './parley';
import { eventually } from './process';

/** What the database has of a row of the inbox. */
export interface InboxRow {
  external_id: string;
  kind: string;
  status: string;
  reason: string | null;
  attempts: number;
  payload: string | null;
  conversation_id: string | null;
}

/** What owners see of a row of the inbox. */
export interface InboxItem {
  id: number;
  kind: string;
  status: string;
  reason: string | null;
}

/** What owners see of somebody who writes. */
export interface KnownPerson {
  id: number;
  external_id: string;
  phone: string | null;
  name: string | null;
  is_opted_out: boolean;
  conversation_id: number | null;
}

/** A channel of an owner, with the account that is behind it. */
export interface OpenChannel {
  id: number;
  account: FakeAccount;
  owner: Client;
  persona: number;
}

export const credentialsOf = ({
  channel,
  id,
  accessToken,
  appSecret,
  verifyToken,
}: FakeAccount): Record<string, string> => ({
  [channel === 'whatsapp' ? 'phone_number_id' : 'account_id']: id,
  access_token: accessToken,
  app_secret: appSecret,
  verify_token: verifyToken,
});

/** Meta and OpenAI, both fake, and Parley between them. */
export class ChannelFleet {
  readonly graph = new FakeGraph();
  readonly upstream = new FakeOpenAI();
  parley!: Parley;
  sql!: Postgres;

  async start(env: NodeJS.ProcessEnv = {}): Promise<void> {
    const graphUrl = await this.graph.start();
    this.parley = await startParley({
      GRAPH_BASE_URL: graphUrl,
      OPENAI_BASE_URL: await this.upstream.start(),
      OPENAI_API_KEY: 'sk-test',
      // The tests look at what models are asked to answer.
      ESCALATION_DRAFTS: 'false',
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
    await this.graph.stop();
  }

  reset(): void {
    this.graph.reset();
    this.upstream.reset();
  }

  /** @param settings without others, messages do not wait for more */
  async open(
    type: 'whatsapp' | 'instagram' = 'whatsapp',
    settings: Json = {},
    account = type === 'whatsapp' ? this.graph.addWhatsApp() : this.graph.addInstagram(),
  ): Promise<OpenChannel> {
    const owner = await Client.register(() => this.parley.url);
    const persona = await owner.persona({ visibility: 'workspace' });
    const { status, body } = await owner.request<{ id: number }>('POST', '/channels', {
      type,
      name: 'Support',
      persona_id: persona,
      credentials: credentialsOf(account),
      settings: { debounce_ms: 0, ...settings },
    });
    if (status !== 201) throw new Error(`POST /channels answered ${status}: ${JSON.stringify(body)}`);
    return { id: body.id, account, owner, persona };
  }

  url(type = 'whatsapp', path = ''): string {
    return `${this.parley.url}/webhooks/${type}${path}`;
  }

  hook({ account }: OpenChannel, body: unknown, headers: Record<string, string> = {}): Promise<HookAnswer> {
    return sendHook(this.url(account.channel), body, { secret: account.appSecret, headers });
  }

  say(channel: OpenChannel, person: FakePerson, text: string, change: Json = {}): Promise<HookAnswer> {
    return this.hook(channel, whatsAppText(channel.account, person, text, change));
  }

  sayAll({ account, ...channel }: OpenChannel, person: FakePerson, messages: Json[]): Promise<HookAnswer> {
    return this.hook({ account, ...channel }, whatsAppHook(whatsAppMessages(account, person, messages)));
  }

  async inbox(channelId: number): Promise<InboxRow[]> {
    const { rows } = await this.sql.query<InboxRow>('SELECT * FROM channel_inbox WHERE channel_id = $1 ORDER BY id', [
      channelId,
    ]);
    return rows;
  }

  /** Newest first, as the owner sees it. @param query such as `?status=dead` */
  async items({ id, owner }: OpenChannel, query = ''): Promise<InboxItem[]> {
    return (await owner.request<{ items: InboxItem[] }>('GET', `/channels/${id}/inbox${query}`)).body.items;
  }

  /** Newest first, as the owner sees them. */
  async people({ id, owner }: OpenChannel): Promise<KnownPerson[]> {
    return (await owner.request<{ identities: KnownPerson[] }>('GET', `/channels/${id}/identities`)).body.identities;
  }

  /** Resolves when nothing waits any more. */
  settled(channelId: number, count = 1): Promise<InboxRow[]> {
    return eventually(
      async () => {
        const rows = await this.inbox(channelId);
        return rows.length >= count && rows.every(({ status }) => status !== 'pending') ? rows : undefined;
      },
      `${count} rows of the inbox to be settled`,
      30_000,
    );
  }

  /** Resolves when nothing that came in waits, and every turn has an outcome: what a test leaves behind must not become part of the next. */
  async quiet(): Promise<void> {
    await eventually(
      async () => {
        const { rows } = await this.sql.query<{ open: boolean }>(
          `SELECT EXISTS (SELECT 1 FROM channel_inbox WHERE status = 'pending') OR EXISTS (SELECT 1 FROM turns WHERE finished_at IS NULL) AS open`,
        );
        return rows[0]?.open === false || undefined;
      },
      'everything to be answered',
      60_000,
    );
  }

  /** The conversations of a channel with what is in them, as far as the database shows it: everything is encrypted. */
  async conversations(channelId: number): Promise<{ id: string; owner: string; roles: string[]; user: string }[]> {
    const { rows } = await this.sql.query<{ id: string; owner: string; roles: string[]; user: string }>(
      `SELECT c.id, c.owner, i.external_id AS user, array(SELECT role FROM messages m WHERE m.conversation_id = c.id ORDER BY seq)::text[] AS roles
       FROM channel_threads t JOIN conversations c ON c.id = t.conversation_id JOIN channel_identities i ON i.id = t.identity_id
       WHERE t.channel_id = $1 ORDER BY c.id`,
      [channelId],
    );
    return rows;
  }

  /** What models were asked to answer, in this order; a call that had to be made again counts once. */
  get asked(): string[] {
    const asked = this.upstream.requests.map(({ lastUserMessage }) => lastUserMessage ?? '');
    return asked.filter((text, index) => text !== asked[index - 1]);
  }

  /** Resolves when models were asked to answer so many messages. */
  async askedAbout(count: number, deadlineMs = 40_000): Promise<string[]> {
    return eventually(() => (this.asked.length >= count ? this.asked : undefined), `${count} messages`, deadlineMs);
  }
}
