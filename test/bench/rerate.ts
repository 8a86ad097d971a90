import { Client } from 'pg';
import { type ParleyContender, parley } from './contenders';
import { type BenchDatabase, run } from './database';
import { closedLoop, type LoadResult, quantile } from './load';

const CALLS = 1_000_000;
/** Calls of other models in the same table, which are none of the correction's business. */
const OTHERS = 1_000_000;
const IN_FLIGHT = 8;
const ALONE_MS = 30_000;
const RUN_MS = 1_800_000;
const MODEL = 'bench-rerated';

interface Run {
  status: string;
  calls_looked_at: number;
  calls_changed: number;
  cost_before_usd: number;
  cost_after_usd: number;
  started_at: string;
  finished_at: string;
}

/**
 * A price correction that concerns a million calls of two million, while messages are answered and the ledger is written to: what
 * writers wait with and without it, and whether the audit explains the sums.
 */
export async function benchReRating(database: BenchDatabase, upstream: string, say: (text: string) => void): Promise<void> {
  const url = await database.create('parley_rerating', true);
  const subject = await parley(url, url, `${upstream}/instant/v1`, IN_FLIGHT);
  const ledger = new Client({ connectionString: url });
  await ledger.connect();
  try {
    const price = await subject.call<{ id: number }>('POST', '/prices', {
      provider: 'compatible',
      model: MODEL,
      effective_from: '2026-01-01',
      input_usd_per_mtok: 1,
      output_usd_per_mtok: 2,
    });
    await run(url, callsOf(MODEL, CALLS, price.id));
    await run(url, callsOf('bench-other', OTHERS, price.id));
    await run(url, 'VACUUM ANALYZE model_calls');
    await closedLoop(subject.shot, IN_FLIGHT, 3000);
    say(`### A correction of the price of ${CALLS.toLocaleString('en')} calls out of ${(CALLS + OTHERS).toLocaleString('en')}\n`);
    say(`| | sends/s at ${IN_FLIGHT} in flight | p50 | p99 | ledger row opened and closed, p50 | p99 | longest |`);
    say('|---|---|---|---|---|---|---|');
    const over = performance.now() + ALONE_MS;
    say(line('before', await writing(subject, ledger, () => performance.now() < over)));
    const sumBefore = await sumOf(url);
    const { re_rating_id: id } = await subject.call<{ re_rating_id: number }>('PATCH', `/prices/${price.id}`, {
      input_usd_per_mtok: 3,
    });
    let finished: Run | undefined;
    const end = performance.now() + RUN_MS;
    const watch = setInterval(() => {
      void subject.call<Run>('GET', `/prices/re-ratings/${id}`).then((found) => {
        // From here on it only waits for calls that were running.
        if (found.status === 'settling' || found.status === 'completed') finished = found;
      });
    }, 500);
    const startedAt = performance.now();
    const during = await writing(subject, ledger, () => finished === undefined && performance.now() < end);
    clearInterval(watch);
    const seconds = (performance.now() - startedAt) / 1000;
    say(line('during', during));
    const audit = finished!;
    const micros = Math.round((audit.cost_after_usd - audit.cost_before_usd) * 1_000_000);
    say(`\n- ${audit.calls_looked_at.toLocaleString('en')} calls looked at, ${audit.calls_changed.toLocaleString('en')} changed in ${seconds.toFixed(0)} s`);
    say(`- the audit: $${audit.cost_before_usd} before, $${audit.cost_after_usd} after; the ledger's sum of the model: $${sumBefore / 1e6} before, $${(await sumOf(url)) / 1e6} after, explained to the micro-dollar: ${(await sumOf(url)) - sumBefore === micros}`);
    say(await plans(url));
  } finally {
    await ledger.end();
    await subject.stop();
  }
} // prettier-ignore

interface Writing {
  sends: LoadResult;
  ledger: number[];
}

/** Messages in a closed loop, and beside them a ledger row opened and closed again and again, as long as `goesOn`. */
async function writing(subject: ParleyContender, ledger: Client, goesOn: () => boolean): Promise<Writing> {
  const latencies: number[] = [];
  const ledgerRows = (async () => {
    while (goesOn()) {
      const at = performance.now();
      const { rows } = await ledger.query<{ id: string }>(OPEN);
      await ledger.query(CLOSE, [rows[0]!.id]);
      latencies.push(performance.now() - at);
      await new Promise((next) => setTimeout(next, 10));
    }
  })();
  const sends = await closedLoop(subject.shot, IN_FLIGHT, goesOn);
  await ledgerRows;
  return { sends, ledger: latencies };
}

const line = (name: string, { sends, ledger }: Writing): string =>
  `| ${name} | ${sends.perSecond.toFixed(0)} | ${sends.p50.toFixed(1)} ms | ${sends.p99.toFixed(1)} ms | ${quantile(ledger, 0.5).toFixed(1)} ms | ${quantile(ledger, 0.99).toFixed(1)} ms | ${Math.max(...ledger).toFixed(0)} ms |`;

async function sumOf(url: string): Promise<number> {
  const [{ sum }] = await run<{ sum: string }>(
    url,
    `SELECT coalesce(sum(cost_usd_micros), 0) AS sum FROM model_calls WHERE model_requested = '${MODEL}'`,
  );
  return Number(sum);
}

/** How a batch in the middle of the million is found. */
async function plans(url: string): Promise<string> {
  const rows = await run<{ 'QUERY PLAN': string }>(
    url,
    `EXPLAIN (ANALYZE, BUFFERS) SELECT id, cost_usd_micros FROM model_calls
     WHERE input_tokens IS NOT NULL AND output_tokens IS NOT NULL AND status <> 'cached' AND provider = 'compatible'
       AND model_requested = '${MODEL}' AND coalesce(model, '') = '${MODEL}'
       AND (started_at, id) > (now() - interval '40 days', 0) AND started_at < 'infinity' ORDER BY started_at, id LIMIT 1000`,
  );
  return ['\n```', ...rows.map((row) => row['QUERY PLAN']), '```'].join('\n');
}

/** One every 5 seconds, back from now, of a thousand users. */
const callsOf = (model: string, count: number, priceId: number): string => `
  INSERT INTO model_calls (workspace_id, user_id, persona_id, persona_version_id, conversation_id, turn_id, attempt, status, provider, api,
    model_requested, model, input_tokens, cached_tokens, output_tokens, reasoning_tokens, total_tokens, cost_usd_micros, price_id, started_at, ended_at,
    first_token_ms, total_ms, http_status)
  SELECT 1 + n % 1000, 1 + n % 1000, 1, 1, 1 + n % 50000, -n - ${model === MODEL ? 0 : CALLS}, 1, 'succeeded', 'compatible', 'responses', '${model}', '${model}', 500 + n % 1000, 0,
    100, 0, 600 + n % 1000, 700 + n % 1000, ${priceId}, now() - n * interval '5 seconds', now(), 300, 1300, 200
  FROM generate_series(${count}, 1, -1) n`;

const OPEN = `INSERT INTO model_calls (workspace_id, user_id, persona_id, persona_version_id, conversation_id, turn_id, attempt, provider, api,
    model_requested) VALUES (1, 1, 1, 1, 1, -(extract(epoch FROM clock_timestamp()) * 1000000)::bigint, 1, 'openai', 'responses', 'bench-writer') RETURNING id`;
const CLOSE = `UPDATE model_calls SET status = 'succeeded', ended_at = now(), model = 'bench-writer', input_tokens = 500, output_tokens = 100,
    total_tokens = 600, total_ms = 900, http_status = 200 WHERE id = $1`;
