import { aConversation } from '../../../../test/factories/rows';
import { type TestDatabase, testDatabase } from '../../../../test/support/database';
import { eventually } from '../../../../test/support/process';
import { ModelCallsRepository } from '../persistence/model-calls.repository';
import type { CallScope, NewBudget } from './budget';
import { BudgetUpkeepRepository } from './persistence/budget-upkeep.repository';
import { BudgetsRepository } from './persistence/budgets.repository';
import { type Reserved, ReservationsRepository } from './persistence/reservations.repository';

const HOUR_MS = 3_600_000;

describe('budgets in PostgreSQL', () => {
  let db: TestDatabase;
  let budgets: BudgetsRepository;
  let reservations: ReservationsRepository;
  let upkeep: BudgetUpkeepRepository;
  let calls: ModelCallsRepository;
  let scope: CallScope;
  let conversationId: number;
  let seq = 0;

  beforeAll(async () => {
    db = await testDatabase();
    budgets = new BudgetsRepository(db.database);
    reservations = new ReservationsRepository(db.database);
    upkeep = new BudgetUpkeepRepository(db.database);
    calls = new ModelCallsRepository(db.database);
  });
  afterAll(async () => db.close());

  beforeEach(async () => {
    const made = await aConversation(db.database);
    conversationId = made.conversationId;
    const [row] = await db.database.query<{ id: number }>(
      'SELECT workspace_id AS id FROM conversations WHERE id = $1',
      [conversationId],
    );
    scope = { workspaceId: row!.id, userId: made.userId, personaId: made.personaId };
  });

  const set = (fields: Partial<NewBudget> = {}): Promise<number> =>
    budgets.add({
      workspaceId: scope.workspaceId,
      name: 'x',
      scope: 'workspace',
      userId: null,
      personaId: null,
      unit: 'tokens',
      limitAmount: 1000,
      period: 'day',
      timeZone: 'UTC',
      isHard: true,
      alertPercent: 80,
      webhookUrl: null,
      webhookSecret: null,
      createdBy: null,
      ...fields,
    });

  const aTurn = async (): Promise<number> => {
    const [row] = await db.database.query<{ id: number }>(
      `WITH m AS (INSERT INTO messages (workspace_id, conversation_id, seq, role, status, content) VALUES ($1, $2, $3, 'user', 'sent', 'x') RETURNING id)
       INSERT INTO turns (workspace_id, conversation_id, user_message_id, user_seq) SELECT $1, $2, id, $3 FROM m RETURNING id`,
      [scope.workspaceId, conversationId, (seq += 1)],
    );
    return row!.id;
  };
  const finish = (turnId: number) =>
    db.database.query(`UPDATE turns SET status = 'failed', finished_at = now() WHERE id = $1`, [turnId]);
  const reserve = (turnId: number, tokens = 100, costUsdMicros = 7): Promise<Reserved[]> =>
    reservations.reserve(scope, { tokens, costUsdMicros, model: 'm' }, { turnId });

  const aCall = async (turnId: number, startedAt = new Date()): Promise<number> => {
    const { id } = await calls.open({
      ...scope,
      personaVersionId: 1,
      conversationId,
      turnId,
      purpose: 'reply',
      channel: 'api',
      attempt: 1,
      provider: 'openai',
      api: 'responses',
      modelRequested: 'm',
      queueMs: 0,
    });
    await db.database.query('UPDATE model_calls SET started_at = $2 WHERE id = $1', [id, startedAt]);
    return id;
  };
  const close = (id: number, totalTokens: number | null, costUsdMicros: number | null = null): Promise<void> =>
    calls.close(id, {
      status: 'failed',
      model: null,
      upstreamId: null,
      inputTokens: null,
      cachedTokens: null,
      cacheWriteTokens: null,
      outputTokens: null,
      reasoningTokens: null,
      totalTokens,
      firstTokenMs: null,
      totalMs: 1,
      httpStatus: 200,
      errorCode: null,
      serviceTier: null,
      costUsdMicros,
      priceId: null,
      isUsageEstimated: false,
    });

  const use = async (budgetId: number, subjectId = 0): Promise<{ spent: number; reserved: number }> => {
    const [row] = await db.database.query<{ spent: number; reserved: number }>(
      `SELECT spent, reserved FROM budget_periods WHERE budget_id = $1 AND subject_id = $2 AND period_end > now()`,
      [budgetId, subjectId],
    );
    return row ?? { spent: -1, reserved: -1 };
  };

  it.each(['UTC', 'Europe/Berlin', 'Asia/Kolkata', 'America/St_Johns', 'Pacific/Apia'])(
    'a day begins at midnight and a month on its first day, in %s',
    async (timeZone) => {
      const [day, month] = [await set({ timeZone }), await set({ timeZone, period: 'month' })];
      const local = (date: Date): string =>
        new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' }).format(date);
      const uses = await budgets.currentUses([day, month]);
      const of = (id: number) => uses.find(({ budgetId }) => budgetId === id)!;
      expect(local(of(day).periodStart)).toMatch(/ 00:00:00$/);
      expect(local(of(day).periodEnd)).toMatch(/ 00:00:00$/);
      expect(local(of(month).periodStart)).toMatch(/-01 00:00:00$/);
      expect(local(of(month).periodEnd)).toMatch(/-01 00:00:00$/);
      const hours = (of(day).periodEnd.getTime() - of(day).periodStart.getTime()) / HOUR_MS;
      expect([23, 24, 25]).toContain(hours);
      expect(of(day).periodStart.getTime()).toBeLessThanOrEqual(Date.now());
      expect(of(day).periodEnd.getTime()).toBeGreaterThan(Date.now());
    },
  );

  it('budgets that are set while others are opened for a call count for it', async () => {
    const ids = [await set({ period: 'month' })];
    const open = reservations.openPeriods.bind(reservations);
    const opening = jest.spyOn(reservations, 'openPeriods').mockImplementation(async (asked) => {
      await open(asked);
      if (ids.length < 4) ids.push(await set({ period: 'month' }));
    });
    const taken = await reserve(await aTurn());
    opening.mockRestore();
    expect(taken.map(({ budgetId }) => budgetId)).toEqual(ids);
  });

  it('what was used in the period before the budget was set counts, and what was used before the period does not', async () => {
    await close(await aCall(await aTurn()), 30);
    await close(await aCall(await aTurn(), new Date(Date.now() - 40 * 24 * HOUR_MS)), 500);
    const id = await set();
    await budgets.openCurrent(id);
    expect(await use(id)).toEqual({ spent: 30, reserved: 0 });
  });

  it('a call counts when its row closes, and once, also one that was lost and ends late', async () => {
    const [tokens, usd] = [await set(), await set({ unit: 'usd' })];
    const turn = await aTurn();
    await reserve(turn);
    const call = await aCall(turn);
    await calls.markLost(turn);
    expect(await use(tokens)).toEqual({ spent: 0, reserved: 100 });
    await close(call, 40, 9);
    await close(call, 45, 10);
    await close(call, null);
    expect(await use(tokens)).toEqual({ spent: 40, reserved: 100 });
    expect(await use(usd)).toEqual({ spent: 9, reserved: 7 });
  });

  it('a call counts in the period in which it began', async () => {
    const id = await set();
    await budgets.openCurrent(id);
    await db.database.query(
      `INSERT INTO budget_periods (budget_id, subject_id, period_start, period_end)
       SELECT budget_id, subject_id, period_start - interval '1 day', period_start FROM budget_periods WHERE budget_id = $1`,
      [id],
    );
    await close(await aCall(await aTurn(), new Date(Date.now() - 24 * HOUR_MS)), 50);
    const { rows } = await db.dataSource
      .query<{ spent: string }[]>('SELECT spent FROM budget_periods WHERE budget_id = $1 ORDER BY period_start', [id])
      .then((found) => ({ rows: found.map(({ spent }) => Number(spent)) }));
    expect(rows).toEqual([50, 0]);
  });

  it('only the budgets of the workspace, of the user and of the persona count', async () => {
    const other = await aConversation(db.database);
    const everybody = await set();
    const each = await set({ scope: 'user' });
    const mine = await set({ scope: 'user', userId: scope.userId });
    await set({ scope: 'user', userId: other.userId });
    const persona = await set({ scope: 'persona', personaId: scope.personaId });
    await set({ scope: 'persona', personaId: other.personaId });
    const reserved = await reserve(await aTurn());
    expect(reserved.map(({ budgetId }) => budgetId)).toEqual([everybody, each, mine, persona]);
    expect(reserved.map(({ subjectId }) => subjectId)).toEqual([0, scope.userId, 0, 0]);
  });

  it('a turn gives back what it holds however it ends, also with its conversation', async () => {
    const id = await set();
    const [a, b] = [await aTurn(), await aTurn()];
    await reserve(a);
    await reserve(b);
    expect(await use(id)).toMatchObject({ reserved: 200 });
    await finish(a);
    expect(await use(id)).toMatchObject({ reserved: 100 });
    await db.database.query('DELETE FROM conversations WHERE id = $1', [conversationId]);
    expect(await use(id)).toMatchObject({ reserved: 0 });
  });

  it('a turn that has ended cannot hold anything again', async () => {
    const turn = await aTurn();
    await finish(turn);
    expect(await reservations.releaseOpenTurn(turn)).toBe(false);
  });

  it('what a dead process held for a call runs out', async () => {
    const id = await set();
    const holder = '0199c1f0-7d4e-7a01-9d0e-3f2b6c1a9e55';
    await reservations.reserve(scope, { tokens: 5, costUsdMicros: 0, model: 'm' }, { holder, ttlMs: -1 });
    expect(await use(id)).toMatchObject({ reserved: 5 });
    await reservations.releaseExpired();
    expect(await use(id)).toMatchObject({ reserved: 0 });
  });

  it('a deleted budget limits nothing and counts for nothing', async () => {
    const id = await set({ unit: 'usd' });
    await budgets.openCurrent(id);
    expect(await budgets.remove(scope.userId, id)).toBe(true);
    expect(await budgets.remove(scope.userId, id)).toBe(false);
    expect(await reserve(await aTurn())).toEqual([]);
    // Whoever books something here would be in the way of its removal.
    await close(await aCall(await aTurn()), 40, 9);
    await upkeep.addCosts([{ ...scope, quarter: new Date(), costDeltaUsdMicros: 5, unpricedCallsDelta: 0 }]);
    expect(await use(id)).toEqual({ spent: 0, reserved: 0 });
    expect(await budgets.list(scope.userId, { limit: 10 })).toEqual([]);
  });

  it('parallel turns with several budgets end without a deadlock, and the sums are right', async () => {
    const ids = [await set(), await set({ unit: 'usd' }), await set({ scope: 'persona', personaId: scope.personaId })];
    const turns: number[] = [];
    for (let i = 0; i < 60; i += 1) turns.push(await aTurn());
    await Promise.all(
      turns.map(async (turn, i) => {
        await db.database.transaction(() => reserve(turn));
        const call = await aCall(turn);
        await (i % 2 ? close(call, 10, 3) : db.database.transaction(() => close(call, 10, 3)));
        await (i % 3 ? finish(turn) : db.database.transaction(() => finish(turn)));
      }),
    );
    expect(await Promise.all(ids.map((id) => use(id)))).toEqual([
      { spent: 600, reserved: 0 },
      { spent: 180, reserved: 0 },
      { spent: 600, reserved: 0 },
    ]);
  });

  it('of parallel reservations the database lets through exactly what fits', async () => {
    const id = await set({ limitAmount: 1000 });
    const turns: number[] = [];
    for (let i = 0; i < 40; i += 1) turns.push(await aTurn());
    const results = await Promise.allSettled(
      turns.map((turn) =>
        db.database.transaction(async () => {
          const full = (await reserve(turn)).some((r) => r.spent + r.reserved > r.limitAmount);
          if (full) throw new Error('full');
        }),
      ),
    );
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(10);
    expect(await use(id)).toEqual({ spent: 0, reserved: 1000 });
  });

  it('a correction of prices moves what was spent of budgets in dollars, and no other', async () => {
    const [usd, each, tokens] = [await set({ unit: 'usd' }), await set({ unit: 'usd', scope: 'user' }), await set()];
    await reserve(await aTurn());
    const other = await aConversation(db.database);
    const delta = { ...scope, quarter: new Date(), unpricedCallsDelta: 0 };
    await upkeep.addCosts([
      { ...delta, costDeltaUsdMicros: 50 },
      { ...delta, costDeltaUsdMicros: -20 },
      { ...delta, userId: other.userId, costDeltaUsdMicros: 1000 },
      { ...delta, quarter: new Date(Date.now() - 48 * HOUR_MS), costDeltaUsdMicros: 7000 },
    ]);
    expect(await use(usd)).toMatchObject({ spent: 1030 });
    expect(await use(each, scope.userId)).toMatchObject({ spent: 30 });
    expect(await use(tokens)).toMatchObject({ spent: 0 });
  });

  it('counting again finds what was missed', async () => {
    const id = await set();
    await budgets.openCurrent(id);
    await close(await aCall(await aTurn()), 70);
    await db.database.query(
      `UPDATE budget_periods SET spent = 0, created_at = now() - interval '2 minutes', counted_at = now() - interval '2 minutes' WHERE budget_id = $1`,
      [id],
    );
    const [found] = (await upkeep.uncounted(100)).filter(({ budgetId }) => budgetId === id);
    await upkeep.recount(found!.budgetId, found!.subjectId, found!.periodStart);
    expect(await use(id)).toMatchObject({ spent: 70 });
    expect((await upkeep.uncounted(100)).filter(({ budgetId }) => budgetId === id)).toEqual([]);
  });

  it('counting again keeps what a correction of prices adds at the same time, and happens once', async () => {
    const id = await set({ unit: 'usd' });
    const startedAt = new Date(Date.now() - HOUR_MS);
    const call = await aCall(await aTurn(), startedAt);
    await close(call, 10, 5);
    const [period] = await db.database.query<{ start: Date }>(
      `INSERT INTO budget_periods (budget_id, subject_id, period_start, period_end, spent)
       VALUES ($1, 0, date_trunc('second', now()) - interval '1 day', now() + interval '1 day', 0) RETURNING period_start AS start`,
      [id],
    );
    const waits = async (): Promise<true | undefined> =>
      (
        await db.database.query(
          'SELECT 1 FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))',
        )
      ).length > 0
        ? true
        : undefined;
    const correct = Promise.withResolvers<void>();
    const corrected = db.database.transaction(async () => {
      await db.database.query('UPDATE model_calls SET cost_usd_micros = 8 WHERE id = $1', [call]);
      await upkeep.addCosts([{ ...scope, quarter: startedAt, costDeltaUsdMicros: 3, unpricedCallsDelta: 0 }]);
      correct.resolve();
      await eventually(waits, 'a recount that waits');
    });
    await correct.promise;
    await Promise.all([corrected, upkeep.recount(id, 0, period!.start), upkeep.recount(id, 0, period!.start)]);
    expect(await use(id)).toMatchObject({ spent: 8 });
  });

  it('alerts that nobody wants to hear any more are in nobody else’s way', async () => {
    const webhook = { webhookUrl: 'https://example.com/hook', webhookSecret: 's' };
    const [silenced, deleted, wanted] = [await set(webhook), await set(webhook), await set(webhook)];
    const turn = await aTurn();
    await reserve(turn, 10);
    await close(await aCall(turn), 1000);
    await upkeep.raise();
    await db.database.query(
      `UPDATE budget_alerts SET next_attempt_at = CASE budget_id WHEN $1 THEN now() - interval '1 s' ELSE now() - interval '2 s' END
       WHERE next_attempt_at IS NOT NULL`,
      [wanted],
    );
    await budgets.change(scope.userId, silenced, { webhook: null });
    await budgets.remove(scope.userId, deleted);
    const told = [...(await upkeep.claimDue(4, 0)), ...(await upkeep.claimDue(4, 0))];
    expect(told.map(({ budgetId }) => budgetId)).toEqual([wanted, wanted]);
    expect(await upkeep.alertsOf(silenced, 10)).toMatchObject([
      { attempts: 0, nextAttemptAt: null },
      { attempts: 0, nextAttemptAt: null },
    ]);
  });

  it('each limit is told once per period', async () => {
    const id = await set({ limitAmount: 100 });
    const turn = await aTurn();
    await reserve(turn, 10);
    const raised = async (): Promise<string[]> =>
      (await upkeep.raise()).filter(({ budgetId }) => budgetId === id).map(({ kind }) => kind);
    expect(await raised()).toEqual([]);
    await close(await aCall(turn), 79);
    expect(await raised()).toEqual([]);
    await close(await aCall(await aTurn()), 1);
    expect(await raised()).toEqual(['soft_limit']);
    expect(await raised()).toEqual([]);
    await close(await aCall(await aTurn()), 20);
    expect(await raised()).toEqual(['hard_limit']);
    expect(await raised()).toEqual([]);
  });
});
