import type { Experiment } from '@app/personas';
import { aPersona, aUser } from '../../../../test/factories/rows';
import { testDatabase, type TestDatabase } from '../../../../test/support/database';
import { ExperimentResultsRepository, type LedgerTotals } from '../persistence/experiment-results.repository';
import { type ExperimentReport, reportOf } from './experiment-report';

const COUNTED = [
  'calls', 'failedCalls', 'cachedAnswers', 'inputTokens', 'cachedTokens', 'cacheWriteTokens', 'outputTokens', 'reasoningTokens', 'totalTokens',
  'estimatedTokens', 'callsWithoutUsage', 'costUsdMicros', 'unpricedCalls',
] as const satisfies readonly (keyof LedgerTotals)[]; // prettier-ignore

describe('the report of an experiment', () => {
  let db: TestDatabase;
  let results: ExperimentResultsRepository;
  let owner: { userId: number; workspaceId: number };
  let experiment: Experiment;

  beforeAll(async () => {
    db = await testDatabase();
    results = new ExperimentResultsRepository(db.database);
  });
  afterAll(() => db.close());

  const one = async <T>(sql: string, params: unknown[]): Promise<T> => (await db.database.query<T>(sql, params))[0]!;

  beforeEach(async () => {
    owner = await aUser(db.database);
    const personaId = await aPersona(db.database, owner);
    await db.database.query(
      `INSERT INTO persona_versions (persona_id, version, name, description, relationship_type, system_instructions, prompt_template)
       VALUES ($1, 2, 'Alex', '', 'friend', '', '')`,
      [personaId],
    );
    experiment = await one<Experiment>(
      `INSERT INTO persona_experiments (persona_id, name, version_a, version_b, share_b) VALUES ($1, 'x', 1, 2, 50)
       RETURNING id, persona_id AS "personaId", version_a AS "versionA", version_b AS "versionB", share_b AS "shareB", stopped_at AS "stoppedAt",
         (SELECT id FROM persona_versions WHERE persona_id = $1 AND version = 1) AS "versionAId",
         (SELECT id FROM persona_versions WHERE persona_id = $1 AND version = 2) AS "versionBId"`,
      [personaId],
    );
  });

  const report = async (): Promise<ExperimentReport> =>
    reportOf(experiment, await results.ledger(experiment.id), await results.conversations(experiment.id));

  /** A conversation with a version of the experiment, and a turn of it that was answered. */
  async function aTurn(
    version: 1 | 2,
    { status = 'completed', rating, responseMs = 100, isCounted = true, escalationReason }: Partial<TurnFields> = {},
  ): Promise<{ conversationId: number; turnId: number }> {
    const { id: conversationId } = await one<{ id: number }>(
      `INSERT INTO conversations (workspace_id, user_id, persona_id, title, is_title_generated, experiment_id, persona_version, last_seq)
       VALUES ($1, $2, $3, 'x', false, $4, $5, 2) RETURNING id`,
      [owner.workspaceId, owner.userId, experiment.personaId, experiment.id, version],
    );
    const { id: turnId } = await one<{ id: number }>(
      `WITH message AS (
         INSERT INTO messages (workspace_id, conversation_id, seq, role, status, content) VALUES ($1, $2, 1, 'user', 'sent', 'x') RETURNING id
       )
       INSERT INTO turns (workspace_id, conversation_id, user_message_id, user_seq, status, attempt, finished_at, experiment_id, escalation_reason)
       SELECT $1, $2, id, 1, $3, 1, now(), $4, $5 FROM message RETURNING id`,
      [owner.workspaceId, conversationId, status, isCounted ? experiment.id : null, escalationReason ?? null],
    );
    if (status !== 'handed_off') {
      await db.database.query(
        `WITH reply AS (
           INSERT INTO messages (workspace_id, conversation_id, seq, role, status, content, turn_id, response_time_ms)
           VALUES ($1, $2, 2, 'assistant', 'completed', 'y', $3, $4) RETURNING id
         )
         INSERT INTO message_feedback (message_id, rating) SELECT id, $5::varchar FROM reply WHERE $5::varchar IS NOT NULL`,
        [owner.workspaceId, conversationId, turnId, responseMs, rating ?? null],
      );
    }
    return { conversationId, turnId };
  }
  interface TurnFields {
    status: string;
    rating: 'up' | 'down';
    responseMs: number;
    isCounted: boolean;
    escalationReason: string;
  }

  async function aCall(version: 1 | 2, fields: Record<string, unknown> = {}): Promise<void> {
    const row: Record<string, unknown> = {
      workspace_id: owner.workspaceId,
      user_id: owner.userId,
      persona_id: experiment.personaId,
      persona_version_id: version === 1 ? experiment.versionAId : experiment.versionBId,
      conversation_id: 1,
      turn_id: 1_000_000 + Math.trunc(Math.random() * 1e9),
      attempt: 1,
      status: 'succeeded',
      provider: 'openai',
      api: 'responses',
      model_requested: 'm',
      experiment_id: experiment.id,
      ended_at: new Date(),
      ...fields,
    };
    const names = Object.keys(row);
    await db.database.query(
      `INSERT INTO model_calls (${names.join(', ')}) VALUES (${names.map((_, index) => `$${index + 1}`).join(', ')})`,
      Object.values(row),
    );
  }

  it('is all zeros and nulls before anything has happened', async () => {
    const { a, b, total, comparison, split } = await report();
    expect(total.ledger).toMatchObject({ calls: 0, totalTokens: 0, costUsdMicros: 0, callP50Ms: null });
    expect([a.conversations.conversations, b.conversations.turns, total.conversations.conversations]).toEqual([
      0, 0, 0,
    ]);
    expect([a.errorRate, split.shareB, comparison.failed.difference]).toEqual([null, null, null]);
  });

  it('adds up to the ledger: retries, summaries, failures, estimates, unknown usage and unknown prices included', async () => {
    const usage = { input_tokens: 100, cached_tokens: 40, output_tokens: 10, reasoning_tokens: 3, total_tokens: 110 };
    await aCall(1, { ...usage, cost_usd_micros: 700, total_ms: 200, first_token_ms: 50 });
    await aCall(1, {
      ...usage,
      cache_write_tokens: 9,
      cost_usd_micros: 300,
      total_ms: 400,
      first_token_ms: 70,
      purpose: 'summary',
    });
    await aCall(1, { status: 'failed', total_ms: 9000 });
    await aCall(2, { ...usage, cost_usd_micros: null, total_ms: 600, first_token_ms: 90 });
    await aCall(2, { status: 'lost' });
    await aCall(2, { status: 'cancelled', ...usage, is_usage_estimated: true, cost_usd_micros: 55 });
    await aCall(2, { status: 'cached', total_tokens: 0, input_tokens: 0, output_tokens: 0, cost_usd_micros: 0 });
    await aCall(2, { status: 'started', ended_at: null });
    // What is not of this experiment.
    await aCall(2, { ...usage, experiment_id: null, cost_usd_micros: 1_000_000 });
    const { a, b, total } = await report();
    expect(a.ledger).toMatchObject({
      calls: 3, failedCalls: 1, inputTokens: 200, cachedTokens: 80, cacheWriteTokens: 9, outputTokens: 20, reasoningTokens: 6, totalTokens: 220,
      callsWithoutUsage: 1, costUsdMicros: 1000, unpricedCalls: 0, callP50Ms: 200, firstTokenP50Ms: 50,
    }); // prettier-ignore
    expect(b.ledger).toMatchObject({
      calls: 4, failedCalls: 1, cachedAnswers: 1, totalTokens: 110, estimatedTokens: 110, callsWithoutUsage: 1, costUsdMicros: 55, unpricedCalls: 1,
    }); // prettier-ignore
    for (const field of COUNTED) {
      expect([field, a.ledger[field] + b.ledger[field]]).toEqual([field, total.ledger[field]]);
    }
    const ledger = await one<object>(
      `SELECT count(*) FILTER (WHERE status <> 'cached') AS calls, sum(total_tokens)::bigint AS all_tokens, sum(cost_usd_micros)::bigint AS "costUsdMicros"
       FROM model_calls WHERE experiment_id = $1`,
      [experiment.id],
    );
    expect(ledger).toEqual({
      calls: total.ledger.calls,
      all_tokens: total.ledger.totalTokens + total.ledger.estimatedTokens,
      costUsdMicros: total.ledger.costUsdMicros,
    });
  });

  it('counts turns, ratings and hand-overs by the version of their conversation, and only those of the experiment', async () => {
    await aTurn(1, { rating: 'up', responseMs: 100 });
    await aTurn(1, { rating: 'down', responseMs: 300 });
    await aTurn(1, { status: 'failed' });
    await aTurn(2, { escalationReason: 'keyword' });
    // Said to the person who had taken over.
    await aTurn(2, { status: 'handed_off', isCounted: false });
    await aTurn(2, { status: 'cancelled' });
    // Answered after the end: not its turn any more, though its conversation is.
    await aTurn(2, { rating: 'down', isCounted: false });
    const { a, b, total, comparison } = await report();
    expect(a).toMatchObject({
      errorRate: 1 / 3,
      conversations: {
        conversations: 3,
        turns: 3,
        completed: 2,
        failed: 1,
        feedbackUp: 1,
        feedbackDown: 1,
        responseP50Ms: 200,
      },
    });
    expect(b.conversations).toMatchObject({
      conversations: 4,
      turns: 3,
      cancelled: 1,
      escalations: 1,
      feedbackDown: 0,
    });
    expect(total.conversations).toMatchObject({ conversations: 7, turns: 6, escalations: 1 });
    expect(comparison.negativeFeedback).toMatchObject({ a: { hits: 1, of: 2 }, b: { hits: 0, of: 0 }, pValue: null });
    expect(comparison.escalated).toMatchObject({ a: { hits: 0, of: 3 }, b: { hits: 1, of: 4 } });
  });

  it('tells a real difference from chance once there are enough conversations', async () => {
    for (let count = 0; count < 40; count += 1) {
      await aTurn(1, { rating: count < 20 ? 'down' : 'up' });
      await aTurn(2, { rating: count < 4 ? 'down' : 'up' });
    }
    const { comparison, split } = await report();
    expect(comparison.negativeFeedback.difference).toBeCloseTo(-0.4, 10);
    expect(comparison.negativeFeedback.confidenceInterval![1]).toBeLessThan(0);
    expect(comparison.negativeFeedback.pValue).toBeLessThan(0.001);
    expect(split).toEqual({ shareB: 0.5, pValue: expect.closeTo(1, 5) as number });
  });
});
