import { randomBytes } from 'node:crypto';
import { aConversation } from '../../../../test/factories/rows';
import { type TestDatabase, testDatabase } from '../../../../test/support/database';
import { CachedAnswersRepository } from './persistence/cached-answers.repository';

describe('cached answers in PostgreSQL', () => {
  let db: TestDatabase;
  let answers: CachedAnswersRepository;

  beforeAll(async () => {
    db = await testDatabase();
    answers = new CachedAnswersRepository(db.database);
  });
  afterAll(async () => db.close());
  beforeEach(() => db.database.query('DELETE FROM cached_answers'));

  interface Turn {
    personaId: number;
    conversationId: number;
    turnId: number;
    attempt: number;
  }

  const aTurn = async (status = 'completed'): Promise<Turn> => {
    const { conversationId, personaId } = await aConversation(db.database);
    const [row] = await db.database.query<{ id: number }>(
      `WITH message AS (
         INSERT INTO messages (workspace_id, conversation_id, seq, role, status, content)
         SELECT workspace_id, id, 1, 'user', 'sent', 'x' FROM conversations WHERE id = $1 RETURNING id, workspace_id
       )
       INSERT INTO turns (workspace_id, conversation_id, user_message_id, user_seq, status, attempt, finished_at)
       SELECT workspace_id, $1, id, 1, $2::varchar, 1, CASE WHEN $2::varchar = 'running' THEN NULL ELSE now() END FROM message RETURNING id`,
      [conversationId, status],
    );
    return { personaId, conversationId, turnId: row!.id, attempt: 1 };
  };
  const keep = async (
    { personaId, turnId, attempt }: Turn,
    ownKey: Buffer,
    {
      content = 'Hi',
      ttlSeconds = 60,
      sharedKey = ownKey,
    }: { content?: string; ttlSeconds?: number; sharedKey?: Buffer } = {},
  ): Promise<void> =>
    answers.store({ personaId, turnId, attempt, ownKey, sharedKey, content, model: 'm', confidence: 0.75, ttlSeconds });
  const aKey = (): Buffer => randomBytes(32);

  it('only what has become the reply of its turn is kept', async () => {
    const key = aKey();
    const running = await aTurn('running');
    await keep(running, key);
    const done = await aTurn();
    await keep({ ...done, attempt: 2 }, key);
    expect(await answers.find({ ...done, ownKey: key, sharedKey: key })).toBeUndefined();
    await keep(done, key);
    expect(await answers.find({ ...done, ownKey: key, sharedKey: key })).toEqual({
      content: 'Hi',
      model: 'm',
      confidence: 0.75,
    });
  });

  it('an answer that was made of a message which was erased meanwhile is not kept', async () => {
    const [turn, key] = [await aTurn(), aKey()];
    const [, other] = [await keep(turn, aKey()), await aTurn()];
    const erase = (conversationId: number, deletedAt: string): Promise<unknown> =>
      db.database.query(
        `INSERT INTO messages (workspace_id, conversation_id, seq, role, status, content, deleted_at)
         SELECT workspace_id, id, 9, 'user', 'sent', '', now() + $2::interval FROM conversations WHERE id = $1`,
        [conversationId, deletedAt],
      );
    await erase(turn.conversationId, '0 s');
    await keep(turn, key);
    expect(await answers.find({ ...turn, ownKey: key, sharedKey: key })).toBeUndefined();
    // What was erased long before is not in the prompt.
    await erase(other.conversationId, '-2 h');
    await keep(other, key);
    expect(await answers.find({ ...other, ownKey: key, sharedKey: key })).toBeDefined();
  });

  it('the shared key counts as long as the persona is visible to its workspace', async () => {
    const [turn, ownKey, sharedKey, stranger] = [await aTurn(), aKey(), aKey(), aKey()];
    const show = (visibility: string): Promise<unknown> =>
      db.database.query('UPDATE personas SET visibility = $2 WHERE id = $1', [turn.personaId, visibility]);
    await keep(turn, ownKey, { sharedKey });
    expect(await answers.find({ ...turn, ownKey: stranger, sharedKey })).toBeUndefined();
    expect(await answers.find({ ...turn, ownKey, sharedKey })).toBeDefined();
    await show('workspace');
    expect(await answers.find({ ...turn, ownKey, sharedKey })).toBeUndefined();
    await keep(turn, ownKey, { sharedKey });
    expect(await answers.find({ ...turn, ownKey: stranger, sharedKey })).toBeDefined();
    await show('private');
    expect(await answers.find({ ...turn, ownKey: stranger, sharedKey })).toBeUndefined();
  });

  it('a newer answer takes the place of the one before, with its own time and origin', async () => {
    const [one, other, key] = [await aTurn(), await aTurn(), aKey()];
    await keep(one, key);
    await keep({ ...other, personaId: one.personaId }, key, { content: 'Hello' });
    expect(await answers.find({ ...one, ownKey: key, sharedKey: key })).toMatchObject({
      content: 'Hello',
      confidence: 0.75,
    });
    await db.database.query('DELETE FROM conversations WHERE id = $1', [one.conversationId]);
    expect(await answers.find({ ...one, ownKey: key, sharedKey: key })).toBeDefined();
    await db.database.query('DELETE FROM conversations WHERE id = $1', [other.conversationId]);
    expect(await answers.find({ ...one, ownKey: key, sharedKey: key })).toBeUndefined();
  });

  it('the clean-up removes what has run out, and the oldest of what is too much', async () => {
    const turn = await aTurn();
    const [out, first, second, third] = [aKey(), aKey(), aKey(), aKey()];
    await keep(turn, out, { ttlSeconds: -1 });
    for (const key of [first, second, third]) await keep(turn, key);
    expect(await answers.removeExpired(10)).toBe(1);
    expect(await answers.workspacesOver(3)).toEqual([]);
    const [workspaceId] = await answers.workspacesOver(2);
    await answers.removeOldest(workspaceId!, 2);
    const isThere = async (key: Buffer): Promise<boolean> =>
      (await answers.find({ ...turn, ownKey: key, sharedKey: key })) !== undefined;
    expect([await isThere(first), await isThere(second), await isThere(third)]).toEqual([false, true, true]);
  });

  it('is found by its key in a table of 100,000, and the oldest of a workspace by an index', async () => {
    const turn = await aTurn();
    await db.database.query(
      `INSERT INTO cached_answers (key, workspace_id, conversation_id, user_seq, content, model, created_at, expires_at)
       SELECT sha256(n::text::bytea), n % 20, $1, 1, repeat('x', 300), 'm', now() - n * interval '1 second', now() + interval '1 day'
       FROM generate_series(1, 100000) n`,
      [turn.conversationId],
    );
    await db.database.query('ANALYZE cached_answers');
    const plan = await db.database.query<{ 'QUERY PLAN': string }>(
      `EXPLAIN SELECT content FROM cached_answers WHERE key = CASE WHEN EXISTS (SELECT 1 FROM personas p WHERE p.id = 1 AND p.visibility = 'workspace')
         THEN '\\x00'::bytea ELSE '\\x01'::bytea END AND expires_at > now()`,
    );
    expect(plan.map((row) => row['QUERY PLAN']).join('\n')).toContain('Index Scan using cached_answers_pkey');
    const oldest = await db.database.query<{ 'QUERY PLAN': string }>(
      `EXPLAIN SELECT key FROM cached_answers WHERE workspace_id = 3 ORDER BY created_at DESC OFFSET 10000`,
    );
    expect(oldest.map((row) => row['QUERY PLAN']).join('\n')).toContain('cached_answers_workspace_idx');
  });
});
