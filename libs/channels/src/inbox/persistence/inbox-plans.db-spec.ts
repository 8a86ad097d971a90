import { aChannel, anIdentity, type ChannelRowIds } from '../../../../../test/factories/channels';
import { type TestDatabase, testDatabase } from '../../../../../test/support/database';
import { cipherOf } from '../../../../../test/support/encryption';
import { PlanReader } from '../../../../../test/support/plans';
import { IdentitiesRepository } from '../../channels/persistence/identities.repository';
import { FilesRepository } from './files.repository';
import { InboxLettersRepository } from './inbox-letters.repository';
import { InboxRepository, type TakenRow } from './inbox.repository';
import { PeopleRepository } from './people.repository';
import { SentMessagesRepository } from './sent-messages.repository';

const ROWS = 100_000;

describe('with many rows', () => {
  let db: TestDatabase;
  let plans: PlanReader;
  let channel: ChannelRowIds;
  let identityId: number;

  beforeAll(async () => {
    db = await testDatabase();
    plans = new PlanReader(db.dataSource);
    channel = await aChannel(db.database);
    const person = await anIdentity(db.database, channel);
    identityId = person.identityId;
    const { channelId } = channel;
    await db.database.query(
      `INSERT INTO channel_inbox (channel_id, external_id, sender_key, kind, payload, encryption_key, status, finished_at, not_before)
       SELECT $1, 'm' || n, CASE WHEN n % 50 < 2 THEN 'p' || n % 5000 ELSE '' END, 'message', CASE WHEN n % 50 < 2 THEN 'x' END, CASE WHEN n % 50 < 2 THEN 'k' END,
         CASE n % 50 WHEN 0 THEN 'pending' WHEN 1 THEN 'dead' ELSE 'done' END, CASE WHEN n % 50 > 0 THEN now() - n * interval '25 seconds' END, now() + n * interval '1 second'
       FROM generate_series(1, $2::integer) n`,
      [channelId, ROWS],
    );
    await db.database.query(
      `INSERT INTO channel_identities (channel_id, user_id, external_id, phone) SELECT $1, $2, 'US.' || n, '1444000' || n FROM generate_series(1, $3::integer) n`,
      [channelId, person.visitorId, ROWS],
    );
    await db.database.query(
      `INSERT INTO channel_outbox (channel_id, identity_id, conversation_id, author, kind, status, attempts, external_id)
       SELECT $1, i.id, $2, 'assistant', 'text', 'sent', 1, 'w' || i.id FROM channel_identities i WHERE i.channel_id = $1`,
      [channelId, person.conversationId],
    );
    await db.database.query(
      `INSERT INTO channel_files (channel_id, conversation_id, external_id, position, kind, content_type, size_bytes, content, encryption_key)
       SELECT $1, $2, 'm' || n, 0, 'audio', 'audio/ogg', 1, '', 'k' FROM generate_series(1, $3::integer) n`,
      [channelId, person.conversationId, ROWS / 10],
    );
    await db.database.query('ANALYZE');
  });
  afterAll(() => db.close());

  const row = { id: 7, attempts: 1 } as TakenRow;
  const cases: [string, () => Promise<unknown>][] = [
    [
      'a sender’s oldest row is taken',
      () => new InboxRepository(plans, cipherOf('k')).take(channel.channelId, 'p7', 1),
    ],
    ['a row is kept', () => new InboxRepository(plans, cipherOf('k')).keep(row, 1)],
    ['a row is settled', () => new InboxRepository(plans, cipherOf('k')).settle(row, { status: 'done' })],
    ['a row is postponed', () => new InboxRepository(plans, cipherOf('k')).postpone(row, 1, 'why', true)],
    ['a row is given up', () => new InboxRepository(plans, cipherOf('k')).bury(row, 'why')],
    ['what waits is found', () => new InboxRepository(plans, cipherOf('k')).waiting(5000, 100)],
    ['what is finished goes', () => new InboxRepository(plans, cipherOf('k')).removeFinished(30, 1000)],
    ['what waited for a channel is due', () => new InboxRepository(plans, cipherOf('k')).channelsAreOn(100)],
    ['a page of the inbox', () => new InboxLettersRepository(plans).list(channel.channelId, 50, 90_000)],
    ['a page of what was given up', () => new InboxLettersRepository(plans).listDead(channel.channelId, 50, 90_000)],
    ['one is tried again', () => new InboxLettersRepository(plans).revive(channel.channelId, 7)],
    ['a person is forgotten', () => new IdentitiesRepository(plans).forgetInbox(channel.channelId, ['p7', '14440007'])],
    [
      'a person is found',
      () => new PeopleRepository(plans).find(channel.channelId, { scopedId: 'US.7', phone: '14440007', name: null }),
    ],
    ['a message is counted', () => new PeopleRepository(plans).countMessage(7, 7, new Date(), new Date())],
    ['an echo is asked for', () => new SentMessagesRepository(plans).has(channel.channelId, 'w7')],
    ['what is on the wire', () => new SentMessagesRepository(plans).isAnythingOnTheWire(identityId)],
    ['what may have left', () => new SentMessagesRepository(plans).mayHaveLeft(identityId, 20)],
    ['a file is found', () => new FilesRepository(plans, cipherOf('k')).find(channel.channelId, 'm7', 0)],
    ['files are attached', () => new FilesRepository(plans, cipherOf('k')).attach(channel.channelId, 'm7', 7)],
  ];

  it.each(cases)('%s without reading a table', async (_what, run) => {
    await run();
    const plan = plans.take();
    expect(plan).toMatch(/Index/);
    expect(plan).not.toMatch(/Seq Scan on (channel_inbox|channel_identities|channel_outbox|channel_files)/);
  });
});
