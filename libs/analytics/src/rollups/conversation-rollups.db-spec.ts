import * as fc from 'fast-check';
import { aConversation } from '../../../../test/factories/rows';
import { type TestDatabase, testDatabase } from '../../../../test/support/database';
import { rollUpAll } from '../../../../test/support/roll-up';
import { type ConversationCounts, ConversationFiguresRepository } from '../persistence/conversations.repository';
import { GROUP_COLUMNS, type Group, type Selection } from '../persistence/figures.sql';
import { RollupsRepository } from '../persistence/rollups.repository';
import { SnapshotRepository } from '../persistence/snapshot.repository';
import { type Interval, type Point, pointsOf } from '../time/points';
import { RollUpService } from './roll-up.service';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
/** Everything happens in these days before now, over the ends of months. */
const DAYS = 70;

type Step =
  | { do: 'call' | 'begin' | 'end'; ageMs: number; seed: number }
  | { do: 'delete a call'; seed: number }
  | { do: 'delete the first call'; seed: number }
  | { do: 'roll up' };

/** Anywhere, or near the ends of days of UTC, Berlin and Kolkata, where conversations go on from one point to the next. */
const age = fc.oneof(
  fc.integer({ min: 0, max: DAYS * DAY_MS }),
  fc
    .record({
      day: fc.integer({ min: 1, max: DAYS }),
      hour: fc.constantFrom(0, 18, 22),
      minutes: fc.integer({ min: -100, max: 100 }),
    })
    .map(({ day, hour, minutes }) => {
      const now = Date.now();
      return Math.max(0, now - (now - (now % DAY_MS)) + day * DAY_MS - hour * 60 * MINUTE_MS - minutes * MINUTE_MS);
    }),
);
const seed = fc.nat(1e6);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 10, arbitrary: fc.record({ do: fc.constant('call' as const), ageMs: age, seed }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('begin' as const), ageMs: age, seed }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('end' as const), ageMs: age, seed }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('delete a call' as const), seed }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('delete the first call' as const), seed }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('roll up' as const) }) },
);

/** Each of the cubes, and what only the ledger tells apart by days. */
const SELECTIONS: Selection[] = [
  {},
  { workspaceId: 1 },
  { channel: 'api' },
  { personaId: 2 },
  { userId: 2 },
  { workspaceId: 2, personaId: 1 },
  { userId: 1, channel: 'api' },
];
const NOTHING: ConversationCounts = { created: 0, deleted: 0, active: 0 };

describe('sums of conversations', () => {
  let db: TestDatabase;
  let service: RollUpService;
  let snapshots: SnapshotRepository;
  let conversations: ConversationFiguresRepository;

  beforeEach(async () => {
    db = await testDatabase();
    service = new RollUpService(new RollupsRepository(db.database));
    snapshots = new SnapshotRepository(db.database);
    conversations = new ConversationFiguresRepository(db.database);
    await startAnew();
  });
  afterEach(async () => db.close());

  async function startAnew(): Promise<void> {
    await db.database.query(
      'TRUNCATE model_calls, usage_rollups, error_rollups, conversation_rollups, conversation_activity, conversation_lives, rollup_marks',
    );
    await db.database.query(`UPDATE rollup_state SET frontier = date_trunc('day', now() - interval '80 days', 'UTC')`);
  }

  /** A conversation has one user, workspace and channel; its persona may change. */
  const WHOSE = `SELECT 1 + c AS id, 1 + c % 2 AS workspace_id, 1 + c % 3 AS user_id, 1 + s / 3 % 3 AS persona_id,
    CASE WHEN c % 4 = 0 THEN 'whatsapp' ELSE 'api' END AS channel, now() - $1 * interval '1 millisecond' AS at
    FROM (SELECT $2::integer AS s, $2::integer / 7 % 7 AS c) AS seeds`;
  const DELETE_FIRST = `DELETE FROM model_calls WHERE id = (SELECT id FROM model_calls WHERE conversation_id = 1 + $1 % 7 ORDER BY started_at LIMIT 1)`;
  const DELETE_ANY = `DELETE FROM model_calls WHERE id = (SELECT id FROM model_calls ORDER BY id OFFSET $1 % greatest(1, (SELECT count(*) FROM model_calls)) LIMIT 1)`;

  async function take(one: Step): Promise<void> {
    if (one.do === 'roll up') await service.run();
    else if (one.do === 'delete the first call') await db.database.query(DELETE_FIRST, [one.seed]);
    else if (one.do === 'delete a call') await db.database.query(DELETE_ANY, [one.seed]);
    else if (one.do === 'call') {
      await db.database.query(
        `INSERT INTO model_calls (workspace_id, user_id, persona_id, persona_version_id, conversation_id, turn_id, purpose, attempt, status, provider, api,
           model_requested, channel, started_at)
         SELECT workspace_id, user_id, persona_id, 1, id, nextval('turns_id_seq'), CASE WHEN $2::integer % 11 = 0 THEN 'summary' ELSE 'reply' END, 1,
           'started', 'openai', 'responses', 'gpt-6-luna', channel, at FROM (${WHOSE}) AS whose`,
        [one.ageMs, one.seed],
      );
    } else if (one.do === 'begin') {
      await db.database.query(
        `INSERT INTO conversation_lives (conversation_id, workspace_id, user_id, persona_id, channel, created_at)
         SELECT (SELECT 1 + count(*) FROM conversation_lives), workspace_id, user_id, persona_id, channel, at FROM (${WHOSE}) AS whose`,
        [one.ageMs, one.seed],
      );
    } else {
      await db.database.query(
        `UPDATE conversation_lives SET deleted_at = now() - $1 * interval '1 millisecond'
         WHERE deleted_at IS NULL AND conversation_id = 1 + $2 % greatest(1, (SELECT count(*) FROM conversation_lives))`,
        [one.ageMs, one.seed],
      );
    }
  }

  /** What calls and conversations themselves say of some points, without any of the code under test. */
  async function ledgerCounts(
    points: readonly Point[],
    selection: Selection,
    group: Group | null,
  ): Promise<Record<string, ConversationCounts>> {
    const key = group === null ? 'NULL::text' : `${GROUP_COLUMNS[group]}::text`;
    const conditions = `($3::bigint IS NULL OR user_id = $3) AND ($4::bigint IS NULL OR workspace_id = $4) AND ($5::bigint IS NULL OR persona_id = $5)
      AND ($6::text IS NULL OR channel = $6)`;
    const part = (name: keyof ConversationCounts, count: string, table: string, time: string): string => `
      SELECT '${name}' AS name, point - 1 AS point, ${key} AS key, ${count} AS count
      FROM unnest($1::timestamptz[], $2::timestamptz[]) WITH ORDINALITY AS p (since, until, point) JOIN ${table} f ON ${time} >= since AND ${time} < until
      WHERE ${conditions} GROUP BY 2, 3`;
    const rows = await db.database.query<{
      name: keyof ConversationCounts;
      point: number;
      key: string | null;
      count: number;
    }>(
      [
        part('created', 'count(*)', 'conversation_lives', 'created_at'),
        part('deleted', 'count(*)', 'conversation_lives', 'deleted_at'),
        part(
          'active',
          'count(DISTINCT conversation_id)',
          `(SELECT * FROM model_calls WHERE purpose = 'reply')`,
          'started_at',
        ),
      ].join(' UNION ALL '),
      [
        points.map(({ from }) => new Date(from)),
        points.map(({ to }) => new Date(to)),
        ...[selection.userId, selection.workspaceId, selection.personaId, selection.channel].map((one) => one ?? null),
      ],
    );
    const counts: Record<string, ConversationCounts> = {};
    for (const { name, point, key: of, count } of rows) {
      counts[`${point} ${of}`] = { ...(counts[`${point} ${of}`] ?? NOTHING), [name]: count };
    }
    return counts;
  }

  async function toldCounts(
    points: readonly Point[],
    selection: Selection,
    group: Group | null,
  ): Promise<Record<string, ConversationCounts>> {
    const range = { from: points[0]!.from, to: points.at(-1)!.to };
    const told = await snapshots.read(async () =>
      conversations.counts(points, await snapshots.state(range), { selection, group }),
    );
    return Object.fromEntries(
      [...told].flatMap(([point, groups]) => [...groups].map(([name, counts]) => [`${point} ${name}`, counts])),
    );
  }

  /** @param turn which of the questions is asked by month, by day and as a whole; after three turns each is asked in all ways */
  async function expectAgreement(zone: string, turn: number): Promise<void> {
    const range = { from: Date.now() - (DAYS - 3.3) * DAY_MS, to: Date.now() + 60_000 };
    const questions = SELECTIONS.flatMap((selection) =>
      ([null, 'persona', 'user', 'channel'] as const).map((group) => ({ selection, group })),
    );
    for (const [place, { selection, group }] of questions.entries()) {
      const interval: Interval = (['month', 'day', 'none'] as const)[(place + turn) % 3]!;
      const points = pointsOf(range, interval, zone, 1000);
      expect({ selection, group, points, counts: await toldCounts(points, selection, group) }).toEqual({
        selection,
        group,
        points,
        counts: await ledgerCounts(points, selection, group),
      });
    }
  }

  it.each(['Europe/Berlin', 'Asia/Kolkata'])(
    'what is told of conversations equals the ledger, whatever was written and summed up before: days of %s',
    async (zone) => {
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 40, maxLength: 90 }), fc.nat(2), async (steps, turn) => {
          await startAnew();
          for (const one of steps) await take(one);
          await expectAgreement(zone, turn);
          await service.run();
          await expectAgreement(zone, turn + 1);
        }),
        { numRuns: 3, endOnFailure: true },
      );
    },
    240_000,
  );

  it('an earlier call that comes late, and the end of the first one, change the sums of later months', async () => {
    // Always in three months, of which two are over.
    const ages = [3, 34, 66].map((days) => days * DAY_MS);
    for (const ageMs of ages) {
      await take({ do: 'call', ageMs, seed: 1 });
      await rollUpAll(db, service);
      await expectAgreement('UTC', 0);
    }
    const corrections = await db.database.query(
      'SELECT FROM conversation_rollups WHERE first_active < 0 AND grain = 3',
    );
    expect(corrections).not.toHaveLength(0);
    await take({ do: 'delete the first call', seed: 0 });
    await rollUpAll(db, service);
    await expectAgreement('UTC', 0);
  });

  it('conversations that go on after pauses of minutes, hours, days and weeks are active again in the next month', async () => {
    const now = new Date();
    const monthMs = Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - 1, 1);
    for (const [place, minutes] of [20, 3 * 60, 2 * 24 * 60, 13 * 24 * 60].entries()) {
      for (const at of [monthMs - minutes * MINUTE_MS, monthMs + minutes * MINUTE_MS]) {
        await take({ do: 'call', ageMs: Date.now() - at, seed: 7 * place + 2 });
      }
    }
    await rollUpAll(db, service);
    for (const turn of [0, 1, 2]) await expectAgreement('UTC', turn);
  });

  it('once they are summed up, no conversation of former days is read any more', async () => {
    for (let days = 1; days < 66; days += 1) {
      await take({ do: 'begin', ageMs: days * DAY_MS, seed: days });
      await take({ do: 'end', ageMs: days * DAY_MS - MINUTE_MS, seed: days - 1 });
    }
    await rollUpAll(db, service);
    const points = pointsOf({ from: Date.now() - 65 * DAY_MS, to: Date.now() }, 'month', 'UTC', 100).slice(1, -1);
    const before = await toldCounts(points, {}, 'user');
    expect(Object.keys(before)).not.toHaveLength(0);
    await db.database.query('ALTER TABLE conversation_lives DISABLE TRIGGER USER');
    await db.database.query('DELETE FROM conversation_lives');
    expect(await toldCounts(points, {}, 'user')).toEqual(before);
  });

  it('conversations of the present leave no mark; those of the past mark their hours, once per statement', async () => {
    const marks = (): Promise<unknown[]> => db.database.query('SELECT FROM rollup_marks');
    await take({ do: 'begin', ageMs: 1_000, seed: 1 });
    await take({ do: 'end', ageMs: 0, seed: 0 });
    expect(await marks()).toHaveLength(0);
    await db.database.query(
      `INSERT INTO conversation_lives (conversation_id, workspace_id, user_id, persona_id, channel, created_at)
       SELECT 100 + n, 1, 1, 1, 'api', date_trunc('hour', now()) - interval '3 hours' + n * interval '1 minute' FROM generate_series(1, 50) n`,
    );
    expect(await marks()).toHaveLength(1);
  });

  it('conversations that are written and deleted many at a time are remembered, with the hours they began in', async () => {
    const { conversationId } = await aConversation(db.database);
    await db.database.query(
      `INSERT INTO conversations (workspace_id, user_id, persona_id, title, is_title_generated, created_at)
       SELECT workspace_id, user_id, persona_id, title, true, now() - n * interval '1 day' FROM conversations, generate_series(1, 3) n WHERE id = $1`,
      [conversationId],
    );
    const told = async (): Promise<unknown> =>
      Object.values(await toldCounts([{ from: Date.now() - 10 * DAY_MS, to: Date.now() + DAY_MS }], {}, null));
    await rollUpAll(db, service);
    expect(await told()).toEqual([{ created: 4, deleted: 0, active: 0 }]);
    await db.database.query('DELETE FROM conversations WHERE created_at < now()');
    expect(await told()).toEqual([{ created: 4, deleted: 4, active: 0 }]);
    expect(await db.database.query("SELECT FROM rollup_marks WHERE bucket > now() - interval '1 hour'")).toEqual([]);
  });
});
