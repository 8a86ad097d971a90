import { aConversation } from '../../../../test/factories/rows';
import { aSessionRow, aTurnRow, manySessionRows } from '../../../../test/factories/sessions';
import { type TestDatabase, testDatabase } from '../../../../test/support/database';
import { PlanReader } from '../../../../test/support/plans';
import { SessionEndingsRepository } from '../timeouts/persistence/session-endings.repository';
import { FollowedSessionsRepository } from './followed-sessions.repository';

describe('sessions that somebody follows, in PostgreSQL', () => {
  let db: TestDatabase;
  let followed: FollowedSessionsRepository;

  beforeAll(async () => {
    db = await testDatabase();
    followed = new FollowedSessionsRepository(db.database);
  });
  afterAll(() => db.close());

  const active = (conversationId: number, lastSeq = 0) => ({ conversationId, lastSeq, status: 'active' as const });

  it('of many, only those are told about which something is new: messages, the end, the erasure', async () => {
    const [quiet, talking, ended, erased] = [
      await aSessionRow(db.database),
      await aSessionRow(db.database),
      await aSessionRow(db.database),
      await aSessionRow(db.database),
    ];
    await aTurnRow(db.database, talking, false);
    await new SessionEndingsRepository(db.database).end(ended.sessionId, 'timeout', false);
    await db.database.query('DELETE FROM conversations WHERE id = $1', [erased.conversationId]);
    const news = await followed.changed(
      [quiet, talking, ended, erased].map(({ conversationId }) => active(conversationId)),
    );
    expect(new Set(news)).toEqual(
      new Set([
        { conversationId: talking.conversationId, lastSeq: 1, status: 'active', endReason: null },
        { conversationId: ended.conversationId, lastSeq: 0, status: 'ended', endReason: 'timeout' },
        { conversationId: erased.conversationId, lastSeq: null, status: null, endReason: null },
      ]),
    );
    expect(await followed.changed([active(talking.conversationId, 1)])).toEqual([]);
  });

  it('a conversation of no session is told about when it grows, and not because it has no status', async () => {
    const { conversationId } = await aConversation(db.database);
    const known = { conversationId, lastSeq: 0, status: null };
    expect(await followed.changed([known])).toEqual([]);
    await db.database.query('UPDATE conversations SET last_seq = 2 WHERE id = $1', [conversationId]);
    expect(await followed.changed([known])).toEqual([{ conversationId, lastSeq: 2, status: null, endReason: null }]);
  });

  it('one that was reopened is told about', async () => {
    const session = await aSessionRow(db.database);
    const endings = new SessionEndingsRepository(db.database);
    await endings.end(session.sessionId, 'ended', false);
    const known = { conversationId: session.conversationId, lastSeq: 0, status: 'ended' as const };
    expect(await followed.changed([known])).toEqual([]);
    await endings.reopen(session.sessionId);
    expect(await followed.changed([known])).toMatchObject([{ status: 'active', endReason: null }]);
  });

  it('what was read never goes back, and never beyond the last message', async () => {
    const session = await aSessionRow(db.database);
    const { conversationId } = session;
    for (let count = 0; count < 3; count += 1) await aTurnRow(db.database, session, false);
    expect(await followed.markRead(conversationId, 2)).toBe(2);
    expect(await followed.markRead(conversationId, 1)).toBeUndefined();
    expect(await followed.markRead(conversationId, 2)).toBeUndefined();
    expect(await followed.markRead(conversationId, 1_000_000)).toBe(3);
    const both = await Promise.all([followed.markRead(conversationId, 3), followed.markRead(conversationId, 3)]);
    expect(both).toEqual([undefined, undefined]);
    expect(await followed.markRead((await aConversation(db.database)).conversationId, 1)).toBeUndefined();
  });

  it('among very many, what is followed is found by looks into indexes', async () => {
    await manySessionRows(db.database, await aSessionRow(db.database), 3_000);
    const reader = new PlanReader(db.dataSource);
    const explained = new FollowedSessionsRepository(reader);
    await explained.changed([active(1)]);
    await explained.markRead(1, 1);
    expect(reader.take()).not.toMatch(/Seq Scan on (sessions|conversations)/);
  });
});
