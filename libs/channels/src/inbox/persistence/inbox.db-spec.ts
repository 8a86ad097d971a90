import { aChannel, anIdentity, type ChannelRowIds } from '../../../../../test/factories/channels';
import { type TestDatabase, testDatabase } from '../../../../../test/support/database';
import { cipherOf } from '../../../../../test/support/encryption';
import type { InboundEvent } from '../../core/channel-adapter';
import { InboxRepository, type NewInboxRow, type TakenRow } from './inbox.repository';
import { PeopleRepository } from './people.repository';
import { SentMessagesRepository } from './sent-messages.repository';

type Status = Extract<InboundEvent, { kind: 'status' }>;

describe('the inbox in PostgreSQL', () => {
  let db: TestDatabase;
  let inbox: InboxRepository;
  let channel: ChannelRowIds;

  beforeEach(async () => {
    db = await testDatabase();
    inbox = new InboxRepository(db.database, cipherOf('k1'));
    channel = await aChannel(db.database);
  });
  afterEach(() => db.close());

  const aRow = (externalId: string, senderKey = 'ada', channelId = channel.channelId): NewInboxRow => ({
    channelId,
    externalId,
    senderKey,
    kind: 'message',
    event: { kind: 'other', externalId, sender: null, type: 'secret words' },
  });
  const take = (senderKey = 'ada'): Promise<TakenRow | undefined> => inbox.take(channel.channelId, senderKey, 60_000);

  it('the same event is stored once, from however many hooks and in whatever order they name it', async () => {
    const rows = Array.from({ length: 50 }, (_, index) => aRow(`m${index}`));
    const added = await Promise.all(
      Array.from({ length: 8 }, (_, index) => inbox.add(index % 2 === 0 ? rows : [...rows].reverse())),
    );
    expect(added.flat()).toHaveLength(50);
    const [count] = await db.database.query<{ count: number }>('SELECT count(*)::integer AS count FROM channel_inbox');
    expect(count).toEqual({ count: 50 });
    expect(await inbox.add([aRow('m0'), aRow('new'), aRow('new')])).toEqual([
      { channelId: channel.channelId, senderKey: 'ada', kind: 'message' },
    ]);
  });

  it('what is for a channel that is gone is left out; another channel may have the same id', async () => {
    const other = await aChannel(db.database);
    await inbox.add([aRow('m')]);
    const added = await inbox.add([aRow('m', 'ada', 987_654), aRow('m', 'ada', other.channelId)]);
    expect(added).toMatchObject([{ channelId: other.channelId, senderKey: 'ada', kind: 'message' }]);
  });

  it('is taken in the order of the hook, one at a time per sender, by one worker', async () => {
    await inbox.add([aRow('b'), aRow('a'), aRow('c', 'ben')]);
    const taken = (await Promise.all(Array.from({ length: 6 }, () => take()))).filter((row) => row !== undefined);
    expect(taken).toMatchObject([{ externalId: 'b', attempts: 1 }]);
    expect(inbox.open(taken[0]!)).toMatchObject({ type: 'secret words' });
    expect(await take('ben')).toMatchObject({ externalId: 'c' });
    await inbox.settle(taken[0]!, { status: 'done' });
    expect(await take()).toMatchObject({ externalId: 'a' });
    expect(await take()).toBeUndefined();
  });

  it('a row that waits keeps those behind it waiting, and a dead one does not', async () => {
    await inbox.add([aRow('a'), aRow('b')]);
    const first = (await take())!;
    await inbox.postpone(first, 3_600_000, 'why', true);
    expect(await take()).toBeUndefined();
    expect(await inbox.waiting(0, 10)).toEqual([]);
    await db.database.query('UPDATE channel_inbox SET not_before = now()');
    expect(await inbox.waiting(0, 10)).toEqual([{ channelId: channel.channelId, senderKey: 'ada' }]);
    await inbox.bury((await take())!, 'why');
    expect(await take()).toMatchObject({ externalId: 'b' });
  });

  it('what a worker had when it died is taken again after its time, and the dead one settles nothing more', async () => {
    await inbox.add([aRow('a')]);
    const first = (await take())!;
    expect(await inbox.keep(first, 60_000)).toBe(true);
    await db.database.query(`UPDATE channel_inbox SET taken_until = now() - interval '1 second'`);
    const second = (await take())!;
    expect(second.attempts).toBe(2);
    expect(await inbox.keep(first, 60_000)).toBe(false);
    expect(await inbox.settle(first, { status: 'ignored', reason: 'late' })).toBe(false);
    expect(await inbox.settle(second, { status: 'done', conversationId: 7 })).toBe(true);
    expect(await inbox.settle(second, { status: 'ignored', reason: 'again' })).toBe(false);
    const [row] = await db.database.query(
      'SELECT status, reason, payload, encryption_key, sender_key FROM channel_inbox',
    );
    expect(row).toEqual({ status: 'done', reason: null, payload: null, encryption_key: null, sender_key: '' });
  });

  it('what was settled or given up long ago is removed in batches, what waits is not', async () => {
    await inbox.add(['a', 'b', 'c', 'd'].map((id) => aRow(id, id)));
    await inbox.settle((await take('a'))!, { status: 'done' });
    await inbox.bury((await take('b'))!, 'why');
    await db.database.query(
      `UPDATE channel_inbox SET finished_at = now() - interval '31 days' WHERE finished_at IS NOT NULL`,
    );
    await db.database.query(`UPDATE channel_inbox SET received_at = now() - interval '31 days'`);
    await inbox.settle((await take('d'))!, { status: 'done' });
    expect(await inbox.removeFinished(30, 1)).toBe(1);
    expect(await inbox.removeFinished(30, 10)).toBe(1);
    expect(await inbox.removeFinished(30, 10)).toBe(0);
    expect(await db.database.query('SELECT external_id AS id FROM channel_inbox ORDER BY 1')).toEqual([
      { id: 'c' },
      { id: 'd' },
    ]);
  });

  describe('what was sent', () => {
    const sent = async (status: string, externalId: string | null): Promise<number> => {
      const { identityId, conversationId } = await anIdentity(db.database, channel);
      const [row] = await db.database.query<{ id: number }>(
        `INSERT INTO channel_outbox (channel_id, identity_id, conversation_id, author, kind, status, external_id, content)
         VALUES ($1, $2, $3, 'assistant', 'text', $4, $5, 'x') RETURNING id`,
        [channel.channelId, identityId, conversationId, status, externalId],
      );
      return row!.id;
    };
    const statusOf = async (id: number): Promise<string> =>
      (await db.database.query<{ status: string }>('SELECT status FROM channel_outbox WHERE id = $1', [id]))[0]!.status;
    const tell = (status: Status['status'], about: Partial<Status> = {}): Promise<number | undefined> =>
      new SentMessagesRepository(db.database).advance(channel.channelId, {
        kind: 'status',
        externalId: 'e',
        messageExternalId: 'w',
        status,
        outboxId: null,
        errorCode: null,
        ...about,
      });

    it.each([
      ['sent', 'delivered', 'delivered'],
      ['sent', 'read', 'read'],
      ['sent', 'failed', 'failed'],
      ['delivered', 'sent', 'delivered'],
      ['delivered', 'failed', 'delivered'],
      ['delivered', 'read', 'read'],
      ['read', 'delivered', 'read'],
      ['read', 'sent', 'read'],
      ['read', 'failed', 'read'],
      ['failed', 'sent', 'failed'],
      ['failed', 'delivered', 'delivered'],
      ['sending', 'sent', 'sent'],
      ['dead', 'sent', 'sent'],
    ] as const)('that is %s and told to be %s is %s', async (before, told, after) => {
      const id = await sent(before, 'w');
      expect(await tell(told)).toBeDefined();
      expect(await statusOf(id)).toBe(after);
    });

    it('learns its id from our own number, in its own channel only', async () => {
      const id = await sent('sending', null);
      expect(await tell('sent')).toBeUndefined();
      const other = await aChannel(db.database);
      const repository = new SentMessagesRepository(db.database);
      const foreign = {
        kind: 'status',
        externalId: 'e',
        messageExternalId: 'w',
        status: 'read',
        errorCode: null,
      } as const;
      expect(await repository.advance(other.channelId, { ...foreign, outboxId: id })).toBeUndefined();
      expect(await tell('sent', { outboxId: id })).toBeDefined();
      expect(await repository.has(channel.channelId, 'w')).toBe(true);
      const [row] = await db.database.query('SELECT content, status FROM channel_outbox WHERE id = $1', [id]);
      expect(row).toEqual({ content: null, status: 'sent' });
    });
  });

  describe('people', () => {
    let people: PeopleRepository;
    beforeEach(() => void (people = new PeopleRepository(db.database)));
    const find = (scopedId: string | null, phone: string | null) =>
      people.find(channel.channelId, { scopedId, phone, name: null });

    it('are found by either id, first by the other system’s own, and in their channel only', async () => {
      const { identityId, visitorId } = await anIdentity(db.database, channel, '15550001');
      expect(await find(null, '15550001')).toMatchObject({ id: identityId });
      expect(await find('US.1', '15550001')).toMatchObject({ id: identityId });
      expect(await find('US.1', null)).toBeUndefined();
      await people.learn(channel.channelId, identityId, { scopedId: 'US.1', phone: '15550001', name: 'Ada' });
      expect(await find('US.1', null)).toMatchObject({ id: identityId, phone: '15550001', name: 'Ada' });
      await people.add(channel.channelId, visitorId, { key: 'US.2', phone: null, name: null });
      // A number that is somebody else's now is not theirs any more.
      const second = (await find('US.2', null))!;
      await people.learn(channel.channelId, second.id, { scopedId: 'US.2', phone: '15550001', name: null });
      expect(await find('US.2', '15550001')).toMatchObject({ externalId: 'US.2', phone: '15550001' });
      expect(await find(null, '15550001')).toMatchObject({ externalId: 'US.2' });
      expect(await find('US.1', null)).toMatchObject({ phone: null });
      expect(await find('US.3', '15550001')).toBeUndefined();
    });

    it('of whom only a number is known keep it, and nobody else is written to by it', async () => {
      const { identityId } = await anIdentity(db.database, channel, '15550001');
      const { identityId: other } = await anIdentity(db.database, channel, 'US.2');
      await people.learn(channel.channelId, other, { scopedId: 'US.2', phone: '15550002', name: null });
      await people.learn(channel.channelId, other, { scopedId: 'US.2', phone: '15550001', name: null });
      expect(await find('US.2', null)).toMatchObject({ id: other, phone: null });
      expect(await find(null, '15550001')).toMatchObject({ id: identityId });
    });

    it('who move are found by their new ids only, unless those are somebody’s', async () => {
      const { identityId } = await anIdentity(db.database, channel, '15550001');
      const to = (scopedId: string | null, phone: string | null) => ({ scopedId, phone, name: null });
      expect(await people.move(channel.channelId, identityId, to('US.2', '15550002'))).toBe(true);
      expect(await find(null, '15550001')).toBeUndefined();
      expect(await find('US.2', null)).toMatchObject({ id: identityId, phone: '15550002', name: 'Dana' });
      expect(await people.move(channel.channelId, identityId, to(null, '15550003'))).toBe(true);
      // Which id they have now nobody has said yet.
      expect(await find('US.3', '15550003')).toMatchObject({ id: identityId });
      await anIdentity(db.database, channel, '15550004');
      expect(await people.move(channel.channelId, identityId, to('US.4', '15550004'))).toBe(false);
      expect(await find(null, '15550003')).toBeUndefined();
      expect(await find(null, '15550004')).toMatchObject({ externalId: '15550004' });
    });

    it('are counted per minute by when their messages came in', async () => {
      const { identityId } = await anIdentity(db.database, channel);
      const at = (seconds: number): Date => new Date(Date.UTC(2026, 10, 22, 1, 0, seconds));
      const counts: number[] = [];
      for (const [index, seconds] of [0, 10, 59, 61, 62].entries()) {
        counts.push(await people.countMessage(identityId, index + 1, at(seconds), at(seconds)));
      }
      expect(counts).toEqual([1, 2, 3, 1, 2]);
      // One that waited, and is tried again.
      expect(await people.countMessage(identityId, 5, at(62), at(62))).toBe(0);
      expect(await people.countMessage(identityId, 6, at(63), at(63))).toBe(3);
    });
  });
});
