import { ConversationOwnership, type MessageIntakeService, MessagesToCarry, TurnHandOff } from '@app/conversations';
import { type AppConfig, type EventsBus, FieldReader, type JobQueue, type JobWorker, Metrics } from '@app/platform';
import { ConversationDelivery } from '@app/conversations';
import { anIdentity, type ChannelRowIds, type IdentityRowIds } from '../../../../test/factories/channels';
import { aPersona, aUser } from '../../../../test/factories/rows';
import type { TestDatabase } from '../../../../test/support/database';
import { cipherOf, conversationRepositories, silentLogger } from '../../../../test/support/encryption';
import type { FakeAccount, FakeGraph } from '../../../../test/support/fake-graph';
import { LeasesRepository } from '../../../conversations/src/persistence/leases.repository';
import { MessagesToCarryRepository } from '../../../conversations/src/persistence/messages-to-carry.repository';
import { RequestHashes } from '../../../conversations/src/request-hashes';
import { TurnChangesRepository } from '../../../conversations/src/persistence/turn-changes.repository';
import { ChannelAdapters } from '../channels/channel-adapters';
import { ChannelDirectory } from '../channels/channel-directory.service';
import { ChannelMetrics } from '../channels/channel-metrics.service';
import { ChannelProblems } from '../channels/channel-problems.service';
import type { ChannelUpkeep } from '../channels/channel-upkeep.service';
import { ChannelsRepository } from '../channels/persistence/channels.repository';
import type { ChannelSettings } from '../core/channel';
import { InstagramAdapter } from '../instagram/instagram.adapter';
import { GraphClient } from '../meta/graph-client';
import { WhatsAppAdapter } from '../whatsapp/whatsapp.adapter';
import { Carrier } from './carrier.service';
import { ChannelDelivery } from './channel-delivery.service';
import { Deliveries } from './deliveries.service';
import { OwnEchoes } from '../inbox/own-echoes.service';
import { SentMessagesRepository } from '../inbox/persistence/sent-messages.repository';
import { OutboxSender } from './outbox-sender.service';
import { CarryRepository } from './persistence/carry.repository';
import { OutboxRepository } from './persistence/outbox.repository';
import { ReplyAddressesRepository } from './persistence/reply-addresses.repository';
import { SealedOutbox } from './persistence/sealed-outbox';
import { TurnBeginsRepository } from './persistence/turn-begins.repository';
import { SendFailures } from './send-failures.service';
import { TurnSignals } from './turn-signals.service';

export interface Chat extends ChannelRowIds, IdentityRowIds {
  account: FakeAccount;
  /** As the fake knows the person. */
  to: string;
}

export interface OutboxView {
  id: number;
  part: number;
  author: string;
  kind: string;
  status: string;
  reason: string | null;
  attempts: number;
  content: string | null;
  externalId: string | null;
  nextAttemptAt: Date;
}

/** Nobody wants to wait for 20 seconds. */
class QuickSignals extends TurnSignals {
  protected override readonly renewMs = 200;
}

/** Everything that sends, on a database of its own and against a fake of Meta. Only the queue is not there: tests say when somebody looks. */
export class OutboxWorld {
  readonly deliveries: Deliveries;
  readonly delivery: ChannelDelivery;
  readonly ownership: ConversationOwnership;
  readonly channels: ChannelsRepository;
  readonly directory: ChannelDirectory;
  readonly outbox: OutboxRepository;
  readonly carrying: CarryRepository;
  readonly signals: TurnSignals;
  private readonly ownEchoes: OwnEchoes;
  readonly woken: number[] = [];
  private readonly forget: (() => void)[] = [];
  private readonly conversations: ReturnType<typeof conversationRepositories>;

  constructor(
    readonly db: TestDatabase,
    private readonly graph: FakeGraph,
  ) {
    const { database } = db;
    const cipher = cipherOf('test');
    const logger = silentLogger();
    const config = {
      channels: { whatsAppBaseUrl: graph.baseUrl, instagramBaseUrl: graph.baseUrl, graphApiVersion: 'v26.0' },
    } as AppConfig;
    const bus = {
      subscribe: (_topic: string, listener: () => void) => {
        this.forget.push(listener);
        return () => undefined;
      },
      onReconnect: () => () => undefined,
      publish: () => this.forget.forEach((listener) => listener()),
    } as unknown as EventsBus;
    this.conversations = conversationRepositories(database);
    this.channels = new ChannelsRepository(database, cipher);
    this.directory = new ChannelDirectory(this.channels, bus, logger);
    this.directory.onModuleInit();
    const client = new GraphClient();
    const adapters = new ChannelAdapters([new WhatsAppAdapter(client, config), new InstagramAdapter(client, config)]);
    const metrics = new Metrics();
    const reader = new FieldReader(cipher, metrics, logger);
    const sealed = new SealedOutbox(cipher, reader);
    this.outbox = new OutboxRepository(database);
    this.carrying = new CarryRepository(database, sealed);
    const channelMetrics = new ChannelMetrics(metrics);
    const port = new ConversationDelivery();
    const queue = {
      add: (_name: string, { conversationId }: { conversationId: number }) => {
        this.woken.push(conversationId);
        return Promise.resolve();
      },
    } as unknown as JobQueue;
    this.signals = new QuickSignals(new TurnBeginsRepository(database), adapters, this.directory, logger);
    this.delivery = new ChannelDelivery(port, adapters, this.carrying, this.outbox, this.signals, queue, logger);
    this.delivery.onModuleInit();
    const messages = new MessagesToCarry(new MessagesToCarryRepository(database, this.conversations.sealed));
    const failures = new SendFailures(
      this.outbox,
      adapters,
      new ChannelProblems(this.channels, this.directory, logger),
      channelMetrics,
      logger,
    );
    const carrier = new Carrier(database, this.carrying, messages, adapters, logger);
    this.ownEchoes = new OwnEchoes(new SentMessagesRepository(database), sealed, messages, carrier);
    const replies = new ReplyAddressesRepository(database, cipher, reader);
    this.deliveries = new Deliveries(
      undefined as unknown as JobWorker,
      undefined as unknown as ChannelUpkeep,
      carrier,
      new OutboxSender(
        database,
        this.outbox,
        sealed,
        adapters,
        this.directory,
        replies,
        failures,
        channelMetrics,
        logger,
      ),
      this.delivery,
      this.carrying,
      this.outbox,
      replies,
    );
    this.ownership = new ConversationOwnership(
      database,
      new LeasesRepository(database),
      this.conversations.ownership,
      new TurnChangesRepository(database),
      { wake: () => undefined } as unknown as MessageIntakeService,
      port,
      new TurnHandOff(),
      new RequestHashes(cipher),
      bus,
    );
  }

  close(): void {
    this.directory.onModuleDestroy();
  }

  /** The business is said to have written something. @returns undefined when it was somebody else than this program */
  async echo({ channelId, identityId }: Chat, externalId: string, text: string) {
    const { channel } = (await this.directory.get(channelId))!;
    return this.ownEchoes.recognise(channel, identityId, { externalId, text });
  }

  /** Somebody who has just written through a new channel. */
  async chat(type: 'whatsapp' | 'instagram' = 'whatsapp', settings: Partial<ChannelSettings> = {}): Promise<Chat> {
    const { database } = this.db;
    const account = type === 'whatsapp' ? this.graph.addWhatsApp() : this.graph.addInstagram();
    const owner = await aUser(database);
    const personaId = await aPersona(database, owner);
    const { id: channelId } = await this.channels.insert(
      {
        workspaceId: owner.workspaceId,
        personaId,
        type,
        name: 'Ours',
        accountId: account.id,
        settings,
        isEnabled: true,
      },
      this.credentialsOf(account),
    );
    this.directory.changed(channelId);
    const channel = { channelId, ...owner, personaId };
    const identity = await anIdentity(database, channel);
    await database.query('UPDATE conversations SET channel = $2 WHERE id = $1', [identity.conversationId, type]);
    await database.query('UPDATE channel_identities SET last_inbound_at = now() WHERE id = $1', [identity.identityId]);
    const [{ to }] = (await database.query<{ to: string }>(
      'SELECT external_id AS "to" FROM channel_identities WHERE id = $1',
      [identity.identityId],
    )) as [{ to: string }];
    if (type === 'instagram') {
      await database.query('UPDATE channel_identities SET phone = NULL WHERE id = $1', [identity.identityId]);
    }
    return { ...channel, ...identity, account, to };
  }

  credentialsOf({ channel, id, accessToken, appSecret, verifyToken }: FakeAccount): Record<string, string> {
    const idName = channel === 'whatsapp' ? 'phone_number_id' : 'account_id';
    return { [idName]: id, access_token: accessToken, app_secret: appSecret, verify_token: verifyToken };
  }

  /** Something is said, and it is noted that it is to be carried. A reply comes with the message that it answers. @param change of its row, as SQL */
  async say(chat: Chat, content: string, role = 'assistant', change = ''): Promise<number> {
    const { database } = this.db;
    return database.transaction(async () => {
      const turnId = role === 'assistant' ? await this.turn(chat) : null;
      const id = await this.add(chat, content, role, turnId);
      if (change !== '') await database.query(`UPDATE messages SET ${change} WHERE id = $1`, [id]);
      await this.delivery.note(chat.conversationId);
      return id;
    });
  }

  private async turn(chat: Chat): Promise<number> {
    const [row] = await this.db.database.query<{ id: number }>(
      `INSERT INTO turns (workspace_id, conversation_id, user_message_id, user_seq, status, finished_at)
       SELECT workspace_id, conversation_id, id, seq, 'completed', now() FROM messages WHERE id = $1 RETURNING id`,
      [await this.add(chat, 'And?', 'user', null)],
    );
    return row!.id;
  }

  private async add({ conversationId }: Chat, content: string, role: string, turnId: number | null): Promise<number> {
    const [row] = await this.db.database.query<{ id: number }>(
      `WITH talk AS (UPDATE conversations SET last_seq = last_seq + 1 WHERE id = $1 RETURNING id, workspace_id, user_id, last_seq)
       INSERT INTO messages (workspace_id, conversation_id, seq, role, status, content, author_id, turn_id)
       SELECT workspace_id, id, last_seq, $2::varchar, CASE WHEN $2 = 'assistant' THEN 'completed' ELSE 'sent' END, $3,
         CASE WHEN $2 = 'agent' THEN user_id END, $4::bigint FROM talk RETURNING id`,
      [conversationId, role, content, turnId],
    );
    return row!.id;
  }

  /** As the team says it: encrypted. */
  async sayAsTeam({ conversationId }: Chat, content: string, authorId: number | null): Promise<void> {
    await this.db.database.transaction(() =>
      this.ownership.say({ conversationId, authorId, content, isEncrypted: true }),
    );
  }

  deliver({ conversationId }: Chat): Promise<void> {
    return this.deliveries.deliver(conversationId);
  }

  /** What waits is due. */
  async skipPauses({ conversationId }: Chat): Promise<void> {
    await this.db.database.query(
      `UPDATE channel_outbox SET next_attempt_at = now() WHERE conversation_id = $1 AND status = 'pending'`,
      [conversationId],
    );
  }

  /** How long the first one that is open waits from the last call to the other system on, or from `since`. */
  async pauseMs(chat: Chat, since = this.graph.calls.at(-1)?.receivedAt ?? 0): Promise<number> {
    const open = (await this.rows(chat)).find(({ status }) => status === 'pending');
    return open === undefined ? 0 : open.nextAttemptAt.getTime() - since;
  }

  /** Nothing is due. */
  async holdAll({ conversationId }: Chat): Promise<void> {
    await this.db.database.query(
      `UPDATE channel_outbox SET next_attempt_at = now() + interval '1 hour' WHERE conversation_id = $1 AND status = 'pending' AND attempts > 0`,
      [conversationId],
    );
  }

  rows({ conversationId }: Chat): Promise<OutboxView[]> {
    return this.db.database.query<OutboxView>(
      `SELECT id, part, author, kind, status, reason, attempts, content, external_id AS "externalId", next_attempt_at AS "nextAttemptAt" FROM channel_outbox WHERE conversation_id = $1 ORDER BY id`,
      [conversationId],
    );
  }

  async statuses(chat: Chat): Promise<string[]> {
    return (await this.rows(chat)).map(({ status, reason }) => (reason === null ? status : `${status} ${reason}`));
  }
}
