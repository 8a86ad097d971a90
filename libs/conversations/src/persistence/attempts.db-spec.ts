import { Database } from '@app/platform';
import { aConversation } from '../../../../test/factories/rows';
import { conversationRepositories } from '../../../../test/support/encryption';
import type { TestDatabase } from '../../../../test/support/database';
import { eventually } from '../../../../test/support/process';
import type { AttemptEndingsRepository } from './attempt-endings.repository';
import type { LeasesRepository } from './leases.repository';
import { aReply } from './outcomes.spec-support';
import type { TurnChangesRepository } from './turn-changes.repository';
import type { TurnWorkRepository } from './turn-work.repository';
import { HISTORY, LEASE_MS, RELEASED, TurnTables } from './turns.spec-support';

describe('attempts at turns in PostgreSQL', () => {
  let tables: TurnTables;
  let db: TestDatabase;
  let work: TurnWorkRepository;
  let endings: AttemptEndingsRepository;
  let leases: LeasesRepository;
  let changes: TurnChangesRepository;

  beforeAll(async () => {
    tables = await TurnTables.open();
    ({ db, work, endings, leases, changes } = tables);
  });
  afterAll(() => db.close());

  it('gives lease and turn to one of many workers, and the next only after it ran out, with a higher token', async () => {
    const conversation = await aConversation(db.database);
    const { conversationId } = conversation;
    await tables.say(conversation, 'hello');
    const taken = await Promise.all(
      Array.from({ length: 10 }, (_, index) => work.take(conversationId, `w${index}`, LEASE_MS, HISTORY)),
    );
    const [winner, ...others] = taken.filter((one) => one !== undefined);
    expect(others).toEqual([]);
    expect(winner!.turn).toMatchObject({ content: 'hello', attempt: 1, isTakeover: false, personaVersion: 1 });
    await tables.expireLease(conversationId);
    const next = (await work.take(conversationId, 'later', LEASE_MS, HISTORY))!;
    expect(next.token).toBeGreaterThan(winner!.token);
    expect(next.turn).toMatchObject({ attempt: 2, lostAttempts: 1, isTakeover: true });
  });

  it('a turn that is held back has used up no attempt, waits as long as told, and remembers for how long', async () => {
    const conversation = await aConversation(db.database);
    const { conversationId } = conversation;
    await tables.say(conversation, 'hello');
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
    await tables.say(conversation, 'hello');
    await work.take(conversationId, 'dead', LEASE_MS, HISTORY);
    await tables.expireLease(conversationId);
    const { token, turn } = (await work.take(conversationId, 'w', LEASE_MS, HISTORY))!;
    await endings.holdBack(turn!, token, 0);
    await leases.release(conversationId, token);
    const next = await work.take(conversationId, 'w', LEASE_MS, HISTORY);
    expect(next!.turn).toMatchObject({ attempt: 2, lostAttempts: 1, isTakeover: false });
  });

  it('the model of the next attempt is in the row with the pause', async () => {
    const conversation = await aConversation(db.database);
    const { conversationId } = conversation;
    await tables.say(conversation, 'hello');
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
    await tables.say(conversation, 'hello');
    const { token, turn } = (await work.take(conversationId, 'w', LEASE_MS, HISTORY))!;
    await db.database.query('UPDATE turns SET cancel_requested_at = now() WHERE id = $1', [turn!.turnId]);
    await endings.holdBack(turn!, token, 60_000);
    expect(await work.beginNext(conversationId, token, HISTORY)).toMatchObject({ isCancelled: true });
  });

  it('leaves a conversation alone that has nothing to do now', async () => {
    const conversation = await aConversation(db.database);
    const { conversationId } = conversation;
    expect(await work.take(conversationId, 'w', LEASE_MS, HISTORY)).toBeUndefined();
    await tables.say(conversation, 'hello');
    const { token, turn } = (await work.take(conversationId, 'w', LEASE_MS, HISTORY))!;
    await endings.postpone(turn!, token, 60_000);
    await leases.release(conversationId, token);
    expect(await work.take(conversationId, 'w', LEASE_MS, HISTORY)).toBeUndefined();
  });

  it('ends the lease with the reply when nothing was written meanwhile, and keeps it otherwise', async () => {
    const conversation = await aConversation(db.database);
    await tables.say(conversation, 'first');
    const first = (await work.take(conversation.conversationId, 'w', LEASE_MS, HISTORY))!;
    expect(await endings.finish(first.turn!, first.token, aReply('one'))).toEqual(RELEASED);
    await tables.say(conversation, 'second');
    const second = (await work.take(conversation.conversationId, 'w', LEASE_MS, HISTORY))!;
    await tables.say(conversation, 'third');
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
    await tables.say(conversation, 'hello');
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

  it('a worker that lost its lease commits nothing', async () => {
    const conversation = await aConversation(db.database);
    await tables.say(conversation, 'hello');
    const stale = await tables.acquire(conversation.conversationId, 'slow');
    const turn = (await work.beginNext(conversation.conversationId, stale, HISTORY))!;
    await tables.expireLease(conversation.conversationId);
    const fresh = await tables.acquire(conversation.conversationId, 'quick');
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

  it('an attempt that was given back by an orderly shutdown is no lost one', async () => {
    const conversation = await aConversation(db.database);
    await tables.say(conversation, 'again');
    const token = await tables.acquire(conversation.conversationId, 'w');
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
      await Promise.all([tables.say(conversation, 'a'), tables.say(conversation, 'b'), tables.say(conversation, 'c')]);
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
