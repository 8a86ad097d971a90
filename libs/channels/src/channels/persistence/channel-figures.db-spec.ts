import { aChannel, anIdentity, type ChannelRowIds } from '../../../../../test/factories/channels';
import { type TestDatabase, testDatabase } from '../../../../../test/support/database';
import { PlanReader } from '../../../../../test/support/plans';
import { ChannelFiguresRepository } from './channel-figures.repository';
import { IdentitiesRepository } from './identities.repository';

const MANY = 20_000;

describe('numbers of channels', () => {
  let db: TestDatabase;
  let figures: ChannelFiguresRepository;
  let ours: ChannelRowIds;

  beforeAll(async () => {
    db = await testDatabase();
    figures = new ChannelFiguresRepository(db.database);
  });
  afterAll(() => db.close());
  beforeEach(async () => {
    ours = await aChannel(db.database);
  });

  const receive = (status: string, ageHours = 0): Promise<unknown> =>
    db.database.query(
      `INSERT INTO channel_inbox (channel_id, external_id, sender_key, kind, status, received_at)
       VALUES ($1, gen_random_uuid()::text, 'x', 'message', $2, now() - $3 * interval '1 hour')`,
      [ours.channelId, status, ageHours],
    );
  const send = async (status: string, times: { sentMs?: number; deliveredMs?: number } = {}): Promise<void> => {
    const { identityId, conversationId } = await anIdentity(db.database, ours);
    await db.database.query(
      `INSERT INTO channel_outbox (channel_id, identity_id, conversation_id, author, kind, status, created_at, sent_at, delivered_at)
       SELECT $1, $2, $3, 'assistant', 'text', $4, at, at + $5 * interval '1 ms', at + ($5 + $6) * interval '1 ms' FROM (SELECT now() - interval '1 minute' AS at) AS t`,
      [ours.channelId, identityId, conversationId, status, times.sentMs ?? null, times.deliveredMs ?? null],
    );
  };

  it('tells what came and what went, and how long that took, of one channel only', async () => {
    const { channelId } = ours;
    for (const status of ['pending', 'done', 'done', 'ignored', 'dead']) await receive(status);
    await receive('done', 30);
    await send('delivered', { sentMs: 100, deliveredMs: 50 });
    await send('read', { sentMs: 300, deliveredMs: 70 });
    await send('dead');
    ours = await aChannel(db.database);
    await receive('dead');
    expect(await figures.inbox(channelId, 24)).toEqual({ pending: 1, done: 2, ignored: 1, dead: 1 });
    expect(await figures.outbox(channelId, 24)).toEqual({
      ...{ pending: 0, sending: 0, sent: 0, delivered: 1, read: 1, failed: 0, dead: 1, skipped: 0 },
      ...{ sentMsP50: 100, sentMsP95: 300, deliveredMsP50: 50, deliveredMsP95: 70 },
    });
    expect(await figures.people(channelId)).toEqual({ people: 3, optedOut: 0, lastInboundAt: null });
  });

  it('tells which channels have to be listened to, and which of them nobody hears', async () => {
    const listened = async (): Promise<unknown> =>
      (await figures.listening()).find(({ channelId }) => channelId === ours.channelId);
    const change = (sql: string): Promise<unknown> => db.database.query(sql, [ours.channelId]);
    const told = (isListening: boolean, isUnheard: boolean) => ({
      ...{ channelId: ours.channelId, type: 'mattermost', isListening, isUnheard },
    });
    expect(await listened()).toBeUndefined();
    await change(`UPDATE channels SET type = 'mattermost' WHERE id = $1`);
    expect(await listened()).toEqual(told(false, false));
    await change(`UPDATE channels SET updated_at = now() - interval '3 minutes' WHERE id = $1`);
    expect(await listened()).toEqual(told(false, true));
    await change(`INSERT INTO channel_listeners (channel_id, held_by, held_until, connected_at, confirmed_at)
      VALUES ($1, 'one', now() + interval '9 seconds', now(), now())`);
    expect(await listened()).toEqual(told(true, false));
    await change(
      `UPDATE channel_listeners SET held_until = now(), confirmed_at = now() - interval '1 minute' WHERE channel_id = $1`,
    );
    expect(await listened()).toEqual(told(false, false));
    await change(
      `UPDATE channel_listeners SET confirmed_at = now() - interval '3 minutes', connected_at = NULL WHERE channel_id = $1`,
    );
    expect(await listened()).toEqual(told(false, true));
    await change(`UPDATE channels SET is_enabled = false WHERE id = $1`);
    expect(await listened()).toBeUndefined();
  });

  it('tells what waits and since when, by channel', async () => {
    await receive('pending', 1);
    await receive('pending');
    await send('pending');
    const waiting = (await figures.waiting()).filter(({ channelId }) => channelId === ours.channelId);
    expect(waiting).toEqual([
      {
        channelId: ours.channelId,
        type: 'whatsapp',
        direction: 'in',
        count: 2,
        oldestSeconds: expect.any(Number) as number,
      },
      {
        channelId: ours.channelId,
        type: 'whatsapp',
        direction: 'out',
        count: 1,
        oldestSeconds: expect.any(Number) as number,
      },
    ]);
    expect(Math.round(waiting[0]!.oldestSeconds / 60)).toBe(60);
  });

  it('looks into indexes, however many messages and people there are', async () => {
    const { identityId, conversationId } = await anIdentity(db.database, ours);
    await db.database.query(
      `INSERT INTO channel_inbox (channel_id, external_id, sender_key, kind, status)
       SELECT $1, n::text, 'x', 'message', 'done' FROM generate_series(1, $2::integer) AS n`,
      [ours.channelId, MANY],
    );
    await db.database.query(
      `INSERT INTO channel_outbox (channel_id, identity_id, conversation_id, author, kind, status)
       SELECT $1, $2, $3, 'assistant', 'text', 'sent' FROM generate_series(1, $4::integer)`,
      [ours.channelId, identityId, conversationId, MANY],
    );
    await db.database.query(
      `INSERT INTO channel_identities (channel_id, user_id, external_id) SELECT $1, user_id, 'many' || n
       FROM channel_identities, generate_series(1, $3::integer) AS n WHERE id = $2`,
      [ours.channelId, identityId, MANY],
    );
    await db.database.query('ANALYZE channel_inbox, channel_outbox, channel_identities');
    // Of one among others; whoever has most of all rows is read up to a limit.
    ours = await aChannel(db.database);
    const plans = new PlanReader(db.dataSource);
    const planned = new ChannelFiguresRepository(plans);
    await planned.waiting();
    await planned.inbox(ours.channelId, 24);
    await planned.outbox(ours.channelId, 24);
    await planned.people(ours.channelId);
    const people = new IdentitiesRepository(plans);
    await people.list(ours.channelId, 50, 1e9);
    expect(plans.take()).not.toMatch(/Seq Scan on channel_(inbox|outbox|identities|threads)/);
  });
});
