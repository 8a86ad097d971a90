import { Database } from '@app/platform';
import { aSessionRow, aTurnRow, manySessionRows, type SessionRows } from '../../../../../test/factories/sessions';
import { type TestDatabase, testDatabase } from '../../../../../test/support/database';
import { PlanReader } from '../../../../../test/support/plans';
import { SessionEndingsRepository } from './session-endings.repository';

const BUSY_MS = 15_000;
const SHORT = { timeoutMs: 1_000, ageSeconds: 60 };

describe('the end of sessions in PostgreSQL', () => {
  let db: TestDatabase;
  let endings: SessionEndingsRepository;

  beforeAll(async () => {
    db = await testDatabase();
    endings = new SessionEndingsRepository(db.database);
  });
  afterAll(() => db.close());
  beforeEach(() => db.database.query('DELETE FROM sessions'));

  const stateOf = async ({ sessionId }: SessionRows): Promise<Record<string, unknown>> =>
    (
      await db.database.query<Record<string, unknown>>(
        `SELECT s.status, s.end_reason AS reason, c.is_active AS "isActive", s.summary_status AS summary,
           extract(epoch FROM s.check_at - now())::integer AS "checkInSeconds"
         FROM sessions s JOIN conversations c ON c.id = s.conversation_id WHERE s.id = $1`,
        [sessionId],
      )
    )[0]!;

  it('ends once, however many ask at once, and with it the conversation', async () => {
    const session = await aSessionRow(db.database);
    const ended = await Promise.all(Array.from({ length: 8 }, () => endings.end(session.sessionId, 'ended', true)));
    expect(ended.filter((one) => one !== undefined)).toEqual([
      { id: session.sessionId, kind: 'coaching', conversationId: session.conversationId, summaryStatus: 'none' },
    ]);
    expect(await stateOf(session)).toMatchObject({ status: 'ended', reason: 'ended', isActive: false });
    expect(await endings.reopen(session.sessionId)).toBe(true);
    expect(await endings.reopen(session.sessionId)).toBe(false);
    expect(await stateOf(session)).toMatchObject({ status: 'active', reason: null, isActive: true });
  });

  it('wants a summary only where something was said since the last one, and only when told so', async () => {
    const [one, other] = [await aSessionRow(db.database), await aSessionRow(db.database)];
    for (const session of [one, other]) await aTurnRow(db.database, session, false);
    expect((await endings.end(one.sessionId, 'ended', true))?.summaryStatus).toBe('pending');
    expect((await endings.end(other.sessionId, 'ended', false))?.summaryStatus).toBe('none');
    await endings.reopen(one.sessionId);
    expect(await stateOf(one)).toMatchObject({ summary: 'none' });
  });

  it('finds those that are overdue among those that are due, and looks at the others when they could be', async () => {
    // In one transaction it is the same time.
    await db.database.transaction(async () => {
      const overdue = await aSessionRow(db.database, SHORT);
      const talking = await aSessionRow(db.database, { timeoutMs: 600_000, ageSeconds: 660 });
      await db.database.query('UPDATE conversations SET updated_at = now() WHERE id = $1', [talking.conversationId]);
      const answering = await aSessionRow(db.database, SHORT);
      await aTurnRow(db.database, answering, true);
      const later = await aSessionRow(db.database);
      expect(await endings.findOverdue(10, BUSY_MS)).toEqual({ seen: 3, overdue: [overdue.sessionId] });
      expect(await endings.findOverdue(10, BUSY_MS)).toEqual({ seen: 0, overdue: [] });
      expect(await stateOf(talking)).toMatchObject({ status: 'active', checkInSeconds: 600 });
      expect(await stateOf(answering)).toMatchObject({ status: 'active', checkInSeconds: 15 });
      expect(await stateOf(later)).toMatchObject({ checkInSeconds: 1800 });
    });
  });

  it('those that wait for people are looked at less and less often, and at least every hour', async () => {
    const waiting = [SHORT, { ...SHORT, ageSeconds: 3_601 }, { ...SHORT, ageSeconds: 864_001 }];
    for (const [index, age] of waiting.entries()) {
      await db.database.transaction(async () => {
        const session = await aSessionRow(db.database, age);
        await db.database.query(`UPDATE conversations SET owner = 'human' WHERE id = $1`, [session.conversationId]);
        expect(await endings.findOverdue(10, BUSY_MS)).toEqual({ seen: 1, overdue: [] });
        expect(await stateOf(session)).toMatchObject({ status: 'active', checkInSeconds: [15, 360, 3600][index] });
      });
    }
  });

  it('ends the overdue alone, even when others are named, and each only once', async () => {
    const overdue = await aSessionRow(db.database, SHORT);
    const talking = await aSessionRow(db.database);
    const answering = await aSessionRow(db.database, SHORT);
    await aTurnRow(db.database, answering, true);
    const ids = [overdue, talking, answering].map(({ sessionId }) => sessionId);
    const ended = await Promise.all([endings.endOverdue(ids, true), endings.endOverdue(ids, true)]);
    expect(ended.flat().map(({ id }) => id)).toEqual([overdue.sessionId]);
    expect(await stateOf(overdue)).toMatchObject({ status: 'ended', reason: 'timeout', isActive: false });
    for (const session of [talking, answering]) expect(await stateOf(session)).toMatchObject({ isActive: true });
  });

  it('who is at the conversation at that very moment keeps it alive', async () => {
    const session = await aSessionRow(db.database, SHORT);
    await db.database.transaction(async () => {
      await db.database.query('SELECT 1 FROM conversations WHERE id = $1 FOR UPDATE', [session.conversationId]);
      // A database of its own is outside of this transaction.
      const other = new SessionEndingsRepository(new Database(db.dataSource));
      expect(await other.endOverdue([session.sessionId], true)).toEqual([]);
    });
    expect(await endings.endOverdue([session.sessionId], true)).toHaveLength(1);
  });

  it('a message that comes while the session is being ended keeps it alive, or is refused: never both', async () => {
    for (let round = 0; round < 20; round += 1) {
      const session = await aSessionRow(db.database, SHORT);
      const [ended, taken] = await Promise.all([
        endings.endOverdue([session.sessionId], false),
        // The very condition that a message is accepted under.
        db.database.query(`UPDATE conversations SET updated_at = now() WHERE id = $1 AND is_active RETURNING id`, [
          session.conversationId,
        ]),
      ]);
      expect(ended.length + taken.length).toBe(1);
      const status = taken.length === 1 ? 'active' : 'ended';
      expect(await stateOf(session)).toMatchObject({ status, isActive: taken.length === 1 });
    }
  });

  it('two who look at once look at different ones, and each overdue one is ended by one of them', async () => {
    const sessions: number[] = [];
    for (let count = 0; count < 20; count += 1) sessions.push((await aSessionRow(db.database, SHORT)).sessionId);
    const sweep = async (): Promise<{ looked: number[]; ended: number[] }> => {
      const { overdue } = await endings.findOverdue(15, BUSY_MS);
      return { looked: overdue, ended: (await endings.endOverdue(overdue, false)).map(({ id }) => id) };
    };
    const [one, other] = await Promise.all([sweep(), sweep()]);
    const rest = await sweep();
    const byId = (a: number, b: number): number => a - b;
    expect([one, other, rest].flatMap(({ looked }) => looked).sort(byId)).toEqual(sessions);
    expect([one, other, rest].flatMap(({ ended }) => ended).sort(byId)).toEqual(sessions);
  });

  it('among very many, those that are due are found, and those that are named are ended, by looks into indexes', async () => {
    await manySessionRows(db.database, await aSessionRow(db.database), 3_000);
    const reader = new PlanReader(db.dataSource);
    const explained = new SessionEndingsRepository(reader);
    await explained.findOverdue(500, BUSY_MS);
    const found = reader.take();
    expect(found).toContain('sessions_due_idx');
    expect(found).not.toMatch(/Seq Scan on (sessions|conversations)/);
    await explained.endOverdue([1], true);
    await explained.end(1, 'ended', true);
    await explained.reopen(1);
    expect(reader.take()).not.toMatch(/Seq Scan on (sessions|conversations)/);
  });
});
