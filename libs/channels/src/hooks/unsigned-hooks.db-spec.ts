import { AppConfig, type EventsBus, type JobQueue, Metrics } from '@app/platform';
import { aPersona, aUser } from '../../../../test/factories/rows';
import { cpuNow } from '../../../../test/support/cpu-time';
import { type TestDatabase, testDatabase } from '../../../../test/support/database';
import { cipherOf, silentLogger } from '../../../../test/support/encryption';
import { asMetaWrites, signatureOf } from '../../../../test/support/fake-graph';
import { ChannelAdapters } from '../channels/channel-adapters';
import { ChannelDirectory } from '../channels/channel-directory.service';
import { ChannelMetrics } from '../channels/channel-metrics.service';
import { ChannelsRepository } from '../channels/persistence/channels.repository';
import { Intake } from '../inbox/intake.service';
import { InboxRepository } from '../inbox/persistence/inbox.repository';
import { InstagramAdapter } from '../instagram/instagram.adapter';
import { GraphClient } from '../meta/graph-client';
import { WhatsAppAdapter } from '../whatsapp/whatsapp.adapter';
import { SenderJobs } from '../inbox/sender-jobs.service';
import { HookSenders } from './hook-senders.service';
import { HooksService } from './hooks.service';

const SECRET = 'the-secret-of-the-app';

/** As many as fit into a hook. */
const many = (thing: object, count: number): object[] => Array.from({ length: count }, () => thing);
const whatsApp = (values: object[]) => ({
  entry: [{ changes: values.map((value) => ({ field: 'messages', value })) }],
});
const metadata = { phone_number_id: '106' };

describe('what it costs to refuse a hook', () => {
  let db: TestDatabase;
  let hooks: HooksService;

  beforeAll(async () => {
    db = await testDatabase();
    const repository = new ChannelsRepository(db.database, cipherOf('k1'));
    const owner = await aUser(db.database);
    const personaId = await aPersona(db.database, owner);
    for (const type of ['whatsapp', 'instagram'] as const) {
      const { workspaceId } = owner;
      const channel = { workspaceId, personaId, type, name: 'Ours', accountId: '106', settings: {}, isEnabled: true };
      await repository.insert(channel, { access_token: 't', app_secret: SECRET, verify_token: 'v' });
    }
    const config = new AppConfig({
      DATABASE_URL: 'postgres://u:p@127.0.0.1:5432/parley',
      SECRET_KEY: 'x'.repeat(40),
      ENCRYPTION_KEYS: `k1:${'0f'.repeat(32)}`,
    });
    const bus = { subscribe: () => () => undefined, onReconnect: () => () => undefined } as unknown as EventsBus;
    const graph = new GraphClient();
    const adapters = new ChannelAdapters([new WhatsAppAdapter(graph, config), new InstagramAdapter(graph, config)]);
    const senders = new HookSenders(new ChannelDirectory(repository, bus, silentLogger()), adapters);
    const metrics = new ChannelMetrics(new Metrics());
    const queue = { add: () => Promise.resolve() } as unknown as JobQueue;
    const inbox = new InboxRepository(db.database, cipherOf('k1'));
    hooks = new HooksService(
      adapters,
      senders,
      new Intake(inbox, new SenderJobs(queue, cipherOf('k1')), metrics, silentLogger()),
      metrics,
    );
  });
  afterAll(() => db.close());

  it.each([
    ['whatsapp', 'empty statuses', whatsApp([{ metadata, statuses: many({}, 1_000_000) }])],
    ['whatsapp', 'empty messages', whatsApp([{ metadata, contacts: [], messages: many({}, 1_000_000) }])],
    ['whatsapp', 'changes', whatsApp(many({ metadata }, 40_000))],
    ['whatsapp', 'entries', { entry: many({}, 1_000_000) }],
    ['instagram', 'changes', { entry: [{ id: '106', changes: many({}, 1_000_000) }] }],
    ['instagram', 'entries of one account', { entry: many({ id: '106', standby: [{}] }, 100_000) }],
  ] as const)('of 3 MB, for %s, with %s: hardly more than reading it', async (type, _what, body) => {
    const bytes = asMetaWrites(body);
    expect(bytes.length).toBeGreaterThan(2_000_000);
    const begun = cpuNow();
    JSON.parse(bytes.toString('utf8'));
    const readingMs = cpuNow() - begun;
    const headers = { 'x-hub-signature-256': signatureOf(bytes, 'another-secret') };
    const takingMs: number[] = [];
    // The second one without the garbage of what came before.
    for (let count = 0; count < 2; count += 1) {
      const taking = cpuNow();
      await expect(hooks.take(type, { body: bytes, headers })).rejects.toMatchObject({ status: 401 });
      takingMs.push(cpuNow() - taking);
    }
    expect(Math.min(...takingMs)).toBeLessThan(3 * readingMs + 500);
  });

  it('the same from whoever may send it is taken, as far as Meta fills a hook', async () => {
    const statuses = many({ id: 'wamid.x', status: 'read' }, 50_000).map((status, index) => ({
      ...status,
      id: `wamid.${index}`,
    }));
    const body = asMetaWrites(whatsApp([{ metadata, statuses }]));
    await hooks.take('whatsapp', { body, headers: { 'x-hub-signature-256': signatureOf(body, SECRET) } });
    const [row] = await db.database.query<{ count: number }>('SELECT count(*)::integer AS count FROM channel_inbox');
    expect(row?.count).toBe(5000);
  });
});
