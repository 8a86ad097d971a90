import { aConversation } from '../../../test/factories/rows';
import { type TestDatabase, testDatabase } from '../../../test/support/database';
import { eventually } from '../../../test/support/process';
import { LedgerService } from './ledger.service';
import type { ModelCallEntity } from './persistence/model-call.entity';
import { ModelCallsRepository } from './persistence/model-calls.repository';
import { aPriceBook } from './prices/prices.spec-support';
import { type CompletionResult, type ProviderDescription, ProviderError, UNKNOWN_USAGE } from './provider';

const describeProvider = (provider: ProviderDescription['provider']): ProviderDescription => ({
  provider,
  base_url: 'http://127.0.0.1/v1',
  model: 'gpt-6-luna',
  api: 'responses',
});

const anAnswer = (fields: Partial<CompletionResult> = {}): CompletionResult => ({
  text: 'hello',
  model: 'gpt-6-luna-2026-05-12',
  usage: { ...UNKNOWN_USAGE, inputTokens: 1000, cachedTokens: 400, outputTokens: 200, totalTokens: 1200 },
  serviceTier: 'default',
  finish: 'stop',
  upstreamId: 'resp_1',
  toolCalls: [],
  citations: [],
  firstTokenMs: 12.4,
  totalMs: 99.6,
  ...fields,
});

describe('the ledger in PostgreSQL', () => {
  let db: TestDatabase;
  let ledger: LedgerService;
  let conversationId: number;
  let workspaceId: number;
  let turnId = 0;
  let seq = 0;

  beforeAll(async () => {
    db = await testDatabase();
    ({ conversationId } = await aConversation(db.database));
    const [row] = await db.database.query<{ id: number }>(
      'SELECT workspace_id AS id FROM conversations WHERE id = $1',
      [conversationId],
    );
    workspaceId = row!.id;
    ledger = new LedgerService(new ModelCallsRepository(db.database), aPriceBook(db).book);
  });
  afterAll(async () => db.close());

  /** A turn that this call's answer has ended, unless told otherwise. */
  const open = async (
    provider: ProviderDescription['provider'] = 'openai',
    userId = 1,
    turnStatus: 'completed' | 'cancelled' = 'completed',
  ) => {
    const [turn] = await db.database.query<{ id: number }>(
      `WITH message AS (
         INSERT INTO messages (workspace_id, conversation_id, seq, role, status, content) VALUES ($1, $2, $3, 'user', 'sent', 'x') RETURNING id
       )
       INSERT INTO turns (workspace_id, conversation_id, user_message_id, user_seq, status, attempt, finished_at)
       SELECT $1, $2, id, $3, $4, 1, now() FROM message RETURNING id`,
      [workspaceId, conversationId, (seq += 1), turnStatus],
    );
    turnId = turn!.id;
    return ledger.open(
      {
        workspaceId,
        userId,
        personaId: 1,
        personaVersionId: 1,
        conversationId,
        turnId,
        purpose: 'reply',
        channel: 'api',
        attempt: 1,
        modelRequested: 'gpt-6-luna',
        queueMs: 3,
        serviceTier: null,
      },
      describeProvider(provider),
    );
  };
  const row = async (id: number): Promise<Record<string, unknown>> =>
    (await db.database.query<Record<string, unknown>>('SELECT * FROM model_calls WHERE id = $1', [id]))[0]!;

  it('has a row before the call, and closes it with tokens, times and the price in force', async () => {
    const call = await open();
    expect(await row(call.id)).toMatchObject({ status: 'started', ended_at: null, total_tokens: null });
    await ledger.close(await ledger.rateAnswer(call, anAnswer()));
    const closed = await row(call.id);
    expect(closed).toMatchObject({
      status: 'succeeded' satisfies ModelCallEntity['status'],
      model: 'gpt-6-luna-2026-05-12',
      input_tokens: 1000,
      cached_tokens: 400,
      output_tokens: 200,
      total_tokens: 1200,
      first_token_ms: 12,
      total_ms: 100,
      cost_usd_micros: Math.round(600 * 0.1 + 400 * 0.01 + 200 * 0.5),
    });
    expect(closed.price_id).not.toBeNull();
    expect(closed.ended_at).not.toBeNull();
  });

  it('does not know what other servers charge, and the simulator is free', async () => {
    const compatible = await open('compatible');
    await ledger.close(await ledger.rateAnswer(compatible, anAnswer()));
    expect(await row(compatible.id)).toMatchObject({ cost_usd_micros: null, total_tokens: 1200 });
    const simulator = await open('simulator');
    await ledger.close(await ledger.rateAnswer(simulator, anAnswer()));
    expect(await row(simulator.id)).toMatchObject({ cost_usd_micros: 0 });
  });

  it('books the tier that the upstream reports, and has no cost in a tier whose price is not known', async () => {
    const flex = await open();
    await ledger.close(await ledger.rateAnswer(flex, anAnswer({ serviceTier: 'flex' })));
    expect(await row(flex.id)).toMatchObject({ service_tier: 'flex', cost_usd_micros: null, price_id: null });
    const silent = await open();
    await ledger.close(await ledger.rateAnswer(silent, anAnswer({ serviceTier: null })));
    expect(await row(silent.id)).toMatchObject({ service_tier: null, cost_usd_micros: 164 });
    // It was cancelled before the upstream could say: what was asked for counts, where that is one tier.
    const cut = { ...(await open()), serviceTier: 'priority' };
    await ledger.close(await ledger.rateFailure(cut, new ProviderError('UPSTREAM.CANCELLED'), anAnswer().usage, true));
    expect(await row(cut.id)).toMatchObject({ service_tier: 'priority', cost_usd_micros: null });
    const auto = { ...(await open()), serviceTier: 'auto' };
    await ledger.closeFailed(auto, new ProviderError('UPSTREAM.CUT', { usage: anAnswer().usage }));
    expect(await row(auto.id)).toMatchObject({ service_tier: null, cost_usd_micros: 164 });
  });

  it('has no cost for usage that no model can have had, as it has no tokens', async () => {
    const call = await open();
    const usage = { ...UNKNOWN_USAGE, inputTokens: 3_000_000_000, outputTokens: 10 };
    await ledger.close(await ledger.rateAnswer(call, anAnswer({ usage })));
    expect(await row(call.id)).toMatchObject({ input_tokens: null, output_tokens: 10, cost_usd_micros: null });
  });

  it('records usage that is unknown as null, and what a failed attempt did use', async () => {
    const silent = await open();
    await ledger.closeFailed(silent, new ProviderError('UPSTREAM.CUT'));
    expect(await row(silent.id)).toMatchObject({
      status: 'failed',
      error_code: 'UPSTREAM.CUT',
      total_tokens: null,
      cost_usd_micros: null,
    });
    const used = await open();
    await ledger.closeFailed(
      used,
      new ProviderError('UPSTREAM.SERVER_ERROR', { usage: anAnswer().usage, httpStatus: 200 }),
    );
    expect(await row(used.id)).toMatchObject({
      status: 'failed',
      total_tokens: 1200,
      cost_usd_micros: 164,
      http_status: 200,
    });
  });

  it('summaries count their own attempts, need no turn that they end, and are not lost when another worker takes the turn', async () => {
    const reply = await open('openai', 1, 'cancelled');
    const openSummary = async () =>
      ledger.open(
        {
          workspaceId,
          userId: 4_711,
          personaId: 1,
          personaVersionId: 1,
          conversationId,
          turnId,
          purpose: 'summary',
          channel: 'api',
          attempt: await ledger.nextAttempt(turnId, 'summary'),
          modelRequested: 'gpt-6-luna',
          queueMs: null,
          serviceTier: null,
        },
        describeProvider('openai'),
      );
    const first = await openSummary();
    await ledger.closeFailed(first, new ProviderError('UPSTREAM.CUT'));
    const second = await openSummary();
    await ledger.markLost(turnId);
    expect(await row(reply.id)).toMatchObject({ status: 'lost', purpose: 'reply', channel: 'api', attempt: 1 });
    expect(await row(second.id)).toMatchObject({ status: 'started', purpose: 'summary', channel: 'api', attempt: 2 });
    await ledger.close(await ledger.rateAnswer(second, anAnswer()));
    expect(await row(second.id)).toMatchObject({ status: 'succeeded', total_tokens: 1200 });
  });

  it('a row that was given up as lost stays lost, and a late answer still tells its tokens', async () => {
    const call = await open();
    await ledger.markLost(turnId);
    expect(await row(call.id)).toMatchObject({ status: 'lost', total_tokens: null });
    await ledger.close(await ledger.rateAnswer(call, anAnswer()));
    expect(await row(call.id)).toMatchObject({ status: 'lost', total_tokens: 1200 });
  });

  it('an answer from the cache has one row, also when a commit whose answer got lost is repeated', async () => {
    await open();
    const cached = {
      workspaceId,
      userId: 1,
      personaId: 1,
      personaVersionId: 1,
      conversationId,
      turnId,
      purpose: 'reply' as const,
      channel: 'api',
      attempt: 2,
      modelRequested: 'gpt-6-luna',
      queueMs: 3,
    };
    await db.database.query('UPDATE turns SET attempt = 2 WHERE id = $1', [turnId]);
    for (let commits = 0; commits < 2; commits += 1) {
      await ledger.recordCached(cached, describeProvider('openai'), { model: 'gpt-6-luna', totalMs: 2 });
    }
    const rows = await db.database.query(`SELECT status FROM model_calls WHERE turn_id = $1 AND status = 'cached'`, [
      turnId,
    ]);
    expect(rows).toEqual([{ status: 'cached' }]);
  });

  it('what is closed stays as it is, whoever closes it again', async () => {
    const answered = await open();
    await ledger.close(await ledger.rateAnswer(answered, anAnswer()));
    const failed = await open();
    const refusal = new ProviderError('UPSTREAM.SERVER_ERROR', { usage: anAnswer().usage, httpStatus: 500 });
    await ledger.closeFailed(failed, refusal);
    for (const { id } of [answered, failed]) {
      const before = await row(id);
      // As when the turn was taken away before its next request could be begun.
      await ledger.closeFailed(id === answered.id ? answered : failed, new ProviderError('UPSTREAM.CANCELLED'));
      expect(await row(id)).toEqual(before);
      expect(before).toMatchObject({ total_tokens: 1200, cost_usd_micros: 164 });
    }
  });

  it('an end that comes while another worker marks the row as lost is still told', async () => {
    const call = await open();
    const taker = db.dataSource.createQueryRunner();
    await taker.connect();
    await taker.startTransaction();
    await taker.query(`UPDATE model_calls SET status = 'lost', ended_at = now() WHERE id = $1`, [call.id]);
    const closing = ledger.close(await ledger.rateAnswer(call, anAnswer()));
    await eventually(async () => {
      const waiting = await db.database.query(
        `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
      );
      return waiting.length > 0 ? true : undefined;
    }, 'the end to wait for the mark');
    await taker.commitTransaction();
    await taker.release();
    await closing;
    expect(await row(call.id)).toMatchObject({ status: 'lost', total_tokens: 1200, cost_usd_micros: 164 });
  });

  it('gives up as lost what nobody closed for longer than a call can take, and nothing else', async () => {
    const [abandoned, running, answered] = [await open(), await open(), await open()];
    await ledger.close(await ledger.rateAnswer(answered, anAnswer()));
    await db.database.query(`UPDATE model_calls SET started_at = now() - interval '10 minutes' WHERE id = ANY ($1)`, [
      [abandoned.id, answered.id],
    ]);
    await db.database.query(`UPDATE model_calls SET started_at = now() - interval '4 minutes' WHERE id = $1`, [
      running.id,
    ]);
    await ledger.closeAbandoned(300_000);
    expect(await row(abandoned.id)).toMatchObject({ status: 'lost', total_tokens: null, cost_usd_micros: null });
    expect((await row(abandoned.id)).ended_at).not.toBeNull();
    expect(await row(running.id)).toMatchObject({ status: 'started', ended_at: null });
    expect(await row(answered.id)).toMatchObject({ status: 'succeeded', total_tokens: 1200 });
    // Its worker was only slow: what it has to tell about tokens is still written down.
    await ledger.close(await ledger.rateAnswer(abandoned, anAnswer()));
    expect(await row(abandoned.id)).toMatchObject({ status: 'lost', total_tokens: 1200 });
  });

  it('an answer that was not wanted any more is cancelled, with its tokens, and without a cost where no price is known', async () => {
    const discarded = await open('compatible', 77, 'cancelled');
    await ledger.close(await ledger.rateAnswer(discarded, anAnswer()));
    expect(await row(discarded.id)).toMatchObject({ status: 'cancelled', total_tokens: 1200, cost_usd_micros: null });
  });
});
