import { aConversation } from '../../../../test/factories/rows';
import { conversationRepositories } from '../../../../test/support/encryption';
import { type TestDatabase, testDatabase } from '../../../../test/support/database';
import { PlanReader } from '../../../../test/support/plans';
import type { FollowedState } from './followed.repository';
import { aMessage } from './turns.spec-support';

interface Talk {
  conversationId: number;
  userId: number;
}

describe('conversations that somebody follows, in PostgreSQL', () => {
  let db: TestDatabase;
  let repositories: ReturnType<typeof conversationRepositories>;

  beforeAll(async () => {
    db = await testDatabase();
    repositories = conversationRepositories(db.database);
  });
  afterAll(() => db.close());

  const read = async ({ conversationId }: Talk, afterSeq: number | null): Promise<FollowedState> =>
    (await repositories.followed.read([{ conversationId, afterSeq }]))[0]!;
  const seqsOf = ({ messages }: FollowedState): number[] => messages.map(({ seq }) => seq);
  const numbers = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, n) => from + n);
  const write = async ({ conversationId }: Talk, count: number): Promise<void> => {
    await db.database.query(
      `INSERT INTO messages (workspace_id, conversation_id, seq, role, status, content)
       SELECT workspace_id, id, n, 'user', 'sent', 'message ' || n FROM conversations CROSS JOIN generate_series(1, $2::integer) n WHERE id = $1`,
      [conversationId, count],
    );
    await db.database.query('UPDATE conversations SET last_seq = $2, message_count = $2 WHERE id = $1', [
      conversationId,
      count,
    ]);
  };
  const say = async (talk: Talk, content: string, fields: { isEncrypted?: boolean; idempotencyKey?: string } = {}) =>
    (await repositories.turns.accept(
      aMessage(talk, content, {
        requestHash: fields.idempotencyKey === undefined ? null : Buffer.alloc(32),
        ...fields,
      }),
    ))!;

  it('without a place, somebody gets the newest fifty, and is told of more only when there are', async () => {
    const talk = await aConversation(db.database);
    await write(talk, 50);
    const all = await read(talk, null);
    expect(seqsOf(all)).toEqual(numbers(1, 50));
    expect(all).toMatchObject({ lastSeq: 50, openTurnId: null, hasMore: false });
    const longer = await aConversation(db.database);
    await write(longer, 51);
    const newest = await read(longer, null);
    expect(seqsOf(newest)).toEqual(numbers(2, 51));
    expect(newest).toMatchObject({ lastSeq: 51, hasMore: true });
  });

  it('with a place, they get exactly what came after it, two hundred at a time', async () => {
    const talk = await aConversation(db.database);
    await write(talk, 202);
    const first = await read(talk, 1);
    expect(seqsOf(first)).toEqual(numbers(2, 201));
    expect(first.hasMore).toBe(true);
    const second = await read(talk, 201);
    expect(seqsOf(second)).toEqual([202]);
    expect(second.hasMore).toBe(false);
    expect(await read(talk, 2)).toMatchObject({ hasMore: false });
    expect(await read(talk, 202)).toEqual({
      lastSeq: 202,
      openTurnId: null,
      owner: 'ai',
      isPersonAwaited: false,
      messages: [],
      hasMore: false,
    });
    expect(seqsOf(await read(talk, 100_000))).toEqual([]);
  });

  it('what was deleted is left out, and its place stays', async () => {
    const talk = await aConversation(db.database);
    await write(talk, 4);
    await db.database.query(
      `UPDATE messages SET deleted_at = now(), content = '' WHERE conversation_id = $1 AND seq IN (2, 4)`,
      [talk.conversationId],
    );
    expect(seqsOf(await read(talk, null))).toEqual([1, 3]);
    expect(await read(talk, 3)).toMatchObject({ lastSeq: 4, messages: [] });
  });

  it('many are read at once and answered in their order, also one twice, one that is empty, and one that is not there', async () => {
    const [one, other, empty] = [
      await aConversation(db.database),
      await aConversation(db.database),
      await aConversation(db.database),
    ];
    await write(one, 3);
    await write(other, 2);
    const states = await repositories.followed.read([
      { conversationId: other.conversationId, afterSeq: 1 },
      { conversationId: 987_654_321, afterSeq: null },
      { conversationId: one.conversationId, afterSeq: null },
      { conversationId: empty.conversationId, afterSeq: null },
      { conversationId: other.conversationId, afterSeq: null },
    ]);
    expect(states.map((state) => state && seqsOf(state))).toEqual([[2], undefined, [1, 2, 3], [], [1, 2]]);
    expect(await repositories.followed.read([])).toEqual([]);
  });

  it('the oldest open turn is told, and with a message of theirs the key that it came with', async () => {
    const talk = await aConversation(db.database);
    const first = await say(talk, 'one', { idempotencyKey: 'k1' });
    await say(talk, 'two');
    const state = await read(talk, null);
    expect(state.openTurnId).toBe(first.turnId);
    expect(state.messages.map(({ content, idempotency_key: key }) => [content, key])).toEqual([
      ['one', 'k1'],
      ['two', null],
    ]);
  });

  it('what is encrypted is read in the clear', async () => {
    const talk = await aConversation(db.database);
    await db.database.query('UPDATE conversations SET is_encrypted = true WHERE id = $1', [talk.conversationId]);
    await say(talk, 'a secret', { isEncrypted: true });
    expect((await read(talk, null)).messages).toMatchObject([{ content: 'a secret', encryption_key: 'test' }]);
  });

  it('in a big table it is found by looks into indexes', async () => {
    const talk = await aConversation(db.database);
    await write(talk, 20_000);
    for (const table of ['messages', 'conversations', 'turns']) await db.database.query(`ANALYZE ${table}`);
    const reader = new PlanReader(db.dataSource);
    await conversationRepositories(reader).followed.read([{ conversationId: talk.conversationId, afterSeq: null }]);
    const plan = reader.take();
    expect(plan).toContain('messages_conversation_seq');
    expect(plan).not.toContain('Seq Scan on messages');
  });
});
