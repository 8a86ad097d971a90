import { Database, isUniqueViolation } from '@app/platform';
import { aConversation } from '../../../../test/factories/rows';
import { conversationRepositories } from '../../../../test/support/encryption';
import type { TestDatabase } from '../../../../test/support/database';
import { PlanReader } from '../../../../test/support/plans';
import { eventually } from '../../../../test/support/process';
import type { AttemptEndingsRepository } from './attempt-endings.repository';
import type { LeasesRepository } from './leases.repository';
import { aReply } from './outcomes.spec-support';
import type { TurnChangesRepository } from './turn-changes.repository';
import type { TurnWorkRepository } from './turn-work.repository';
import { aMessage, HISTORY, LEASE_MS, RELEASED, TurnTables } from './turns.spec-support';

describe('turns in PostgreSQL', () => {
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

  it('hands out seq 1, 2, 3 … without gaps to parallel senders', async () => {
    const conversation = await aConversation(db.database);
    await Promise.all(Array.from({ length: 20 }, (_, index) => tables.say(conversation, `m${index}`)));
    const rows = await db.database.query<{ seq: number }>(
      'SELECT seq FROM messages WHERE conversation_id = $1 ORDER BY seq',
      [conversation.conversationId],
    );
    expect(rows.map((row) => row.seq)).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
  });

  it('takes nothing for somebody else, for a closed conversation, for a deleted persona, or above the limit', async () => {
    const conversation = await aConversation(db.database);
    expect(await tables.say({ ...conversation, userId: conversation.userId + 1 }, 'x')).toBeUndefined();
    expect(await tables.say(conversation, 'x', { maxPendingTurns: 0 })).toBeUndefined();
    await db.database.query('UPDATE personas SET deleted_at = now() WHERE id = $1', [conversation.personaId]);
    expect(await tables.say(conversation, 'x')).toBeUndefined();
    await db.database.query('UPDATE personas SET deleted_at = NULL WHERE id = $1', [conversation.personaId]);
    await db.database.query('UPDATE conversations SET is_active = false WHERE id = $1', [conversation.conversationId]);
    expect(await tables.say(conversation, 'x')).toBeUndefined();
    expect(
      await db.database.query('SELECT 1 FROM messages WHERE conversation_id = $1', [conversation.conversationId]),
    ).toHaveLength(0);
  });

  it('takes messages for the person who answers, whatever became of the persona, and does not read all personas for that', async () => {
    const conversation = await aConversation(db.database);
    const { conversationId, personaId } = conversation;
    await db.database.query(`UPDATE conversations SET owner = 'human' WHERE id = $1`, [conversationId]);
    await db.database.query('UPDATE personas SET deleted_at = now() WHERE id = $1', [personaId]);
    expect(await tables.say(conversation, 'Is anybody there?')).toMatchObject({ seq: 1, isHandedOff: true });
    const plans = new PlanReader(db.dataSource);
    await conversationRepositories(plans).turns.accept(aMessage(conversation, 'x'));
    const text = plans.take();
    expect(text).toMatch(/on personas p /);
    expect(text).not.toContain('hashed');
  });

  it('a used idempotency key stores nothing', async () => {
    const conversation = await aConversation(db.database);
    const key = { idempotencyKey: 'k', requestHash: Buffer.alloc(32) };
    await tables.say(conversation, 'x', key);
    await expect(
      tables.say(conversation, 'x', key).catch((error: unknown) => isUniqueViolation(error, 'turns_idempotency_key')),
    ).resolves.toBe(true);
    expect(
      await db.database.query('SELECT 1 FROM messages WHERE conversation_id = $1', [conversation.conversationId]),
    ).toHaveLength(1);
  });

  it('runs turns in the order of their messages; a head that waits blocks its followers', async () => {
    const conversation = await aConversation(db.database);
    await tables.say(conversation, 'first');
    await tables.say(conversation, 'second');
    const token = await tables.acquire(conversation.conversationId, 'w');
    const first = (await work.beginNext(conversation.conversationId, token, HISTORY))!;
    expect(first).toMatchObject({ content: 'first', attempt: 1, isTakeover: false });
    expect(await endings.postpone(first, token, 60_000)).toBe(true);
    expect(await work.beginNext(conversation.conversationId, token, HISTORY)).toBeUndefined();
    expect(await work.msUntilNext(conversation.conversationId)).toBeGreaterThan(50_000);
  });

  it('the database refuses a second reply to one turn, whoever writes it', async () => {
    const conversation = await aConversation(db.database);
    const { turnId } = (await tables.say(conversation, 'hello'))!;
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
    for (const text of ['one', 'two', 'three', 'four']) await tables.say(conversation, text);
    const token = await tables.acquire(conversation.conversationId, 'w');
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
    await tables.say(conversation, 'one');
    const first = (await work.take(conversationId, 'a', LEASE_MS, HISTORY))!;
    expect(await endings.finish(first.turn!, first.token, aReply('reply one'))).toEqual(RELEASED);
    await tables.say(conversation, 'two');
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
    for (const text of ['deadly', 'harmless']) await tables.say(conversation, text);
    const token = await tables.acquire(conversation.conversationId, 'w');
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
    for (const conversation of [forgotten, leased, waiting]) await tables.say(conversation, 'x');
    await tables.acquire(leased.conversationId);
    await db.database.query(`UPDATE turns SET not_before = now() + interval '1 minute' WHERE conversation_id = $1`, [
      waiting.conversationId,
    ]);
    const found = await work.findForgotten(0, 1000);
    expect(found).toContain(forgotten.conversationId);
    expect(found).not.toContain(leased.conversationId);
    expect(found).not.toContain(waiting.conversationId);
    await tables.expireLease(leased.conversationId);
    expect(await work.findForgotten(0, 1000)).toContain(leased.conversationId);
  });

  it('a turn from before a long sleep of the machine still runs', async () => {
    const conversation = await aConversation(db.database);
    await tables.say(conversation, 'old');
    await db.database.query(
      `UPDATE turns SET created_at = now() - interval '60 days', not_before = now() - interval '60 days' WHERE conversation_id = $1`,
      [conversation.conversationId],
    );
    const token = await tables.acquire(conversation.conversationId, 'w');
    expect(await work.beginNext(conversation.conversationId, token, HISTORY)).toMatchObject({
      content: 'old',
      attempt: 1,
    });
  });
});
