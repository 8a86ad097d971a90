import * as fc from 'fast-check';
import { type TestDatabase, testDatabase } from '../../../../test/support/database';
import { rollUpAll } from '../../../../test/support/roll-up';
import { ConversationFiguresRepository } from '../persistence/conversations.repository';
import { ErrorsRepository } from '../persistence/errors.repository';
import { FiguresRepository } from '../persistence/figures.repository';
import { GROUP_COLUMNS, type Group, type Selection } from '../persistence/figures.sql';
import { MEASURES } from '../persistence/measures';
import { RollupsRepository } from '../persistence/rollups.repository';
import { SnapshotRepository } from '../persistence/snapshot.repository';
import type { Point } from '../time/points';
import { pointsOf } from '../time/points';
import { RollUpService } from './roll-up.service';

/** Calls lie in these days before now, over the end of a month. */
const DAYS = 70;
const DAY_MS = 86_400_000;

type Step =
  | { do: 'insert'; ageMs: number; seed: number }
  | { do: 'change'; which: number; seed: number }
  | { do: 'rerate'; which: number }
  | { do: 'delete'; which: number }
  | { do: 'roll up' };

const age = fc.integer({ min: 0, max: DAYS * DAY_MS });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('insert' as const), ageMs: age, seed: fc.nat(1e6) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('change' as const), which: fc.nat(), seed: fc.nat(1e6) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('rerate' as const), which: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('delete' as const), which: fc.nat() }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('roll up' as const) }) },
);

/** Each of the cubes, each column, each group. */
const QUESTIONS: [Selection, Group | null][] = [
  [{}, null],
  [{}, 'purpose'],
  [{ model: 'gpt-6-sol', channel: 'api' }, 'channel'],
  [{ workspaceId: 1 }, null],
  [{ workspaceId: 1 }, 'model'],
  [{ personaId: 2 }, null],
  [{ workspaceId: 2, personaId: 1 }, null],
  [{}, 'persona'],
  [{}, 'user'],
  [{ userId: 2 }, null],
  [{ userId: 1, personaId: 2, model: 'gpt-6-luna' }, 'purpose'],
];

describe('sums of the ledger', () => {
  let db: TestDatabase;
  let service: RollUpService;
  let figures: FiguresRepository;
  let snapshots: SnapshotRepository;
  let conversations: ConversationFiguresRepository;
  let errors: ErrorsRepository;

  beforeEach(async () => {
    db = await testDatabase();
    const rollups = new RollupsRepository(db.database);
    service = new RollUpService(rollups);
    figures = new FiguresRepository(db.database);
    snapshots = new SnapshotRepository(db.database);
    conversations = new ConversationFiguresRepository(db.database);
    errors = new ErrorsRepository(db.database);
  });
  afterEach(async () => db.close());

  /** A call whose every column follows from the seed. A conversation has one user, workspace and channel; its persona may change. */
  const insert = (ageMs: number, seed: number): Promise<unknown> =>
    db.database.query(
      `INSERT INTO model_calls (workspace_id, user_id, persona_id, persona_version_id, conversation_id, turn_id, purpose, attempt, status, provider,
         api, model_requested, channel, started_at, ended_at)
       SELECT 1 + c % 2, 1 + c % 3, 1 + s / 3 % 3, 1, CASE WHEN s % 11 > 0 THEN 1 + c END, CASE WHEN s % 11 > 0 THEN nextval('turns_id_seq') END,
         CASE WHEN s % 11 = 0 THEN 'preview' WHEN s % 5 = 0 THEN 'summary' ELSE 'reply' END, 1 + s % 4 / 3, 'started',
         CASE WHEN s % 13 = 0 THEN 'simulator' ELSE 'openai' END, 'responses', CASE WHEN s % 2 = 0 THEN 'gpt-6-luna' ELSE 'gpt-6-sol' END,
         CASE WHEN c % 4 = 0 THEN 'whatsapp' ELSE 'api' END, now() - $1 * interval '1 millisecond', NULL
       FROM (SELECT $2::integer AS s, $2::integer / 7 % 9 AS c) AS seeds`,
      [ageMs, seed],
    );

  const change = (which: number, seed: number): Promise<unknown> =>
    db.database.query(
      `UPDATE model_calls SET status = (ARRAY['succeeded', 'failed', 'cancelled', 'lost', 'cached'])[1 + $2 % 5], ended_at = now(),
         input_tokens = CASE WHEN $2 % 5 = 1 THEN NULL ELSE $2 END, output_tokens = $2 % 1000, total_tokens = CASE WHEN $2 % 5 = 1 THEN NULL ELSE $2 + $2 % 1000 END,
         cached_tokens = $2 % 77, is_usage_estimated = $2 % 5 = 2, cost_usd_micros = CASE WHEN $2 % 4 = 0 THEN NULL ELSE $2 % 9999 END,
         queue_ms = $2 % 300, first_token_ms = CASE WHEN $2 % 6 = 0 THEN NULL ELSE $2 % 5000 END, total_ms = $2 % 60000,
         error_code = CASE WHEN $2 % 5 = 1 THEN 'UPSTREAM.RATE_LIMITED' END, http_status = CASE WHEN $2 % 5 = 1 THEN 429 END
       WHERE id = (SELECT id FROM model_calls ORDER BY id OFFSET $1 % greatest(1, (SELECT count(*) FROM model_calls)) LIMIT 1)`,
      [which, seed],
    );

  async function take(one: Step): Promise<void> {
    if (one.do === 'insert') {
      await insert(one.ageMs, one.seed);
      await change(1_000_000_007, one.seed);
    } else if (one.do === 'change') await change(one.which, one.seed);
    else if (one.do === 'roll up') await service.run();
    else if (one.do === 'rerate') {
      await db.database.query('UPDATE model_calls SET cost_usd_micros = cost_usd_micros * 2 WHERE id % 3 = $1 % 3', [
        one.which,
      ]);
    } else {
      await db.database.query(
        'DELETE FROM model_calls WHERE id = (SELECT id FROM model_calls ORDER BY id OFFSET $1 % greatest(1, (SELECT count(*) FROM model_calls)) LIMIT 1)',
        [one.which],
      );
    }
  }

  const CONDITIONS = `($3::bigint IS NULL OR user_id = $3) AND ($4::bigint IS NULL OR workspace_id = $4) AND ($5::bigint IS NULL OR persona_id = $5)
    AND ($6::text IS NULL OR model_requested = $6) AND ($7::text IS NULL OR channel = $7)`;
  const valuesOf = (point: Point, selection: Selection): unknown[] => [
    new Date(point.from),
    new Date(point.to),
    selection.userId ?? null,
    selection.workspaceId ?? null,
    selection.personaId ?? null,
    selection.model ?? null,
    selection.channel ?? null,
  ];

  /** What the ledger itself says, without any of the code under test but the view that says what a call counts for. */
  async function ledgerSums(
    point: Point,
    selection: Selection,
    group: Group | null,
  ): Promise<Map<string | null, object>> {
    const key = group === null ? 'NULL::text' : `${GROUP_COLUMNS[group]}::text`;
    const rows = await db.database.query<{ key: string | null }>(
      `SELECT ${key} AS key, ${MEASURES.map((measure) => `sum(${measure})::bigint AS ${measure}`).join(', ')}
       FROM (SELECT *, model AS model_requested FROM model_call_figures) AS f WHERE started_at >= $1 AND started_at < $2 AND ${CONDITIONS} GROUP BY 1`,
      valuesOf(point, selection),
    );
    return new Map(rows.map(({ key: name, ...sums }) => [name, sums]));
  }

  const withoutZeros = (groups: ReadonlyMap<string | null, object> | undefined): Record<string, object> =>
    Object.fromEntries(
      [...(groups ?? [])]
        .filter(([, sums]) => Object.values(sums).some((sum) => sum !== 0))
        .map(([key, sums]) => [String(key), sums]),
    );

  async function expectAgreement(zone: string): Promise<void> {
    const range = { from: Date.now() - (DAYS - 3.3) * DAY_MS, to: Date.now() + 60_000 };
    for (const [selection, group] of QUESTIONS) {
      for (const interval of ['month', 'day', 'none'] as const) {
        const points = pointsOf(range, interval, zone, 1000);
        const told = await snapshots.read(async () =>
          figures.sums(points, await snapshots.state(range), { selection, group }, MEASURES),
        );
        const checked = interval === 'day' ? points.filter((_, place) => place % 17 === 3) : points;
        for (const point of checked) {
          const place = points.indexOf(point);
          expect({ selection, group, point, sums: withoutZeros(told.get(place)) }).toEqual({
            selection,
            group,
            point,
            sums: withoutZeros(await ledgerSums(point, selection, group)),
          });
        }
      }
    }
    await expectSameLatencies(range, zone);
    await expectSameErrors(range);
    await expectSameActivity(range, zone);
  }

  async function expectSameLatencies(range: Point, zone: string): Promise<void> {
    for (const selection of [{}, { workspaceId: 1 }, { userId: 2 }, { personaId: 3 }, { model: 'gpt-6-sol' }]) {
      for (const interval of ['day', 'none'] as const) {
        const points = pointsOf(range, interval, zone, 1000);
        const told = await snapshots.read(async () =>
          figures.latencies(points, await snapshots.state(range), { selection, group: null }),
        );
        for (const [place, point] of points.entries()) {
          if (interval === 'day' && place % 17 !== 3) continue;
          const rows = await db.database.query<{ bin: number; calls: number }>(
            `SELECT e >> 40 AS bin, count(*) AS calls FROM (SELECT *, model AS model_requested FROM model_call_figures) AS f, unnest(latencies) AS e
             WHERE started_at >= $1 AND started_at < $2 AND ${CONDITIONS} GROUP BY 1`,
            valuesOf(point, selection),
          );
          const found = [...(told.get(place)?.get(null) ?? [])].filter(([, calls]) => calls !== 0);
          expect({ selection, point, bins: new Map(found) }).toEqual({
            selection,
            point,
            bins: new Map(rows.map(({ bin, calls }) => [bin, calls])),
          });
        }
      }
    }
  }

  async function expectSameErrors(range: Point): Promise<void> {
    const told = await errors.kinds(range, await snapshots.state(range), {}, 100);
    const rows = await db.database.query(
      `SELECT status, error_code AS "errorCode", http_status AS "httpStatus", count(*) AS calls FROM model_calls
       WHERE started_at >= $1 AND started_at < $2 AND status IN ('failed', 'cancelled', 'lost') GROUP BY 1, 2, 3
       ORDER BY count(*) DESC, status, error_code, http_status`,
      [new Date(range.from), new Date(range.to)],
    );
    expect(told).toEqual(rows);
  }

  async function expectSameActivity(range: Point, zone: string): Promise<void> {
    for (const selection of [{}, { personaId: 1 }, { userId: 2 }]) {
      for (const group of [null, 'persona', 'user'] as const) {
        for (const interval of ['month', 'none'] as const) {
          const points = pointsOf(range, interval, zone, 1000);
          const told = await snapshots.read(async () =>
            conversations.counts(points, await snapshots.state(range), { selection, group }),
          );
          for (const [place, point] of points.entries()) {
            const key = group === null ? 'NULL::text' : `${GROUP_COLUMNS[group]}::text`;
            const rows = await db.database.query<{ key: string | null; count: number }>(
              `SELECT ${key} AS key, count(DISTINCT conversation_id) AS count FROM model_calls
               WHERE started_at >= $1 AND started_at < $2 AND purpose = 'reply' AND ${CONDITIONS} GROUP BY 1`,
              valuesOf(point, selection),
            );
            const active = [...(told.get(place) ?? [])].filter(([, counts]) => (counts.active ?? 0) !== 0);
            expect({
              selection,
              group,
              point,
              active: new Map(active.map(([name, counts]) => [name, counts.active])),
            }).toEqual({
              selection,
              group,
              point,
              active: new Map(rows.map(({ key: name, count }) => [name, count])),
            });
          }
        }
      }
    }
  }

  it.each(['Europe/Berlin', 'Asia/Kolkata'])(
    'what reports say equals the ledger, whatever was written and summed up before: days of %s',
    async (zone) => {
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 25, maxLength: 60 }), async (steps) => {
          await db.database.query(
            'TRUNCATE model_calls, usage_rollups, error_rollups, conversation_rollups, conversation_activity, rollup_marks',
          );
          await db.database.query(
            `UPDATE rollup_state SET frontier = date_trunc('day', now() - interval '80 days', 'UTC')`,
          );
          for (const one of steps) await take(one);
          await expectAgreement(zone);
          await service.run();
          await expectAgreement(zone);
        }),
        { numRuns: 2, endOnFailure: true },
      );
    },
  );

  it('once they are summed up, no call of former hours is read any more', async () => {
    await db.database.query(`UPDATE rollup_state SET frontier = date_trunc('day', now() - interval '80 days', 'UTC')`);
    for (let days = 1; days < 70; days += 1) await take({ do: 'insert', ageMs: days * DAY_MS, seed: days });
    await rollUpAll(db, service);
    const range = { from: Date.now() - DAYS * DAY_MS, to: Date.now() };
    const state = await snapshots.state(range);
    expect([state.markedHours.size, state.markedMonths.size]).toEqual([0, 0]);
    expect(state.frontier).toBeGreaterThan(Date.now() - 2 * 3_600_000);
    // Then sums are told although the ledger is gone: without its triggers, nobody has marked anything.
    const before = await figures.sums([range], state, { selection: { userId: 1 }, group: null }, MEASURES);
    await db.database.query('ALTER TABLE model_calls DISABLE TRIGGER USER');
    await db.database.query(
      `DELETE FROM model_calls WHERE started_at < to_timestamp($1::double precision / 1000) AND started_at > now() - interval '69 days'`,
      [state.frontier],
    );
    expect(await figures.sums([range], state, { selection: { userId: 1 }, group: null }, MEASURES)).toEqual(before);
  });

  it('a call that is changed while its hour is summed up leaves a mark that stays', async () => {
    await db.database.query(`UPDATE rollup_state SET frontier = date_trunc('day', now() - interval '80 days', 'UTC')`);
    await take({ do: 'insert', ageMs: 3 * DAY_MS, seed: 12 });
    await rollUpAll(db, service);
    const slow = db.dataSource.createQueryRunner();
    await slow.connect();
    await slow.startTransaction();
    await slow.query('UPDATE model_calls SET total_tokens = 4711, is_usage_estimated = false');
    await insert(3 * DAY_MS + 1, 13);
    await service.run();
    await slow.commitTransaction();
    await slow.release();
    const range = { from: Date.now() - DAYS * DAY_MS, to: Date.now() };
    const told = await figures.sums([range], await snapshots.state(range), { selection: {}, group: null }, [
      'total_tokens',
    ]);
    const [ledger] = await db.database.query<{ tokens: number }>(
      'SELECT sum(total_tokens)::bigint AS tokens FROM model_calls WHERE NOT is_usage_estimated',
    );
    expect(told.get(0)?.get(null)?.total_tokens).toBe(ledger!.tokens);
  });

  it('calls of the present leave no mark, however often they are written', async () => {
    await take({ do: 'insert', ageMs: 1000, seed: 5 });
    await take({ do: 'change', which: 0, seed: 6 });
    expect(await db.database.query('SELECT FROM rollup_marks')).toHaveLength(0);
    await take({ do: 'insert', ageMs: 400_000, seed: 5 });
    expect(await db.database.query('SELECT FROM rollup_marks')).not.toHaveLength(0);
  });
});
