import { randomBytes } from 'node:crypto';
import type { Database } from '@app/platform';
import fc from 'fast-check';
import { aConversation } from '../../../../test/factories/rows';
import { type TestDatabase, testDatabase } from '../../../../test/support/database';
import { cipherOf, conversationRepositories } from '../../../../test/support/encryption';
import { tracesOf } from '../../../../test/support/traces';
import { aReply } from './outcomes.spec-support';
import { UNREADABLE_CODE, UNREADABLE_TEXT } from './unreadable';
import { aMessage } from './turns.spec-support';

const LEASE_MS = 60_000;
const HISTORY = 10;
const SECRET = 'rutabagas-and-parsnips';

interface Talk {
  conversationId: number;
  userId: number;
}

const aSecretReply = (content: string): ReturnType<typeof aReply> =>
  aReply(content, {
    toolCalls: [{ id: '1', type: 'web_search_call', status: 'completed', detail: { query: `what is a ${SECRET}` } }],
    citations: [{ url: `https://example.com/${SECRET}`, title: SECRET, start_index: 0, end_index: 3 }],
  });

describe('conversations whose content is encrypted', () => {
  let db: TestDatabase;
  let repositories: ReturnType<typeof conversationRepositories>;

  beforeAll(async () => {
    db = await testDatabase();
    repositories = conversationRepositories(db.database);
  });
  afterAll(async () => db.close());

  const encrypted = async (database: Database = db.database): Promise<Talk> => {
    const talk = await aConversation(database);
    await database.query('UPDATE conversations SET is_encrypted = true WHERE id = $1', [talk.conversationId]);
    return talk;
  };
  const say = async (talk: Talk, content: string, isEncrypted = true) =>
    repositories.turns.accept(
      aMessage(talk, content, { isEncrypted, images: [{ url: `https://example.com/${SECRET}.png` }] }),
    );
  const answer = async ({ conversationId }: Talk, content: string): Promise<void> => {
    const { token, turn } = (await repositories.work.take(conversationId, 'w', LEASE_MS, HISTORY))!;
    await repositories.endings.finish(turn!, token, aSecretReply(content));
  };
  const exchange = async (talk: Talk, user: string, reply: string): Promise<void> => {
    await say(talk, user);
    await answer(talk, reply);
  };
  const listed = async ({ conversationId }: Talk) => repositories.messages.page(conversationId, { limit: 100 });

  it('nothing that was said is in any column of any table, and everybody reads it', async () => {
    const talk = await encrypted();
    const { conversationId, userId } = talk;
    await exchange(talk, `I like ${SECRET}`, `So you like ${SECRET}`);
    const [, reply] = await listed(talk);
    const { summaries, feedback, chunks, work, conversations, turns, messages } = repositories;
    await feedback.give(userId, reply!.id, 'up', `good ${SECRET}`, true);
    const claim = (await summaries.claim(conversationId, 0))!;
    await summaries.store(conversationId, claim, {
      content: `likes ${SECRET}`,
      throughSeq: 1,
      tokens: 3,
      model: 'm',
    });
    const entries = [{ n: 1, kind: 'delta' as const, offset: 0, delta: SECRET }];
    await chunks.add([{ turnId: reply!.turn_id!, attempt: 1, isEncrypted: true, entries }]);

    expect(await tracesOf(db.database, SECRET)).toEqual([]);
    expect(await listed(talk)).toMatchObject([
      { content: `I like ${SECRET}`, images: [{ url: `https://example.com/${SECRET}.png` }] },
      {
        content: `So you like ${SECRET}`,
        tool_calls: [{ detail: { query: `what is a ${SECRET}` } }],
        citations: [{ title: SECRET }],
        feedback_comment: `good ${SECRET}`,
      },
    ]);
    expect((await conversations.list(userId, { limit: 10 }))[0]!.last_message).toEqual({
      id: reply!.id,
      seq: 2,
      role: 'assistant',
      status: 'completed',
      content: `So you like ${SECRET}`,
      created_at: expect.any(String) as string,
    });
    expect(await turns.view(reply!.turn_id!)).toMatchObject({
      user_message: { content: `I like ${SECRET}` },
      assistant_message: { content: `So you like ${SECRET}` },
    });
    const owned = (await messages.findWithOwner(reply!.id))!;
    expect(await messages.siblings(owned)).toMatchObject([{ content: `So you like ${SECRET}` }]);
    expect(await messages.imagesOf(owned.user_message_id)).toEqual([{ url: `https://example.com/${SECRET}.png` }]);
    expect(await summaries.findOwned(userId, conversationId)).toMatchObject({ content: `likes ${SECRET}` });
    expect(await summaries.claim(conversationId, 0)).toMatchObject({ content: `likes ${SECRET}`, throughSeq: 1 });
    expect((await chunks.after(reply!.turn_id!, 0))[0]!.entries).toEqual(entries);
    const history = [{ user: `I like ${SECRET}`, reply: `So you like ${SECRET}` }];
    expect(await repositories.history.newestTurns(conversationId, 5)).toMatchObject(history);
    expect(await repositories.history.turnsBetween(conversationId, 0, 9, 5)).toMatchObject(history);
    await say(talk, 'and now?');
    expect((await work.take(conversationId, 'w', LEASE_MS, HISTORY))!.turn).toMatchObject({
      content: 'and now?',
      images: [{ url: `https://example.com/${SECRET}.png` }],
      history,
      summary: { content: `likes ${SECRET}` },
      isUnreadable: false,
      lacksKey: false,
    });
  });

  it('where nothing is encrypted, the same search finds it', async () => {
    const talk = await aConversation(db.database);
    await say(talk, 'I like aubergines-and-leeks', false);
    await answer(talk, 'So you like aubergines-and-leeks');
    expect(await tracesOf(db.database, 'Aubergines-and-leeks')).toEqual(
      expect.arrayContaining(['public.messages.content', 'public.conversations.title']),
    );
  });

  it('whatever text is said comes back as it was', async () => {
    const talk = await encrypted();
    const text = fc.string({ unit: 'grapheme', maxLength: 300 }).map((said) => said.replaceAll('\0', ''));
    await fc.assert(
      fc.asyncProperty(text, text, async (user, reply) => {
        await exchange(talk, user, reply);
        const [asked, answered] = (await repositories.messages.page(talk.conversationId, { limit: 2 })).slice(-2);
        expect([asked!.content, answered!.content]).toEqual([user, reply]);
      }),
      { numRuns: 40 },
    );
  });

  it('takes nothing from a sender who is wrong about whether it is encrypted', async () => {
    const talk = await encrypted();
    const open = await aConversation(db.database);
    expect(await say(talk, 'hello', false)).toBeUndefined();
    expect(await say(open, 'hello', true)).toBeUndefined();
    for (const { conversationId } of [talk, open]) {
      expect(await db.database.query('SELECT 1 FROM messages WHERE conversation_id = $1', [conversationId])).toEqual(
        [],
      );
    }
  });

  it('has no title that is made of what was said', async () => {
    const talk = await encrypted();
    await say(talk, 'about my health');
    expect(await repositories.conversations.findOwned(talk.userId, talk.conversationId)).toMatchObject({
      title: 'New',
    });
  });

  it('a text that was moved to another row, or changed, cannot be read there; the others can', async () => {
    const talk = await encrypted();
    await exchange(talk, 'mine', 'yours');
    await exchange(talk, 'second', 'third');
    await db.database.query(
      `UPDATE messages m SET content = other.content, tool_calls = other.tool_calls FROM messages other
       WHERE m.conversation_id = $1 AND m.seq = 2 AND other.conversation_id = $1 AND other.seq = 4`,
      [talk.conversationId],
    );
    expect(await listed(talk)).toMatchObject([
      { content: 'mine', error_code: null },
      { content: UNREADABLE_TEXT, error_code: UNREADABLE_CODE, tool_calls: null, citations: [{ title: SECRET }] },
      { content: 'second' },
      { content: 'third' },
    ]);
    await say(talk, 'next');
    expect((await repositories.work.take(talk.conversationId, 'w', LEASE_MS, HISTORY))!.turn).toMatchObject({
      isUnreadable: false,
      lacksKey: false,
      history: [
        { user: 'mine', reply: null },
        { user: 'second', reply: 'third' },
      ],
    });
  });

  it('says of a turn that its key is missing, and reads it with a ring that has it', async () => {
    const talk = await encrypted();
    await exchange(talk, 'before', 'after');
    await say(talk, 'now');
    const { work, history, endings } = conversationRepositories(db.database, cipherOf('other'));
    const { token, turn } = (await work.take(talk.conversationId, 'w', LEASE_MS, HISTORY))!;
    expect(turn).toMatchObject({
      isUnreadable: true,
      lacksKey: true,
      content: UNREADABLE_TEXT,
      history: [{ user: null, reply: null }],
    });
    // Nothing is summed up meanwhile: that would stay.
    await expect(history.newestTurns(talk.conversationId, 5)).rejects.toThrow('ENCRYPTION_KEYS lacks a key');
    await expect(history.turnsBetween(talk.conversationId, 0, 9, 5)).rejects.toThrow('ENCRYPTION_KEYS lacks a key');
    await endings.holdBack(turn!, token, 0);
    const both = conversationRepositories(db.database, cipherOf('other', 'test')).work;
    expect(await both.beginNext(talk.conversationId, token, HISTORY)).toMatchObject({
      content: 'now',
      isUnreadable: false,
      lacksKey: false,
      history: [{ user: 'before', reply: 'after' }],
    });
  });

  it('a summary whose key is missing is not begun anew, and one that was tampered with is', async () => {
    const talk = await encrypted();
    const { conversationId } = talk;
    const claim = (await repositories.summaries.claim(conversationId, 0))!;
    await repositories.summaries.store(conversationId, claim, {
      content: 'so far',
      throughSeq: 1,
      tokens: 3,
      model: 'm',
    });
    const { summaries } = conversationRepositories(db.database, cipherOf('other'));
    await expect(summaries.claim(conversationId, 0)).rejects.toThrow('ENCRYPTION_KEYS lacks the key');
    expect(await summaries.findOwned(talk.userId, conversationId)).toMatchObject({ content: UNREADABLE_TEXT });
    expect(await repositories.summaries.claim(conversationId, 0)).toMatchObject({ content: 'so far', throughSeq: 1 });
    await db.database.query(
      `UPDATE conversation_summaries SET content = 'enc:test:' || repeat('A', 60) WHERE conversation_id = $1`,
      [conversationId],
    );
    expect(await repositories.summaries.claim(conversationId, 0)).toMatchObject({ content: '', throughSeq: 0 });
  });

  it('an empty text stays empty, and a deleted message has nothing left', async () => {
    const talk = await encrypted();
    await exchange(talk, '', 'reply');
    const [asked] = await listed(talk);
    expect(asked).toMatchObject({ content: '' });
    await repositories.messages.bury(talk.userId, asked!.id);
    expect(
      await db.database.query('SELECT content, images, encryption_key FROM messages WHERE id = $1', [asked!.id]),
    ).toEqual([{ content: '', images: null, encryption_key: null }]);
  });

  it('an empty reply of a cancelled turn makes no message', async () => {
    const talk = await encrypted();
    await say(talk, 'hello');
    const { token, turn } = (await repositories.work.take(talk.conversationId, 'w', LEASE_MS, HISTORY))!;
    await db.database.query('UPDATE turns SET cancel_requested_at = now() WHERE id = $1', [turn!.turnId]);
    const finished = await repositories.endings.finish(turn!, token, { ...aSecretReply(''), status: 'cancelled' });
    expect(finished).toMatchObject({ status: 'cancelled' });
    expect(await listed(talk)).toHaveLength(1);
  });

  it('pictures are encrypted with the message, and read by both who see it', async () => {
    const talk = await encrypted();
    const { uploads } = repositories;
    const content = randomBytes(5000);
    const stored = (await uploads.add({
      id: `upl_${randomBytes(18).toString('base64url')}`,
      userId: talk.userId,
      content_type: 'image/png',
      size_bytes: content.length,
      width: 1,
      height: 1,
      sha256: randomBytes(32),
      content,
      keptMs: 60_000,
      quotaBytes: 1_000_000,
    }))!;
    await uploads.encrypt([stored.id]);
    await uploads.encrypt([stored.id]);
    const [row] = await db.database.query<{ content: Buffer; sha256: Buffer | null }>(
      'SELECT content, sha256 FROM uploads WHERE id = $1',
      [stored.id],
    );
    expect(row!.content.includes(content.subarray(0, 32))).toBe(false);
    expect(row!.sha256).toBeNull();
    expect((await uploads.find(talk.userId, stored.id))!.content.equals(content)).toBe(true);
    await db.database.query(`UPDATE uploads SET id = id || 'x' WHERE id = $1`, [stored.id]);
    expect(await uploads.find(talk.userId, `${stored.id}x`)).toBeUndefined();
  });

  it('ids that were taken beforehand are given to one message each, also under many senders', async () => {
    const talk = await encrypted();
    const others = Array.from({ length: 3 }, () => conversationRepositories(db.database).turns);
    await Promise.all(
      Array.from({ length: 90 }, (_, index) =>
        others[index % 3]!.accept(aMessage(talk, `m${index}`, { isEncrypted: true })),
      ),
    );
    const texts = (await listed(talk)).map(({ content }) => content);
    expect(new Set(texts).size).toBe(90);
  });
});
