import { aConversation } from '../../../../test/factories/rows';
import { conversationRepositories } from '../../../../test/support/encryption';
import { type TestDatabase, testDatabase } from '../../../../test/support/database';
import type { AcceptedMessage, TurnsRepository } from './turns.repository';
import type { TurnWorkRepository } from './turn-work.repository';
import { aMessage } from './turns.spec-support';

const LEASE_MS = 60_000;
const HISTORY = 10;
const BURST = { waitMs: 60_000, maxMs: 120_000, maxMessages: 10 };

describe('messages that come in quick succession', () => {
  let db: TestDatabase;
  let turns: TurnsRepository;
  let work: TurnWorkRepository;

  beforeAll(async () => {
    db = await testDatabase();
    ({ turns, work } = conversationRepositories(db.database));
  });
  afterAll(async () => db.close());

  const say = async (
    conversation: { conversationId: number; userId: number },
    content: string,
    burst?: typeof BURST,
  ): Promise<AcceptedMessage> => (await turns.accept(aMessage(conversation, content, { burst })))!;
  const rowsOf = (conversationId: number) =>
    db.database.query<{ id: number; status: string; into: number | null }>(
      'SELECT id, status, merged_into_id AS into FROM turns WHERE conversation_id = $1 ORDER BY user_seq',
      [conversationId],
    );
  /** The pause of the open turn is over. */
  const letPass = (conversationId: number) =>
    db.database.query('UPDATE turns SET not_before = now() WHERE conversation_id = $1 AND finished_at IS NULL', [
      conversationId,
    ]);

  it('become one turn, the last one, whose prompt has all of them in their order', async () => {
    const conversation = await aConversation(db.database);
    const made: AcceptedMessage[] = [];
    for (const text of ['one', 'two', 'three', 'four', 'five']) made.push(await say(conversation, text, BURST));
    const last = made.at(-1)!;
    expect(made.map(({ mergedTurnId }) => mergedTurnId)).toEqual([
      null,
      ...made.slice(0, -1).map(({ turnId }) => turnId),
    ]);
    expect(await rowsOf(conversation.conversationId)).toEqual([
      ...made.slice(0, -1).map(({ turnId }) => ({ id: turnId, status: 'merged', into: last.turnId })),
      { id: last.turnId, status: 'pending', into: null },
    ]);
    expect(last.delayMs).toBeGreaterThan(50_000);
    expect(await work.take(conversation.conversationId, 'w', LEASE_MS, HISTORY)).toBeUndefined();
    await letPass(conversation.conversationId);
    const { turn } = (await work.take(conversation.conversationId, 'w', LEASE_MS, HISTORY))!;
    expect([turn!.turnId, turn!.content]).toEqual([last.turnId, 'five']);
    expect(turn!.history.map(({ user, reply }) => [user, reply])).toEqual(
      ['one', 'two', 'three', 'four'].map((text) => [text, null]),
    );
  });

  it('become one turn also when all come at the same moment', async () => {
    const conversation = await aConversation(db.database);
    await Promise.all(['a', 'b', 'c', 'd', 'e'].map((text) => say(conversation, text, BURST)));
    const rows = await rowsOf(conversation.conversationId);
    expect(rows.map(({ status }) => status)).toEqual(['merged', 'merged', 'merged', 'merged', 'pending']);
    expect(new Set(rows.slice(0, -1).map(({ into }) => into))).toEqual(new Set([rows.at(-1)!.id]));
  });

  it('are answered at the latest so long after the first', async () => {
    const conversation = await aConversation(db.database);
    await say(conversation, 'one', BURST);
    await db.database.query(
      `UPDATE turns SET burst_began_at = burst_began_at - interval '100 seconds' WHERE conversation_id = $1`,
      [conversation.conversationId],
    );
    const { delayMs } = await say(conversation, 'two', BURST);
    expect(delayMs).toBeGreaterThan(10_000);
    expect(delayMs).toBeLessThanOrEqual(20_000);
  });

  it('are no more than fit into the prompt', async () => {
    const conversation = await aConversation(db.database);
    for (let n = 1; n <= 7; n++) await say(conversation, `${n}`, { ...BURST, maxMessages: 3 });
    const rows = await rowsOf(conversation.conversationId);
    expect(rows.map(({ status }) => status)).toEqual([
      'merged', 'merged', 'pending', 'merged', 'merged', 'pending', 'pending',
    ]); // prettier-ignore
  });

  it('leave a turn alone that has begun, and one that does not wait', async () => {
    const begun = await aConversation(db.database);
    await say(begun, 'one', BURST);
    await letPass(begun.conversationId);
    await work.take(begun.conversationId, 'w', LEASE_MS, HISTORY);
    expect((await say(begun, 'two', BURST)).mergedTurnId).toBeNull();
    const plain = await aConversation(db.database);
    await say(plain, 'one');
    expect(await say(plain, 'two', BURST)).toMatchObject({ mergedTurnId: null });
    expect(await say(plain, 'three')).toMatchObject({ mergedTurnId: null, delayMs: 0 });
  });

  it('tell that somebody follows the conversation, and stream its replies, for as long as it is watched', async () => {
    const conversation = await aConversation(db.database);
    const isWatched = async (turnId: number): Promise<boolean> => (await turns.view(turnId))!.turn.is_watched;
    const before = await say(conversation, 'one');
    await conversationRepositories(db.database).conversations.watch([conversation.conversationId], 60_000);
    const during = await say(conversation, 'two');
    const inBurst = await say(conversation, 'three', BURST);
    await conversationRepositories(db.database).conversations.watch([conversation.conversationId], -1);
    const after = await say(conversation, 'four');
    const all = [before, during, inBurst, after];
    expect(all.map(({ isFollowed }) => isFollowed)).toEqual([false, true, true, false]);
    expect(await Promise.all(all.map(({ turnId }) => isWatched(turnId)))).toEqual([false, true, true, false]);
  });
});
