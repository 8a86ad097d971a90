import { aPersona, aUser } from '../../../../test/factories/rows';
import { conversationRepositories } from '../../../../test/support/encryption';
import { type TestDatabase, testDatabase } from '../../../../test/support/database';
import { ConversationsRepository } from './conversations.repository';
import { MessagesRepository } from './messages.repository';

describe('conversations in PostgreSQL', () => {
  let db: TestDatabase;
  let conversations: ConversationsRepository;
  let messages: MessagesRepository;

  beforeAll(async () => {
    db = await testDatabase();
    ({ conversations, messages } = conversationRepositories(db.database));
  });
  afterAll(async () => db.close());

  const someConversations = async (count: number): Promise<{ userId: number; personaId: number; ids: number[] }> => {
    const owner = await aUser(db.database);
    const personaId = await aPersona(db.database, owner);
    const ids: number[] = [];
    for (let index = 0; index < count; index += 1) {
      ids.push(await conversations.create({ ...owner, personaId, title: `c${index}`, isTitleGenerated: false }));
    }
    return { userId: owner.userId, personaId, ids };
  };
  const addMessages = (conversationId: number, count: number) =>
    db.database.query(
      `INSERT INTO messages (workspace_id, conversation_id, seq, role, status, content)
       SELECT 1, $1, n, 'user', 'sent', 'm' || n FROM generate_series(1, $2) n`,
      [conversationId, count],
    );

  it('lists page by page without gaps and doubles, also where times are equal to the microsecond', async () => {
    const { userId, ids } = await someConversations(7);
    await db.database.query(
      `UPDATE conversations SET updated_at = '2026-11-21 06:03:08.837123+00' WHERE user_id = $1 AND id <> $2`,
      [userId, ids[0]],
    );
    const seen: number[] = [];
    let after: { atMicros: number; id: number } | undefined;
    for (;;) {
      const rows = await conversations.list(userId, { limit: 2, after });
      if (rows.length === 0) break;
      seen.push(...rows.map((row) => row.id));
      const last = rows.at(-1)!;
      after = { atMicros: last.updated_at_micros, id: last.id };
    }
    expect(seen).toEqual([ids[0], ...ids.slice(1).reverse()]);
  });

  it('filters by persona, and shows the newest message that is not deleted', async () => {
    const { userId, personaId, ids } = await someConversations(1);
    await addMessages(ids[0]!, 3);
    await db.database.query('UPDATE conversations SET message_count = 3 WHERE id = $1', [ids[0]]);
    await messages.bury(userId, (await messages.page(ids[0]!, { limit: 10 })).at(-1)!.id);
    expect(await conversations.list(userId, { limit: 10, personaId: personaId + 1_000_000 })).toEqual([]);
    const [row] = await conversations.list(userId, { limit: 10, personaId });
    expect(row?.last_message).toMatchObject({ content: 'm2', seq: 2 });
  });

  it('pages messages backwards and forwards in ascending order, and leaves tombstones out', async () => {
    const { userId, ids } = await someConversations(1);
    const conversation = ids[0]!;
    await addMessages(conversation, 10);
    const seqs = async (page: { limit: number; beforeSeq?: number; afterSeq?: number }) =>
      (await messages.page(conversation, page)).map((message) => message.seq);
    // One more than asked for says that there is more.
    expect(await seqs({ limit: 3 })).toEqual([7, 8, 9, 10]);
    expect(await seqs({ limit: 3, beforeSeq: 4 })).toEqual([1, 2, 3]);
    expect(await seqs({ limit: 3, afterSeq: 4 })).toEqual([5, 6, 7, 8]);
    const ninth = (await messages.page(conversation, { limit: 10 })).find((message) => message.seq === 9)!;
    await db.database.query('UPDATE conversations SET message_count = 10 WHERE id = $1', [conversation]);
    expect(await messages.bury(userId, ninth.id)).toBe(true);
    expect(await messages.bury(userId, ninth.id)).toBe(false);
    expect(await seqs({ limit: 3 })).toEqual([6, 7, 8, 10]);
    const [kept] = await db.database.query<{ content: string }>('SELECT content FROM messages WHERE id = $1', [
      ninth.id,
    ]);
    expect(kept).toEqual({ content: '' });
    expect((await conversations.findOwned(userId, conversation))?.message_count).toBe(9);
  });

  it('nobody reads, changes or deletes the conversation of another', async () => {
    const { userId, ids } = await someConversations(1);
    const conversation = ids[0]!;
    await addMessages(conversation, 1);
    const stranger = userId + 1;
    expect(await conversations.findOwned(stranger, conversation)).toBeUndefined();
    expect(await conversations.update(stranger, conversation, { title: 'mine' })).toBeUndefined();
    expect(await conversations.delete(stranger, conversation)).toBe(false);
    expect(await messages.bury(stranger, (await messages.page(conversation, { limit: 1 }))[0]!.id)).toBe(false);
    expect((await conversations.findOwned(userId, conversation))?.title).toBe('c0');
  });
});
