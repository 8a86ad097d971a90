import { aPersona, aUser } from '../../../../test/factories/rows';
import { conversationRepositories } from '../../../../test/support/encryption';
import { type TestDatabase, testDatabase } from '../../../../test/support/database';
import { AttemptEndingsRepository } from './attempt-endings.repository';
import { ConversationsRepository } from './conversations.repository';
import type { BegunTurn } from './turn-work';
import { TurnWorkRepository } from './turn-work.repository';
import { TurnsRepository } from './turns.repository';
import { aReply } from './outcomes.spec-support';
import { aMessage } from './turns.spec-support';

const LEASE_MS = 60_000;
const CONVERSATIONS = 1000;

describe('which version a conversation gets while two are compared', () => {
  let db: TestDatabase;
  let turns: TurnsRepository;
  let work: TurnWorkRepository;
  let endings: AttemptEndingsRepository;
  let conversations: ConversationsRepository;

  beforeAll(async () => {
    db = await testDatabase();
    ({ turns, work, endings, conversations } = conversationRepositories(db.database));
  });
  afterAll(() => db.close());

  interface World {
    userId: number;
    workspaceId: number;
    personaId: number;
  }

  /** A persona whose version 1 is published, with versions 2 and 3. */
  async function aWorld(): Promise<World> {
    const owner = await aUser(db.database);
    const personaId = await aPersona(db.database, owner);
    await db.database.query(
      `INSERT INTO persona_versions (persona_id, version, name, description, relationship_type, system_instructions, prompt_template)
       SELECT $1, n, 'Alex', '', 'friend', '', '' FROM generate_series(2, 3) n`,
      [personaId],
    );
    return { ...owner, personaId };
  }

  const start = async ({ personaId }: World, shareB: number): Promise<number> => {
    const [row] = await db.database.query<{ id: number }>(
      `INSERT INTO persona_experiments (persona_id, name, version_a, version_b, share_b) VALUES ($1, 'x', 1, 2, $2) RETURNING id`,
      [personaId, shareB],
    );
    return row!.id;
  };
  const stop = (experimentId: number) =>
    db.database.query(`UPDATE persona_experiments SET stopped_at = now() WHERE id = $1`, [experimentId]);
  const converse = ({ userId, workspaceId, personaId }: World) =>
    conversations.create({ userId, workspaceId, personaId, title: 'New', isTitleGenerated: true });
  const say = ({ userId }: World, conversationId: number) =>
    turns.accept(aMessage({ conversationId, userId }, 'hello'));
  /** Says something and begins the answer; the lease is given back. */
  async function answer(world: World, conversationId: number): Promise<BegunTurn> {
    await say(world, conversationId);
    const taken = await work.take(conversationId, 'w', LEASE_MS, 10);
    const turn = taken!.turn!;
    await endings.finish(turn, taken!.token, aReply('hi'));
    return turn;
  }
  const versionsOf = async (experimentId: number): Promise<Record<number, number>> => {
    const rows = await db.database.query<{ version: number; count: number }>(
      `SELECT persona_version AS version, count(*) AS count FROM conversations WHERE experiment_id = $1 GROUP BY 1`,
      [experimentId],
    );
    return Object.fromEntries(rows.map(({ version, count }) => [version, count]));
  };
  const versionByConversation = (experimentId: number): Promise<unknown> =>
    db.database.query(`SELECT id, persona_version FROM conversations WHERE experiment_id = $1 ORDER BY id`, [
      experimentId,
    ]);

  it.each([50, 10, 1, 99])(
    'splits 1,000 conversations within four standard deviations of %i percent, and moves none of them with its next message',
    async (shareB) => {
      const world = await aWorld();
      const experimentId = await start(world, shareB);
      await db.database.query(
        `INSERT INTO conversations (workspace_id, user_id, persona_id, title, is_title_generated)
         SELECT $1, $2, $3, 'New', true FROM generate_series(1, $4::integer)`,
        [world.workspaceId, world.userId, world.personaId, CONVERSATIONS],
      );
      const ids = await db.database.query<{ id: number }>(`SELECT id FROM conversations WHERE persona_id = $1`, [
        world.personaId,
      ]);
      const sayEverywhere = () => Promise.all(ids.map(({ id }) => say(world, id)));
      await sayEverywhere();
      const { 1: a = 0, 2: b = 0 } = await versionsOf(experimentId);
      expect(a + b).toBe(CONVERSATIONS);
      const share = shareB / 100;
      const deviation = Math.sqrt(CONVERSATIONS * share * (1 - share));
      expect(Math.abs(b - CONVERSATIONS * share)).toBeLessThan(4 * deviation);
      const first = await versionByConversation(experimentId);
      await sayEverywhere();
      expect(await versionByConversation(experimentId)).toEqual(first);
      // Anybody can check who got what, as docs/versions.md says.
      const [wrong] = await db.database.query<{ count: number }>(
        `SELECT count(*) AS count FROM conversations WHERE experiment_id = $1
           AND persona_version <> CASE WHEN abs(mod(hashint8extended(id, experiment_id), 100)) < $2 THEN 2 ELSE 1 END`,
        [experimentId, shareB],
      );
      expect(wrong).toEqual({ count: 0 });
    },
  );

  it('mixes anew in the next comparison: who got B before gets A about as often', async () => {
    // The same statement as the assignment, over the same conversations and two comparisons.
    const [row] = await db.database.query<{ both: number }>(
      `SELECT count(*) AS both FROM generate_series(1, 4000) AS c (id)
       WHERE abs(mod(hashint8extended(c.id, 1), 100)) < 50 AND abs(mod(hashint8extended(c.id, 2), 100)) < 50`,
    );
    expect(Math.abs(row!.both - 1000)).toBeLessThan(4 * Math.sqrt(4000 * 0.25 * 0.75));
  });

  it('keeps a conversation at its version from turn to turn, and says so in every turn', async () => {
    const world = await aWorld();
    const experimentId = await start(world, 50);
    const ids = await Promise.all(Array.from({ length: 12 }, () => converse(world)));
    const seen = new Set<number>();
    for (const id of ids) {
      const first = await answer(world, id);
      expect(first.experimentId).toBe(experimentId);
      expect([1, 2]).toContain(first.personaVersion);
      seen.add(first.personaVersion!);
      for (let turn = 0; turn < 3; turn += 1) {
        expect(await answer(world, id)).toMatchObject({ personaVersion: first.personaVersion, experimentId });
      }
      expect(await conversations.answeringVersion(id)).toBe(first.personaVersion);
    }
    expect(seen).toEqual(new Set([1, 2]));
    const counted = await db.database.query(`SELECT 1 FROM turns WHERE experiment_id = $1`, [experimentId]);
    expect(counted).toHaveLength(48);
  });

  it('keeps it for the next attempt of a turn whose worker died', async () => {
    const world = await aWorld();
    await start(world, 50);
    const id = await converse(world);
    await say(world, id);
    const first = await work.take(id, 'dies', LEASE_MS, 10);
    await db.database.query(
      `UPDATE conversation_leases SET expires_at = now() - interval '1 second' WHERE conversation_id = $1`,
      [id],
    );
    const second = await work.take(id, 'takes over', LEASE_MS, 10);
    expect(second!.turn).toMatchObject({ isTakeover: true, personaVersion: first!.turn!.personaVersion });
  });

  it('leaves conversations alone that have begun before, and takes in those that were only made before', async () => {
    const world = await aWorld();
    const [begun, made] = [await converse(world), await converse(world)];
    await answer(world, begun);
    const experimentId = await start(world, 99);
    expect(await answer(world, begun)).toMatchObject({ personaVersion: 1, experimentId: null });
    expect(await answer(world, made)).toMatchObject({ experimentId });
  });

  it('gives everybody the published version once it is stopped, and none of them another one later', async () => {
    const world = await aWorld();
    const first = await start(world, 99);
    const ids = await Promise.all(Array.from({ length: 5 }, () => converse(world)));
    for (const id of ids) await answer(world, id);
    await stop(first);
    await db.database.query(`UPDATE personas SET current_version = 3 WHERE id = $1`, [world.personaId]);
    await start(world, 50);
    for (const id of ids) expect(await answer(world, id)).toMatchObject({ personaVersion: 3, experimentId: null });
    const counted = await db.database.query(`SELECT 1 FROM turns WHERE experiment_id = $1`, [first]);
    expect(counted).toHaveLength(5);
  });

  it('does not count while the conversation is with another persona', async () => {
    const world = await aWorld();
    const other = await aPersona(db.database, world);
    const experimentId = await start(world, 99);
    const id = await converse(world);
    const { personaVersion } = await answer(world, id);
    await conversations.update(world.userId, id, { personaId: other });
    expect(await answer(world, id)).toMatchObject({ personaId: other, personaVersion: 1, experimentId: null });
    await conversations.update(world.userId, id, { personaId: world.personaId });
    expect(await answer(world, id)).toMatchObject({ personaVersion, experimentId });
  });

  it('does not bring a deleted persona back', async () => {
    const world = await aWorld();
    await start(world, 50);
    const id = await converse(world);
    await say(world, id);
    await db.database.query(`UPDATE personas SET deleted_at = now() WHERE id = $1`, [world.personaId]);
    const taken = await work.take(id, 'w', LEASE_MS, 10);
    expect(taken!.turn).toMatchObject({ personaVersion: null, experimentId: null });
  });
});
