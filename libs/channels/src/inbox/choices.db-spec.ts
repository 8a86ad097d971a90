import { aChannel, anIdentity, type ChannelRowIds } from '../../../../test/factories/channels';
import { aPersona } from '../../../../test/factories/rows';
import { type TestDatabase, testDatabase } from '../../../../test/support/database';
import { Choices } from './choices.service';
import { ChoicesRepository } from './persistence/choices.repository';
import { ThreadsRepository } from './persistence/threads.repository';

const HERE = 'herehereherehereherehere01';
const THERE = 'therethere0therethere0ther';

describe('what people choose for a place', () => {
  let db: TestDatabase;
  let choices: Choices;
  let threads: ThreadsRepository;
  let channel: ChannelRowIds;

  beforeAll(async () => {
    db = await testDatabase();
    threads = new ThreadsRepository(db.database);
    choices = new Choices(db.database, new ChoicesRepository(db.database), threads);
  });
  afterAll(() => db.close());
  beforeEach(async () => {
    channel = await aChannel(db.database);
  });

  const aShared = async (visibility = 'workspace'): Promise<number> => {
    const id = await aPersona(db.database, channel);
    await db.database.query('UPDATE personas SET visibility = $2 WHERE id = $1', [id, visibility]);
    return id;
  };
  /** Somebody with one open thread in each of the places. */
  const somebody = async (): Promise<number> => {
    const { identityId, conversationId, visitorId } = await anIdentity(db.database, channel);
    await db.database.query('UPDATE channel_threads SET thread_key = $2 WHERE conversation_id = $1', [
      conversationId,
      `${HERE}:root`,
    ]);
    await db.database.query(
      `WITH made AS (INSERT INTO conversations (workspace_id, user_id, persona_id, title, is_title_generated, channel, is_encrypted)
         VALUES ($1, $2, $3, 'x', false, 'whatsapp', true) RETURNING id)
       INSERT INTO channel_threads (conversation_id, channel_id, identity_id, thread_key) SELECT id, $4, $5, $6 FROM made`,
      [channel.workspaceId, visitorId, channel.personaId, channel.channelId, identityId, `${THERE}:`],
    );
    return identityId;
  };
  const openPlaces = async (identityId: number): Promise<string[]> =>
    (
      await db.database.query<{ key: string }>(
        'SELECT thread_key AS key FROM channel_threads WHERE identity_id = $1 AND is_open ORDER BY 1',
        [identityId],
      )
    ).map(({ key }) => key);

  it('are personas that are shared in the workspace, for as long as they are', async () => {
    const [shared, hidden] = [await aShared(), await aShared('private')];
    const personas = await choices.personas({ workspaceId: channel.workspaceId } as Parameters<Choices['personas']>[0]);
    expect(personas.map(({ id }) => id).sort()).toEqual([channel.personaId, shared].sort());
    const identityId = await somebody();
    await choices.choose(identityId, HERE, hidden);
    expect(await choices.personaOf(identityId, HERE)).toBeUndefined();
    await choices.choose(identityId, HERE, shared);
    expect(await choices.personaOf(identityId, HERE)).toBe(shared);
    expect(await choices.personaOf(identityId, THERE)).toBeUndefined();
    await db.database.query('UPDATE personas SET deleted_at = now() WHERE id = $1', [shared]);
    expect(await choices.personaOf(identityId, HERE)).toBeUndefined();
  });

  it('an open thread knows whom its person has chosen there', async () => {
    const identityId = await somebody();
    const shared = await aShared();
    await db.database.query('INSERT INTO channel_choices (identity_id, place, persona_id) VALUES ($1, $2, $3)', [
      identityId,
      HERE,
      shared,
    ]);
    expect((await threads.findOpen(identityId, `${HERE}:root`))?.chosenPersonaId).toBe(shared);
    expect((await threads.findOpen(identityId, `${THERE}:`))?.chosenPersonaId).toBeNull();
  });

  it.each(['choose', 'reset'] as const)('%s ends what is open in that place, and nothing else', async (what) => {
    const [identityId, other] = [await somebody(), await somebody()];
    if (what === 'choose') await choices.choose(identityId, HERE, await aShared());
    else await choices.reset(identityId, HERE);
    expect(await openPlaces(identityId)).toEqual([`${THERE}:`]);
    expect(await openPlaces(other)).toHaveLength(2);
  });

  it('what people of the team have taken goes on', async () => {
    const identityId = await somebody();
    await db.database.query(
      `UPDATE conversations SET owner = 'human' WHERE id IN (SELECT conversation_id FROM channel_threads WHERE identity_id = $1)`,
      [identityId],
    );
    await choices.reset(identityId, HERE);
    expect(await openPlaces(identityId)).toHaveLength(2);
  });

  it('a reset keeps the persona, a persona keeps the reset, and both go with the person', async () => {
    const identityId = await somebody();
    const shared = await aShared();
    await choices.reset(identityId, HERE);
    await choices.choose(identityId, HERE, shared);
    await choices.reset(identityId, HERE);
    const rows = await db.database.query(
      'SELECT persona_id FROM channel_choices WHERE identity_id = $1 AND reset_at IS NOT NULL',
      [identityId],
    );
    expect(rows).toEqual([{ persona_id: shared }]);
    await db.database.query('DELETE FROM channel_identities WHERE id = $1', [identityId]);
    expect(await db.database.query('SELECT 1 FROM channel_choices WHERE identity_id = $1', [identityId])).toEqual([]);
  });
});
