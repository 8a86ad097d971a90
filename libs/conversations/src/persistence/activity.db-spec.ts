import { aConversation } from '../../../../test/factories/rows';
import { type TestDatabase, testDatabase } from '../../../../test/support/database';
import { ActivityRepository } from './activity.repository';

describe('what goes on, in numbers', () => {
  let db: TestDatabase;
  let activity: ActivityRepository;

  beforeEach(async () => {
    db = await testDatabase();
    activity = new ActivityRepository(db.database);
  });
  afterEach(() => db.close());

  /** A message that came some minutes ago and was answered after `tookMs`; null: it still waits. */
  async function aTurn(conversationId: number, seq: number, tookMs: number | null, minutesAgo = 1): Promise<void> {
    await db.database.query(
      `WITH said AS (
         INSERT INTO messages (workspace_id, conversation_id, seq, role, status, content)
         SELECT workspace_id, id, $2, 'user', 'sent', 'Hi' FROM conversations WHERE id = $1 RETURNING id, workspace_id
       )
       INSERT INTO turns (workspace_id, conversation_id, user_message_id, user_seq, status, created_at, finished_at)
       SELECT workspace_id, $1, id, $2, CASE WHEN $3::integer IS NULL THEN 'pending' ELSE 'completed' END, now() - $4::integer * interval '1 minute',
         now() - $4::integer * interval '1 minute' + $3::integer * interval '1 millisecond' FROM said`,
      [conversationId, seq, tookMs, minutesAgo],
    );
  }

  it('is nothing in an empty installation', async () => {
    expect(await activity.now()).toEqual({ openTurns: 0, answers: 0, p50Ms: null, p95Ms: null });
  });

  it('counts what waits, and times what was answered in the last minutes only', async () => {
    const { conversationId } = await aConversation(db.database);
    for (const [index, tookMs] of [100, 200, 300, 400, 1000].entries()) await aTurn(conversationId, index + 1, tookMs);
    await aTurn(conversationId, 6, 60_000, 10);
    await aTurn(conversationId, 7, null);
    expect(await activity.now()).toEqual({ openTurns: 1, answers: 5, p50Ms: 300, p95Ms: 880 });
  });
});
