import { aSessionRow, aTurnRow, type SessionRows } from '../../../../../test/factories/sessions';
import { type TestDatabase, testDatabase } from '../../../../../test/support/database';
import { SessionEndingsRepository } from '../../timeouts/persistence/session-endings.repository';
import { SessionSummariesRepository } from './session-summaries.repository';

const HOLD_MS = 60_000;

describe('summaries of sessions in PostgreSQL', () => {
  let db: TestDatabase;
  let summaries: SessionSummariesRepository;
  let endings: SessionEndingsRepository;

  beforeAll(async () => {
    db = await testDatabase();
    summaries = new SessionSummariesRepository(db.database);
    endings = new SessionEndingsRepository(db.database);
  });
  afterAll(() => db.close());

  const anEndedSession = async (): Promise<SessionRows> => {
    const session = await aSessionRow(db.database);
    await aTurnRow(db.database, session, false);
    await endings.end(session.sessionId, 'ended', true);
    return session;
  };
  const stored = async ({ sessionId }: SessionRows): Promise<unknown> =>
    (
      await db.database.query(
        `SELECT summary, summary_status AS status, summary_seq AS seq FROM sessions WHERE id = $1`,
        [sessionId],
      )
    )[0];

  it('one of many claims a session; what it writes is kept', async () => {
    const session = await anEndedSession();
    const claims = await Promise.all(Array.from({ length: 8 }, () => summaries.claim(session.sessionId, HOLD_MS)));
    const [ticket, ...others] = claims.filter((claim) => claim !== undefined);
    expect(others).toEqual([]);
    expect(ticket).toMatchObject({ conversationId: session.conversationId, attempts: 1, lastSeq: 1, goals: [] });
    expect(await summaries.store(ticket!, 'sealed')).toBe(true);
    expect(await stored(session)).toEqual({ summary: 'sealed', status: 'written', seq: 1 });
    expect(await summaries.claim(session.sessionId, HOLD_MS)).toBeUndefined();
  });

  it('is not kept when the session was reopened meanwhile, or the ticket ran out and somebody else has one', async () => {
    const session = await anEndedSession();
    const late = (await summaries.claim(session.sessionId, 0))!;
    const ours = (await summaries.claim(session.sessionId, HOLD_MS))!;
    expect(ours.attempts).toBe(2);
    expect(await summaries.store(late, 'late')).toBe(false);
    await endings.reopen(session.sessionId);
    expect(await summaries.store(ours, 'ours')).toBe(false);
    await aTurnRow(db.database, session, false);
    await endings.end(session.sessionId, 'ended', true);
    expect(await summaries.store(ours, 'ours')).toBe(false);
    expect((await summaries.claim(session.sessionId, HOLD_MS))!.attempts).toBe(1);
  });

  it('waits while something is being answered', async () => {
    const session = await aSessionRow(db.database);
    await aTurnRow(db.database, session, true);
    await endings.end(session.sessionId, 'ended', true);
    expect(await summaries.claim(session.sessionId, HOLD_MS)).toBeUndefined();
    await db.database.query(`UPDATE turns SET status = 'completed', finished_at = now() WHERE conversation_id = $1`, [
      session.conversationId,
    ]);
    expect(await summaries.claim(session.sessionId, HOLD_MS)).toBeDefined();
  });

  it('is found again after its pause, until it is settled', async () => {
    const session = await anEndedSession();
    const due = async (): Promise<boolean> => (await summaries.findDue(-10, 1_000)).includes(session.sessionId);
    expect(await due()).toBe(true);
    const ticket = (await summaries.claim(session.sessionId, HOLD_MS))!;
    expect(await due()).toBe(false);
    await summaries.postpone(ticket, 0, ticket.attempts);
    expect(await due()).toBe(true);
    await summaries.settle(ticket, 'failed');
    expect(await due()).toBe(false);
    expect(await stored(session)).toMatchObject({ status: 'failed', summary: null });
  });
});
