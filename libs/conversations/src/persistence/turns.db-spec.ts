import { Database, isUniqueViolation } from '@app/platform';
import { aConversation } from '../../../../test/factories/rows';
import { conversationRepositories } from '../../../../test/support/encryption';
import { type TestDatabase, testDatabase } from '../../../../test/support/database';
import { eventually } from '../../../../test/support/process';
import { AttemptEndingsRepository } from './attempt-endings.repository';
import { LeasesRepository } from './leases.repository';
import { TurnChangesRepository } from './turn-changes.repository';
import { type NewUserMessage, TurnsRepository } from './turns.repository';
import type { Outcome } from './turn-work';
import { TurnWorkRepository } from './turn-work.repository';

const LEASE_MS = 60_000;
const HISTORY = 10;
const RELEASED = { status: 'completed', isReleased: true };

const aReply = (content: string): Outcome => ({
  status: 'completed',
  errorCode: null,
  lastEvent: null,
  message: {
    status: 'completed',
    content,
    personaVersionId: null,
    tokensUsed: 5,
    modelUsed: 'm',
    responseTimeMs: 10,
    usage: null,
  },
});

describe('turns in PostgreSQL', () => {
  let db: TestDatabase;
  let turns: TurnsRepository;
  let work: TurnWorkRepository;
  let endings: AttemptEndingsRepository;
  let leases: LeasesRepository;
  let changes: TurnChangesRepository;

  beforeAll(async () => {
    db = await testDatabase();
    ({ turns, work, endings } = conversationRepositories(db.database));
    leases = new LeasesRepository(db.database);
    changes = new TurnChangesRepository(db.database);
  });
  afterAll(async () => db.close());

  const say = (
    conversation: { conversationId: number; userId: number },
    content: string,
    more: Partial<NewUserMessage> = {},
  ) =>
    turns.accept({
      conversationId: conversation.conversationId,
      userId: conversation.userId,
      content,
      title: content,
      idempotencyKey: null,
      requestHash: null,
      correlationId: null,
      maxPendingTurns: 100,
      ...more,
    });
  /** The lease alone, for tests that begin turns themselves. */
  const acquire = async (conversationId: number, owner = 'w'): Promise<number> => {
    const [row] = await db.database.query<{ token: number }>(
      `INSERT INTO conversation_leases AS l (conversation_id, owner, token, expires_at) VALUES ($1, $2, 1, now() + interval '60 seconds')
       ON CONFLICT (conversation_id) DO UPDATE SET owner = $2, token = l.token + 1, expires_at = excluded.expires_at WHERE l.expires_at < now()
       RETURNING token`,
      [conversationId, owner],
    );
    return row!.token;
  };
  const expireLease = (conversationId: number) =>
    db.database.query(
      `UPDATE conversation_leases SET expires_at = now() - interval '1 second' WHERE conversation_id = $1`,
      [conversationId],
    );

  it('hands out seq 1, 2, 3 … without gaps to parallel senders', async () => {
    const conversation = await aConversation(db.database);
    await Promise.all(Array.from({ length: 20 }, (_, index) => say(conversation, `m${index}`)));
    const rows = await db.database.query<{ seq: number }>(
      'SELECT seq FROM messages WHERE conversation_id = $1 ORDER BY seq',
      [conversation.conversationId],
    );
    expect(rows.map((row) => row.seq)).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
  });

  it('takes nothing for somebody else, for a closed conversation, for a deleted persona, or above the limit', async () => {
    const conversation = await aConversation(db.database);
    expect(await say({ ...conversation, userId: conversation.userId + 1 }, 'x')).toBeUndefined();
    expect(await say(conversation, 'x', { maxPendingTurns: 0 })).toBeUndefined();
    await db.database.query('UPDATE personas SET deleted_at = now() WHERE id = $1', [conversation.personaId]);
    expect(await say(conversation, 'x')).toBeUndefined();
    await db.database.query('UPDATE personas SET deleted_at = NULL WHERE id = $1', [conversation.personaId]);
    await db.database.query('UPDATE conversations SET is_active = false WHERE id = $1', [conversation.conversationId]);
    expect(await say(conversation, 'x')).toBeUndefined();
    expect(
      await db.database.query('SELECT 1 FROM messages WHERE conversation_id = $1', [conversation.conversationId]),
    ).toHaveLength(0);
  });

  it('a used idempotency key stores nothing', async () => {
    const conversation = await aConversation(db.database);
    const key = { idempotencyKey: 'k', requestHash: Buffer.alloc(32) };
    await say(conversation, 'x', key);
    await expect(
      say(conversation, 'x', key).catch((error: unknown) => isUniqueViolation(error, 'turns_idempotency_key')),
    ).resolves.toBe(true);
    expect(
      await db.database.query('SELECT 1 FROM messages WHERE conversation_id = $1', [conversation.conversationId]),
    ).toHaveLength(1);
  });

  it('gives lease and turn to one of many workers, and the next only after it ran out, with a higher token', async () => {
    const conversation = await aConversation(db.database);
    const { conversationId } = conversation;
    await say(conversation, 'hello');
    const taken = await Promise.all(
      Array.from({ length: 10 }, (_, index) => work.take(conversationId, `w${index}`, LEASE_MS, HISTORY)),
    );
    const [winner, ...others] = taken.filter((one) => one !== undefined);
    expect(others).toEqual([]);
    expect(winner!.turn).toMatchObject({ content: 'hello', attempt: 1, isTakeover: false, personaVersion: 1 });
    await expireLease(conversationId);
    const next = (await work.take(conversationId, 'later', LEASE_MS, HISTORY))!;
    expect(next.token).toBeGreaterThan(winner!.token);
    expect(next.turn).toMatchObject({ attempt: 2, lostAttempts: 1, isTakeover: true });
  });

  it('a turn that is held back has used up no attempt, waits as long as told, and remembers for how long', async () => {
    const conversation = await aConversation(db.database);
    const { conversationId } = conversation;
    await say(conversation, 'hello');
    for (let round = 0; round < 2; round += 1) {
      const { token, turn } = (await work.take(conversationId, 'w', LEASE_MS, HISTORY))!;
      expect(turn).toMatchObject({
        attempt: 1,
        lostAttempts: 0,
        returnedAttempts: 0,
        heldMs: round * 5000,
        modelIndex: 0,
      });
      expect(await endings.holdBack(turn!, token + 1, 5000)).toBe(false);
      expect(await endings.holdBack(turn!, token, 5000)).toBe(true);
      expect(await endings.holdBack(turn!, token, 5000)).toBe(false);
      await leases.release(conversationId, token);
      expect(await work.take(conversationId, 'w', LEASE_MS, HISTORY)).toBeUndefined();
      await db.database.query('UPDATE turns SET not_before = now() WHERE conversation_id = $1', [conversationId]);
    }
  });

  it('a turn that is held back after its worker died still counts the lost attempt only', async () => {
    const conversation = await aConversation(db.database);
    const { conversationId } = conversation;
    await say(conversation, 'hello');
    await work.take(conversationId, 'dead', LEASE_MS, HISTORY);
    await expireLease(conversationId);
    const { token, turn } = (await work.take(conversationId, 'w', LEASE_MS, HISTORY))!;
    await endings.holdBack(turn!, token, 0);
    await leases.release(conversationId, token);
    const next = await work.take(conversationId, 'w', LEASE_MS, HISTORY);
    expect(next!.turn).toMatchObject({ attempt: 2, lostAttempts: 1, isTakeover: false });
  });

  it('the model of the next attempt is in the row with the pause', async () => {
    const conversation = await aConversation(db.database);
    const { conversationId } = conversation;
    await say(conversation, 'hello');
    const { token, turn } = (await work.take(conversationId, 'w', LEASE_MS, HISTORY))!;
    await endings.postpone(turn!, token, 0, { modelIndex: 1, spentAttempts: 4 });
    const next = await work.beginNext(conversationId, token, HISTORY);
    expect(next).toMatchObject({ modelIndex: 1, spentAttempts: 4 });
    await endings.postpone(next!, token, 0);
    expect(await work.beginNext(conversationId, token, HISTORY)).toMatchObject({ modelIndex: 1, spentAttempts: 4 });
  });

  it('a turn that was cancelled before it was held back does not wait for its pause', async () => {
    const conversation = await aConversation(db.database);
    const { conversationId } = conversation;
    await say(conversation, 'hello');
    const { token, turn } = (await work.take(conversationId, 'w', LEASE_MS, HISTORY))!;
    await db.database.query('UPDATE turns SET cancel_requested_at = now() WHERE id = $1', [turn!.turnId]);
    await endings.holdBack(turn!, token, 60_000);
    expect(await work.beginNext(conversationId, token, HISTORY)).toMatchObject({ isCancelled: true });
  });

  it('leaves a conversation alone that has nothing to do now', async () => {
    const conversation = await aConversation(db.database);
    const { conversationId } = conversation;
    expect(await work.take(conversationId, 'w', LEASE_MS, HISTORY)).toBeUndefined();
    await say(conversation, 'hello');
    const { token, turn } = (await work.take(conversationId, 'w', LEASE_MS, HISTORY))!;
    await endings.postpone(turn!, token, 60_000);
    await leases.release(conversationId, token);
    expect(await work.take(conversationId, 'w', LEASE_MS, HISTORY)).toBeUndefined();
  });

  it('ends the lease with the reply when nothing was written meanwhile, and keeps it otherwise', async () => {
    const conversation = await aConversation(db.database);
    await say(conversation, 'first');
    const first = (await work.take(conversation.conversationId, 'w', LEASE_MS, HISTORY))!;
    expect(await endings.finish(first.turn!, first.token, aReply('one'))).toEqual(RELEASED);
    await say(conversation, 'second');
    const second = (await work.take(conversation.conversationId, 'w', LEASE_MS, HISTORY))!;
    await say(conversation, 'third');
    expect(await endings.finish(second.turn!, second.token, aReply('two'))).toEqual({
      status: 'completed',
      isReleased: false,
    });
    expect(await work.take(conversation.conversationId, 'other', LEASE_MS, HISTORY)).toBeUndefined();
    expect(await work.beginNext(conversation.conversationId, second.token, HISTORY)).toMatchObject({
      content: 'third',
    });
  });

  it('a worker that had to wait for the lease of a turn which was then put back counts no lost attempt', async () => {
    const conversation = await aConversation(db.database);
    const { conversationId } = conversation;
    await say(conversation, 'hello');
    const held = (await work.take(conversationId, 'w', LEASE_MS, HISTORY))!;
    // A second Database is outside of the first one's transaction.
    const outside = new Database(db.dataSource);
    let waiting: ReturnType<typeof work.take> | undefined;
    await db.database.transaction(async () => {
      await endings.putBack(held.turn!, held.token);
      await leases.release(conversationId, held.token);
      waiting = conversationRepositories(outside).work.take(conversationId, 'other', LEASE_MS, HISTORY);
      await eventually(async () => {
        const rows = await outside.query(
          `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
        );
        return rows.length > 0 ? true : undefined;
      }, 'the other worker to wait for the lease');
    });
    expect((await waiting)?.turn).toMatchObject({
      attempt: 2,
      lostAttempts: 0,
      returnedAttempts: 1,
      isTakeover: false,
    });
  });

  it('runs turns in the order of their messages; a head that waits blocks its followers', async () => {
    const conversation = await aConversation(db.database);
    await say(conversation, 'first');
    await say(conversation, 'second');
    const token = await acquire(conversation.conversationId, 'w');
    const first = (await work.beginNext(conversation.conversationId, token, HISTORY))!;
    expect(first).toMatchObject({ content: 'first', attempt: 1, isTakeover: false });
    expect(await endings.postpone(first, token, 60_000)).toBe(true);
    expect(await work.beginNext(conversation.conversationId, token, HISTORY)).toBeUndefined();
    expect(await work.msUntilNext(conversation.conversationId)).toBeGreaterThan(50_000);
  });

  it('a worker that lost its lease commits nothing', async () => {
    const conversation = await aConversation(db.database);
    await say(conversation, 'hello');
    const stale = await acquire(conversation.conversationId, 'slow');
    const turn = (await work.beginNext(conversation.conversationId, stale, HISTORY))!;
    await expireLease(conversation.conversationId);
    const fresh = await acquire(conversation.conversationId, 'quick');
    const again = (await work.beginNext(conversation.conversationId, fresh, HISTORY))!;
    expect(again).toMatchObject({ turnId: turn.turnId, attempt: 2, lostAttempts: 1, isTakeover: true });
    expect(await endings.finish(turn, stale, aReply('stale'))).toBe('not-ours');
    expect(await endings.postpone(turn, stale, 1)).toBe(false);
    expect((await leases.renew(conversation.conversationId, stale, LEASE_MS)).isOurs).toBe(false);
    expect(await endings.finish(again, fresh, aReply('fresh'))).toEqual(RELEASED);
    expect(await endings.finish(again, fresh, aReply('twice'))).toBe('not-ours');
    const rows = await db.database.query<{ content: string }>(
      `SELECT content FROM messages WHERE conversation_id = $1 AND role = 'assistant'`,
      [conversation.conversationId],
    );
    expect(rows).toEqual([{ content: 'fresh' }]);
  });

  it('the database refuses a second reply to one turn, whoever writes it', async () => {
    const conversation = await aConversation(db.database);
    const { turnId } = (await say(conversation, 'hello'))!;
    const write = (seq: number) =>
      db.database.query(
        `INSERT INTO messages (workspace_id, conversation_id, seq, role, status, content, turn_id)
         SELECT workspace_id, id, $2, 'assistant', 'completed', 'x', $3 FROM conversations WHERE id = $1`,
        [conversation.conversationId, seq, turnId],
      );
    await write(2);
    await expect(write(3).catch((error: unknown) => isUniqueViolation(error, 'messages_one_reply_key'))).resolves.toBe(
      true,
    );
  });

  it('history is in the order of turns, without fallbacks and deleted messages', async () => {
    const conversation = await aConversation(db.database);
    for (const text of ['one', 'two', 'three', 'four']) await say(conversation, text);
    const token = await acquire(conversation.conversationId, 'w');
    for (const reply of ['1', '2', '3']) {
      const turn = (await work.beginNext(conversation.conversationId, token, HISTORY))!;
      const outcome = aReply(reply);
      if (reply === '2') Object.assign(outcome.message, { status: 'fallback' });
      await endings.finish(turn, token, outcome);
    }
    await db.database.query(
      `UPDATE messages SET content = '', deleted_at = now() WHERE conversation_id = $1 AND content = 'three'`,
      [conversation.conversationId],
    );
    const current = (await work.beginNext(conversation.conversationId, token, HISTORY))!;
    const ids = current.history.map(({ turnId }) => turnId);
    expect(ids).toEqual([...ids].sort((a, b) => a - b));
    expect(current.history).toMatchObject([
      { user: 'one', reply: '1' },
      { user: 'two', reply: null },
      { user: null, reply: '3' },
    ]);
    await endings.putBack(current, token);
    expect((await work.beginNext(conversation.conversationId, token, 1))?.history).toMatchObject([
      { user: null, reply: '3' },
    ]);
  });

  it('a turn that had to wait for a regeneration to be accepted has its whole history all the same', async () => {
    const conversation = await aConversation(db.database);
    const { conversationId } = conversation;
    await say(conversation, 'one');
    const first = (await work.take(conversationId, 'a', LEASE_MS, HISTORY))!;
    expect(await endings.finish(first.turn!, first.token, aReply('reply one'))).toEqual(RELEASED);
    await say(conversation, 'two');
    const [message] = await db.database.query<{ id: number }>(
      'SELECT id FROM messages WHERE conversation_id = $1 AND seq = 1',
      [conversationId],
    );
    let taking: ReturnType<typeof work.take> | undefined;
    await db.database.transaction(async () => {
      await leases.lock(conversationId);
      await changes.addAlternative({
        userMessageId: message!.id,
        idempotencyKey: null,
        requestHash: null,
        correlationId: null,
        isWatched: false,
        maxPendingTurns: 100,
      });
      const other = new Database(db.dataSource);
      taking = conversationRepositories(other).work.take(conversationId, 'b', LEASE_MS, HISTORY);
      await eventually(async () => {
        const waiting = await other.query(
          `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
        );
        return waiting.length > 0 ? true : undefined;
      }, 'the worker to wait for the lease');
    });
    const { turn } = (await taking)!;
    expect(turn).toMatchObject({ content: 'two', history: [{ user: 'one', reply: 'reply one' }] });
  });

  it('a message that was given up because its workers died is in no later prompt', async () => {
    const conversation = await aConversation(db.database);
    for (const text of ['deadly', 'harmless']) await say(conversation, text);
    const token = await acquire(conversation.conversationId, 'w');
    const deadly = (await work.beginNext(conversation.conversationId, token, HISTORY))!;
    const outcome = { ...aReply('sorry'), status: 'failed' as const, errorCode: 'TURN.WORKER_LOST' };
    Object.assign(outcome.message, { status: 'fallback' });
    await endings.finish(deadly, token, outcome);
    const current = (await work.beginNext(conversation.conversationId, token, HISTORY))!;
    expect(current.history).toEqual([]);
  });

  it('the reconciler sees heads that may run and nobody works on, and nothing else', async () => {
    const forgotten = await aConversation(db.database);
    const leased = await aConversation(db.database);
    const waiting = await aConversation(db.database);
    for (const conversation of [forgotten, leased, waiting]) await say(conversation, 'x');
    await acquire(leased.conversationId);
    await db.database.query(`UPDATE turns SET not_before = now() + interval '1 minute' WHERE conversation_id = $1`, [
      waiting.conversationId,
    ]);
    const found = await work.findForgotten(0, 1000);
    expect(found).toContain(forgotten.conversationId);
    expect(found).not.toContain(leased.conversationId);
    expect(found).not.toContain(waiting.conversationId);
    await expireLease(leased.conversationId);
    expect(await work.findForgotten(0, 1000)).toContain(leased.conversationId);
  });

  it('a turn from before a long sleep of the machine still runs', async () => {
    const conversation = await aConversation(db.database);
    await say(conversation, 'old');
    await db.database.query(
      `UPDATE turns SET created_at = now() - interval '60 days', not_before = now() - interval '60 days' WHERE conversation_id = $1`,
      [conversation.conversationId],
    );
    const token = await acquire(conversation.conversationId, 'w');
    expect(await work.beginNext(conversation.conversationId, token, HISTORY)).toMatchObject({
      content: 'old',
      attempt: 1,
    });
  });

  it('an attempt that was given back by an orderly shutdown is no lost one', async () => {
    const conversation = await aConversation(db.database);
    await say(conversation, 'again');
    const token = await acquire(conversation.conversationId, 'w');
    const turn = (await work.beginNext(conversation.conversationId, token, HISTORY))!;
    expect(await endings.putBack(turn, token)).toBe(true);
    expect(await work.beginNext(conversation.conversationId, token, HISTORY)).toMatchObject({
      attempt: 2,
      lostAttempts: 0,
      returnedAttempts: 1,
      isTakeover: false,
    });
  });

  it('cancelling and beginning a turn at the same moment never deadlocks, also before the first lease', async () => {
    const race = async (): Promise<void> => {
      const conversation = await aConversation(db.database);
      await Promise.all([say(conversation, 'a'), say(conversation, 'b'), say(conversation, 'c')]);
      const ids = await db.database.query<{ user_message_id: number }>(
        'SELECT user_message_id FROM turns WHERE conversation_id = $1',
        [conversation.conversationId],
      );
      const cancel = (messageId: number) =>
        db.database.transaction(async () => {
          await leases.lock(conversation.conversationId);
          await changes.cancelOpenTurnsOf(messageId);
          await leases.revoke(conversation.conversationId);
        });
      const begin = async (): Promise<void> => {
        const taken = await work.take(conversation.conversationId, 'w', LEASE_MS, HISTORY);
        if (taken?.turn !== undefined) await endings.finish(taken.turn, taken.token, aReply('x'));
      };
      await Promise.all([begin(), ...ids.map((row) => cancel(row.user_message_id)), begin()]);
      const rows = await db.database.query<{ status: string; replies: number }>(
        `SELECT t.status, (SELECT count(*) FROM messages m WHERE m.turn_id = t.id) AS replies FROM turns t WHERE conversation_id = $1`,
        [conversation.conversationId],
      );
      for (const row of rows) expect(row.replies).toBe(row.status === 'completed' ? 1 : 0);
    };
    for (let round = 0; round < 20; round += 1) await Promise.all([race(), race()]);
  });
});
