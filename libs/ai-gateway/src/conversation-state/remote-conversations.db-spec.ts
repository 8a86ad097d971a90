import { aConversation } from '../../../../test/factories/rows';
import { type TestDatabase, testDatabase } from '../../../../test/support/database';
import { RemoteConversationsRepository } from './persistence/remote-conversations.repository';
import { RemoteRemovalsRepository } from './persistence/remote-removals.repository';

const UPSTREAM = 'http://127.0.0.1/v1';
const TOKEN = 7;

describe('remote conversations in PostgreSQL', () => {
  let db: TestDatabase;
  let remotes: RemoteConversationsRepository;
  let removals: RemoteRemovalsRepository;
  let count = 0;

  beforeAll(async () => {
    db = await testDatabase();
    remotes = new RemoteConversationsRepository(db.database);
    removals = new RemoteRemovalsRepository(db.database);
  });
  afterAll(async () => db.close());
  beforeEach(async () => {
    await db.database.query(
      'UPDATE conversations SET openai_conversation_id = NULL, openai_conversation_turn_id = NULL, openai_conversation_upstream = NULL, openai_conversation_created_at = NULL, openai_conversation_used_at = NULL WHERE openai_conversation_id IS NOT NULL',
    );
    await db.database.query('DELETE FROM openai_conversation_removals');
  });

  /** A conversation under a lease, with a turn that this attempt has ended. */
  const aLeased = async (): Promise<{ conversationId: number; turnId: number; token: number; userId: number }> => {
    const { conversationId, userId } = await aConversation(db.database);
    await db.database.query(
      `INSERT INTO conversation_leases (conversation_id, owner, token, expires_at) VALUES ($1, 'w', $2, now() + interval '1 minute')`,
      [conversationId, TOKEN],
    );
    return { conversationId, userId, token: TOKEN, turnId: await aTurn(conversationId, 1) };
  };
  const aTurn = async (conversationId: number, seq: number, status = 'completed'): Promise<number> => {
    const [row] = await db.database.query<{ id: number }>(
      `WITH message AS (
         INSERT INTO messages (workspace_id, conversation_id, seq, role, status, content)
         SELECT workspace_id, id, $2, 'user', 'sent', 'x' FROM conversations WHERE id = $1 RETURNING id, workspace_id
       )
       INSERT INTO turns (workspace_id, conversation_id, user_message_id, user_seq, status, attempt, finished_at)
       SELECT workspace_id, $1, id, $2, $3::varchar, 1, CASE WHEN $3::varchar IN ('pending', 'running') THEN NULL ELSE now() END FROM message RETURNING id`,
      [conversationId, seq, status],
    );
    return row!.id;
  };
  const freshId = (): string => `conv_${(count += 1)}`;
  const map = async (conversationId: number, token = TOKEN): Promise<{ id: string; isMapped: boolean }> => {
    const id = freshId();
    return {
      id,
      isMapped: await remotes.map(
        { conversationId, openaiConversationId: id, upstream: UPSTREAM, redaction: null },
        token,
      ),
    };
  };
  const toBeRemoved = async (): Promise<string[]> =>
    (
      await db.database.query<{ id: string }>(
        'SELECT openai_conversation_id AS id FROM openai_conversation_removals ORDER BY id',
      )
    ).map(({ id }) => id);

  it('is used only if it holds exactly the history, and is doubtful from then on until the reply is committed', async () => {
    const turn = await aLeased();
    const { id } = await map(turn.conversationId);
    expect(await remotes.use(turn, 0, UPSTREAM, null)).toBeNull();
    await remotes.holds(turn.conversationId, id, turn.turnId, 1);
    expect(await remotes.use(turn, turn.turnId + 1, UPSTREAM, null)).toBeNull();
    expect(await remotes.use(turn, turn.turnId, 'http://elsewhere/v1', null)).toBeNull();
    expect(await remotes.use(turn, turn.turnId, UPSTREAM, 'hides something')).toBeNull();
    expect(await remotes.use({ ...turn, token: TOKEN - 1 }, turn.turnId, UPSTREAM, null)).toBeNull();
    expect(await remotes.use(turn, turn.turnId, UPSTREAM, null)).toBe(id);
    expect(await remotes.use(turn, turn.turnId, UPSTREAM, null)).toBeNull();
    expect(await toBeRemoved()).toEqual([]);
  });

  it('holds a turn only when this very attempt has completed it', async () => {
    const turn = await aLeased();
    const { id } = await map(turn.conversationId);
    const cancelled = await aTurn(turn.conversationId, 2, 'cancelled');
    await remotes.holds(turn.conversationId, id, cancelled, 1);
    await remotes.holds(turn.conversationId, id, turn.turnId, 2);
    await remotes.holds(turn.conversationId, 'conv_other', turn.turnId, 1);
    expect((await remotes.find(turn.conversationId))?.holdsTurnId).toBeNull();
    await remotes.holds(turn.conversationId, id, turn.turnId, 1);
    expect((await remotes.find(turn.conversationId))?.holdsTurnId).toBe(turn.turnId);
  });

  it('a refused call leaves it as it was; a worker whose lease is gone cannot say so', async () => {
    const turn = await aLeased();
    const { id } = await map(turn.conversationId);
    await remotes.stillHolds({ ...turn, token: TOKEN - 1 }, id, 0);
    expect(await remotes.use(turn, 0, UPSTREAM, null)).toBeNull();
    await remotes.stillHolds(turn, id, 0);
    expect(await remotes.use(turn, 0, UPSTREAM, null)).toBe(id);
  });

  it('the one before is to be removed in the same breath as a new one takes its place', async () => {
    const turn = await aLeased();
    const first = await map(turn.conversationId);
    const second = await map(turn.conversationId);
    expect([first.isMapped, second.isMapped]).toEqual([true, true]);
    expect((await remotes.find(turn.conversationId))?.openaiConversationId).toBe(second.id);
    expect(await toBeRemoved()).toEqual([first.id]);
  });

  it('one that was made by a worker without the lease is not taken into use, and is to be removed', async () => {
    const turn = await aLeased();
    const { id, isMapped } = await map(turn.conversationId, TOKEN - 1);
    expect(isMapped).toBe(false);
    expect(await remotes.find(turn.conversationId)).toBeUndefined();
    expect(await toBeRemoved()).toEqual([id]);
  });

  it('one remote conversation stands for one of ours only', async () => {
    const [one, other] = [await aLeased(), await aLeased()];
    const { id } = await map(one.conversationId);
    const mapping = {
      conversationId: other.conversationId,
      openaiConversationId: id,
      upstream: UPSTREAM,
      redaction: null,
    };
    await expect(remotes.map(mapping, TOKEN)).rejects.toThrow(/conversations_openai_conversation_id_key/);
  });

  it.each([
    ['the conversation', 'DELETE FROM conversations WHERE id = $1'],
    ['the user', 'DELETE FROM users WHERE id = (SELECT user_id FROM conversations WHERE id = $1)'],
  ])('erasing %s hands it to removal, and taking that back does not', async (_what, statement) => {
    const turn = await aLeased();
    const { id } = await map(turn.conversationId);
    await db.database
      .transaction(async () => {
        // Personas of the user are in the way of erasing them.
        await db.database.query(
          'UPDATE personas SET owner_id = NULL, visibility = $2, workspace_id = (SELECT id FROM workspaces WHERE is_default) WHERE owner_id = (SELECT user_id FROM conversations WHERE id = $1)',
          [turn.conversationId, 'workspace'],
        );
        await db.database.query(statement, [turn.conversationId]);
        throw new Error('rolled back');
      })
      .catch(() => undefined);
    expect(await toBeRemoved()).toEqual([]);
    await db.database.query(
      'UPDATE personas SET owner_id = NULL, visibility = $2, workspace_id = (SELECT id FROM workspaces WHERE is_default) WHERE owner_id = (SELECT user_id FROM conversations WHERE id = $1)',
      [turn.conversationId, 'workspace'],
    );
    await db.database.query(statement, [turn.conversationId]);
    expect(await toBeRemoved()).toEqual([id]);
  });

  it('is doubtful after something that it holds was superseded', async () => {
    const turn = await aLeased();
    const { id } = await map(turn.conversationId);
    await remotes.holds(turn.conversationId, id, turn.turnId, 1);
    await db.database.query('UPDATE turns SET is_current = false WHERE id = $1', [turn.turnId]);
    expect((await remotes.find(turn.conversationId))?.holdsTurnId).toBeNull();
  });

  it('one made by request is adopted only while nothing is answered and the history is what it was', async () => {
    const turn = await aLeased();
    const mapping = {
      conversationId: turn.conversationId,
      openaiConversationId: freshId(),
      upstream: UPSTREAM,
      redaction: null,
    };
    expect(await remotes.adopt(mapping, turn.turnId, turn.turnId + 1)).toBe(false);
    const open = await aTurn(turn.conversationId, 2, 'running');
    expect(await remotes.adopt(mapping, turn.turnId, turn.turnId)).toBe(false);
    await db.database.query(`UPDATE turns SET status = 'cancelled', finished_at = now() WHERE id = $1`, [open]);
    expect(await remotes.adopt(mapping, turn.turnId, turn.turnId)).toBe(true);
    expect((await remotes.find(turn.conversationId))?.holdsTurnId).toBe(turn.turnId);
  });

  it('forgets those that were not used for so many days, and no others', async () => {
    const [old, fresh] = [await aLeased(), await aLeased()];
    const { id } = await map(old.conversationId);
    await map(fresh.conversationId);
    await db.database.query(
      `UPDATE conversations SET openai_conversation_used_at = now() - interval '31 days' WHERE id = $1`,
      [old.conversationId],
    );
    expect(await remotes.forgetInactive(30, 10)).toBe(1);
    expect(await remotes.find(old.conversationId)).toBeUndefined();
    expect(await remotes.find(fresh.conversationId)).toBeDefined();
    expect(await toBeRemoved()).toEqual([id]);
  });

  it('removals are taken by one at a time, come back later after a failure, and are counted', async () => {
    for (let index = 0; index < 4; index += 1) await removals.add(freshId(), UPSTREAM);
    await removals.add('conv_twice', UPSTREAM);
    await removals.add('conv_twice', UPSTREAM);
    const [first, second] = await Promise.all([removals.takeDue(3), removals.takeDue(3)]);
    expect(new Set([...first, ...second].map(({ id }) => id)).size).toBe(5);
    expect(first.length + second.length).toBe(5);
    expect(await removals.takeDue(3)).toEqual([]);
    const [failing, ...others] = [...first, ...second];
    for (const { id } of others) await removals.done(id);
    const waits: number[] = [];
    for (let attempt = 2; attempt <= 14; attempt += 1) {
      // In one transaction it is the same time.
      const [row] = await db.database.transaction(async () => {
        await removals.failed(failing!.id, 'UPSTREAM.OVERLOADED');
        return db.database.query<{ seconds: number }>(
          'SELECT round(extract(epoch FROM not_before - now()))::integer AS seconds FROM openai_conversation_removals WHERE id = $1',
          [failing!.id],
        );
      });
      waits.push(row!.seconds);
      await db.database.query('UPDATE openai_conversation_removals SET not_before = now()');
      expect((await removals.takeDue(3)).map(({ attempts }) => attempts)).toEqual([attempt]);
    }
    expect(waits.slice(0, 4)).toEqual([30, 60, 120, 240]);
    expect(waits.at(-1)).toBe(6 * 3600);
    expect(await removals.backlog()).toEqual({ waiting: 1, failing: 1 });
  });
});
