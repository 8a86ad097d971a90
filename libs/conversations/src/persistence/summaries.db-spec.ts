import { Database } from '@app/platform';
import { aConversation } from '../../../../test/factories/rows';
import { conversationRepositories } from '../../../../test/support/encryption';
import { type TestDatabase, testDatabase } from '../../../../test/support/database';
import { eventually } from '../../../../test/support/process';
import { type NewSummary, SummariesRepository, type SummaryClaim } from './summaries.repository';

const HOLD_MS = 60_000;
const aSummary = (change: Partial<NewSummary> = {}): NewSummary => ({
  content: 'Dana runs.',
  throughSeq: 9,
  tokens: 4,
  model: 'gpt-6-luna',
  ...change,
});

describe('summaries in PostgreSQL', () => {
  let db: TestDatabase;
  let summaries: SummariesRepository;
  let conversationId: number;
  let userId: number;

  beforeAll(async () => {
    db = await testDatabase();
    ({ summaries } = conversationRepositories(db.database));
  });
  afterAll(async () => db.close());
  beforeEach(async () => ({ conversationId, userId } = await aConversation(db.database)));

  const claim = async (): Promise<SummaryClaim> => (await summaries.claim(conversationId, HOLD_MS))!;
  const stored = async (): Promise<string | undefined> => (await summaries.findOwned(userId, conversationId))?.content;
  /** One that is there and can be claimed again. */
  const store = async (summary: NewSummary = aSummary()): Promise<void> => {
    expect(await summaries.store(conversationId, await claim(), summary)).toBe(true);
  };

  it('one of many claims a conversation, and the next only when that one has given it back', async () => {
    const claims = await Promise.all(Array.from({ length: 10 }, () => summaries.claim(conversationId, HOLD_MS)));
    const [winner, ...others] = claims.filter((one) => one !== undefined);
    expect(others).toEqual([]);
    expect(winner).toMatchObject({ content: '', throughSeq: 0, failures: 0 });
    await summaries.giveBack(conversationId, winner!.revision, null);
    expect(await claim()).toMatchObject({ failures: 0 });
  });

  it('a claim of a worker that died ends by itself', async () => {
    await summaries.claim(conversationId, 0);
    expect(await summaries.claim(conversationId, 0)).toBeDefined();
  });

  it('after a failure it can be claimed when the pause has passed, and failures are counted until one succeeds', async () => {
    await summaries.giveBack(conversationId, (await claim()).revision, { delayMs: HOLD_MS });
    expect(await summaries.claim(conversationId, HOLD_MS)).toBeUndefined();
    await db.database.query('UPDATE conversation_summaries SET not_before = now() WHERE conversation_id = $1', [
      conversationId,
    ]);
    const again = await claim();
    expect(again.failures).toBe(1);
    await summaries.store(conversationId, again, aSummary());
    expect(await claim()).toMatchObject({ failures: 0, content: 'Dana runs.', throughSeq: 9 });
  });

  it('a claim that is not there any more can neither store nor give back', async () => {
    const first = await claim();
    await summaries.store(conversationId, first, aSummary());
    expect(await summaries.store(conversationId, first, aSummary({ content: 'late' }))).toBe(false);
    const second = await claim();
    await summaries.giveBack(conversationId, first.revision, { delayMs: 0 });
    expect(await summaries.claim(conversationId, HOLD_MS)).toBeUndefined();
    expect(second.failures).toBe(0);
    expect(await stored()).toBe('Dana runs.');
  });

  it('is dropped when something that it covers is erased, and stays when something behind it is', async () => {
    await store();
    await summaries.forget(conversationId, 11);
    expect(await stored()).toBe('Dana runs.');
    await summaries.forget(conversationId, 9);
    expect(await stored()).toBeUndefined();
    const [row] = await db.database.query<object>('SELECT * FROM conversation_summaries WHERE conversation_id = $1', [
      conversationId,
    ]);
    expect(row).toMatchObject({ content: '', through_seq: 0, tokens: null, model: null });
    expect(await claim()).toMatchObject({ content: '', throughSeq: 0 });
  });

  it('one that is being made while something is erased is not stored, whether it would have been the first or not', async () => {
    const first = await claim();
    await summaries.forget(conversationId, 1);
    expect(await summaries.store(conversationId, first, aSummary())).toBe(false);
    expect(await stored()).toBeUndefined();
    await store();
    const next = await claim();
    // Behind what is stored, but inside of what is being summarised.
    await summaries.forget(conversationId, 13);
    expect(await summaries.store(conversationId, next, aSummary({ throughSeq: 15 }))).toBe(false);
    expect(await stored()).toBe('Dana runs.');
    expect(await claim()).toBeDefined();
  });

  it('storing waits for an erasure that is under way, and is then refused', async () => {
    const claimed = await claim();
    let storing: Promise<boolean> | undefined;
    await db.database.transaction(async () => {
      await summaries.forget(conversationId, 1);
      // A `Database` of its own is not in this transaction.
      const outside = new Database(db.dataSource);
      storing = conversationRepositories(outside).summaries.store(conversationId, claimed, aSummary());
      await eventually(async () => {
        const waiting = await outside.query(
          `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
        );
        return waiting.length > 0 ? true : undefined;
      }, 'the store to wait for the lock');
    });
    expect(await storing).toBe(false);
  });

  it('goes with its conversation, and cannot be claimed for one that is gone', async () => {
    await store();
    await db.database.query('DELETE FROM conversations WHERE id = $1', [conversationId]);
    expect(await db.database.query('SELECT 1 FROM conversation_summaries WHERE conversation_id = $1', [conversationId])).toEqual([]); // prettier-ignore
    expect(await summaries.claim(conversationId, HOLD_MS)).toBeUndefined();
  });

  it('is shown to the owner of the conversation only', async () => {
    await store();
    expect(await summaries.findOwned(userId + 1, conversationId)).toBeUndefined();
    expect(await summaries.findOwned(userId, conversationId)).toMatchObject({ through_seq: 9, tokens: 4 });
  });

  it('takes 4,000 characters and no more', async () => {
    const claimed = await claim();
    await expect(summaries.store(conversationId, claimed, aSummary({ content: 'x'.repeat(4_001) }))).rejects.toThrow(
      'conversation_summaries_length',
    );
    expect(await summaries.store(conversationId, claimed, aSummary({ content: '😀'.repeat(2_000) }))).toBe(true);
  });
});
