import type { Principal } from '@app/platform';
import { testDatabase, type TestDatabase } from '../../../test/support/database';
import { type PersonaContent } from './persona';
import { PersonaHistoryService } from './persona-history.service';
import { type NewPersona, PersonasService } from './personas.service';
import { ExperimentsRepository } from './persistence/experiments.repository';
import { PersonaVersionsRepository } from './persistence/persona-versions.repository';
import { PersonasRepository } from './persistence/personas.repository';

const CONTENT: PersonaContent = {
  name: 'Alex',
  description: 'A friend',
  relationshipType: 'friend',
  systemInstructions: 'Be kind.',
  promptTemplate: 'Answer briefly.',
  model: null,
  temperature: 0.3,
  maxTokens: null,
  openaiPromptId: null,
  openaiPromptVersion: null,
  openaiPromptVariables: null,
  conversationState: null,
  fallbackModels: [],
  tools: [],
  responseFormat: null,
  metadata: {},
  serviceTier: null,
  piiRedaction: null,
  answerCache: null,
  sessionTimeoutMs: null,
};

describe('PersonasService', () => {
  let db: TestDatabase;
  let personas: PersonasService;
  let history: PersonaHistoryService;
  let users = 0;

  beforeAll(async () => {
    db = await testDatabase();
    const versions = new PersonaVersionsRepository(db.database);
    const rows = new PersonasRepository(db.database);
    personas = new PersonasService(db.database, rows, versions, new ExperimentsRepository(db.database));
    history = new PersonaHistoryService(personas, versions);
  });
  afterAll(() => db.close());

  async function aUser(): Promise<Principal> {
    const [user] = await db.database.query<{ id: number }>(
      `INSERT INTO users (username, password_hash) VALUES ($1, 'x') RETURNING id`,
      [`user${(users += 1)}@example.com`],
    );
    const [workspace] = await db.database.query<{ id: number }>(
      `INSERT INTO workspaces (kind, name, personal_user_id) VALUES ('personal', 'mine', $1) RETURNING id`,
      [user!.id],
    );
    await join(workspace!.id, user!.id, 'owner');
    return { userId: user!.id, workspaceId: workspace!.id, loginId: 1, isInstanceAdmin: false };
  }

  const join = (workspaceId: number, userId: number, role: 'owner' | 'member'): Promise<unknown> =>
    db.database.query(`INSERT INTO workspace_members (workspace_id, user_id, role) VALUES ($1, $2, $3)`, [
      workspaceId,
      userId,
      role,
    ]);

  async function aTeam(): Promise<{ workspaceId: number; boss: Principal; member: Principal; colleague: Principal }> {
    const [team] = await db.database.query<{ id: number }>(
      `INSERT INTO workspaces (kind, name) VALUES ('team', 'Team') RETURNING id`,
    );
    const [boss, member, colleague] = [await aUser(), await aUser(), await aUser()];
    await join(team!.id, boss.userId, 'owner');
    await join(team!.id, member.userId, 'member');
    await join(team!.id, colleague.userId, 'member');
    return { workspaceId: team!.id, boss, member, colleague };
  }

  const aPersona = (content: Partial<PersonaContent> = {}, rest: Partial<NewPersona> = {}): NewPersona => ({
    content: { ...CONTENT, ...content },
    visibility: 'private',
    ...rest,
  });

  const namesOf = async (user: Principal, filter: { nameContains?: string } = {}): Promise<string[]> =>
    (await personas.list(user, { limit: 200, ...filter })).items.map(({ name }) => name);

  const versionCount = async (id: number): Promise<number> =>
    (await db.database.query(`SELECT id FROM persona_versions WHERE persona_id = $1`, [id])).length;

  describe('the installation', () => {
    it('brings a support persona with id 1, which the members of the default workspace see and its owner may edit', async () => {
      const [boss, stranger] = [await aUser(), await aUser()];
      const [workspace] = await db.database.query<{ id: number }>(`SELECT id FROM workspaces WHERE is_default`);
      await join(workspace!.id, boss.userId, 'owner');
      await expect(personas.get(boss, 1)).resolves.toMatchObject({
        name: 'Parley Support',
        relationshipType: 'other',
        ownerId: null,
        workspaceId: workspace!.id,
        isDefaultSupport: true,
        canEdit: true,
        version: 1,
      });
      await expect(personas.get(stranger, 1)).rejects.toMatchObject({ code: 'PERSONA.NOT_FOUND' });
    });

    it('gives the first persona that a user makes an id after it', async () => {
      await expect(personas.create(await aUser(), aPersona())).resolves.toMatchObject({ version: 1 });
      const [row] = await db.database.query<{ id: number }>(
        `SELECT min(id) AS id FROM personas WHERE owner_id IS NOT NULL`,
      );
      expect(row!.id).toBe(2);
    });
  });

  describe('versions', () => {
    it('are made by every change of content, and by nothing else', async () => {
      const user = await aUser();
      const { id } = await personas.create(user, aPersona());
      await expect(personas.change(user, id, { content: { temperature: 0.4 } })).resolves.toMatchObject({
        version: 2,
        temperature: 0.4,
        name: 'Alex',
      });
      const before = await personas.get(user, id);
      await expect(personas.change(user, id, { content: { ...CONTENT, temperature: 0.4 } })).resolves.toEqual(before);
      await expect(personas.change(user, id, { content: {} })).resolves.toEqual(before);
      await expect(personas.change(user, id, { content: {}, visibility: 'workspace' })).resolves.toMatchObject({
        version: 2,
        visibility: 'workspace',
      });
      await expect(versionCount(id)).resolves.toBe(2);
    });

    it('hold tools, schema, metadata and fallback models, and make no new version when those stay the same', async () => {
      const user = await aUser();
      const settings: Partial<PersonaContent> = {
        conversationState: 'hybrid',
        fallbackModels: ['gpt-6-sol', 'meta-llama/Llama-4'],
        tools: [{ type: 'web_search', user_location: { city: 'Köln', country: 'DE' } }],
        responseFormat: { name: 'ticket', schema: { properties: { z: {}, a: {} }, type: 'object' }, strict: true },
        metadata: { team: 'support' },
        openaiPromptVersion: '2',
        openaiPromptVariables: { product: 'Parley' },
      };
      const made = await personas.create(user, aPersona(settings));
      expect(made).toMatchObject(settings);
      expect(Object.keys(made.responseFormat!.schema.properties as object)).toEqual(['z', 'a']);
      await expect(personas.change(user, made.id, { content: settings })).resolves.toMatchObject({ version: 1 });
      await expect(personas.change(user, made.id, { content: { tools: [] } })).resolves.toMatchObject({
        version: 2,
        tools: [],
        metadata: { team: 'support' },
      });
      await expect(history.rollBack(user, made.id, 1)).resolves.toMatchObject({ version: 3, ...settings });
    });

    it('cannot be changed: the database refuses it', async () => {
      const { id } = await personas.create(await aUser(), aPersona());
      await expect(
        db.database.query(`UPDATE persona_versions SET name = 'Other' WHERE persona_id = $1`, [id]),
      ).rejects.toThrow(`immutable: write a new version instead of changing version 1 of persona ${id}`);
    });

    it('come back as a new version with the old content; visibility stays as it is', async () => {
      const user = await aUser();
      const { id } = await personas.create(user, aPersona());
      await personas.change(user, id, { content: { name: 'Sam', model: 'gpt-6-sol' }, visibility: 'workspace' });
      await expect(history.rollBack(user, id, 1)).resolves.toMatchObject({
        ...CONTENT,
        version: 3,
        visibility: 'workspace',
      });
      const { items } = await history.list(user, id, { limit: 10 });
      expect(
        items.map(({ version, name, restoredFromVersion, isCurrent }) => [
          version,
          name,
          restoredFromVersion,
          isCurrent,
        ]),
      ).toEqual([
        [3, 'Alex', 1, true],
        [2, 'Sam', null, false],
        [1, 'Alex', null, false],
      ]);
      await expect(history.rollBack(user, id, 3)).resolves.toMatchObject({ version: 3 });
      await expect(history.rollBack(user, id, 9)).rejects.toMatchObject({
        code: 'PERSONA.VERSION_NOT_FOUND',
        status: 404,
      });
      await expect(history.get(user, id, Number.MAX_SAFE_INTEGER)).rejects.toMatchObject({
        code: 'PERSONA.VERSION_NOT_FOUND',
      });
    });

    it('are listed page by page, newest first', async () => {
      const user = await aUser();
      const { id } = await personas.create(user, aPersona());
      for (const temperature of [0.1, 0.2, 0.5, 0.6]) await personas.change(user, id, { content: { temperature } });
      const first = await history.list(user, id, { limit: 2 });
      const second = await history.list(user, id, { limit: 2, cursor: first.nextCursor! });
      const last = await history.list(user, id, { limit: 2, cursor: second.nextCursor! });
      expect([first, second, last].map(({ items }) => items.map(({ version }) => version))).toEqual([
        [5, 4],
        [3, 2],
        [1],
      ]);
      expect(last).toMatchObject({ hasMore: false, nextCursor: null });
    });

    it('of 10 parallel changes get 10 numbers without a gap', async () => {
      const user = await aUser();
      const { id } = await personas.create(user, aPersona());
      await Promise.all(
        Array.from({ length: 10 }, (_, index) =>
          personas.change(user, id, { content: { description: `Change ${index}` } }),
        ),
      );
      await expect(personas.get(user, id)).resolves.toMatchObject({ version: 11 });
      await expect(versionCount(id)).resolves.toBe(11);
    });

    it('with an expected version let one of several parallel changes win and tell the others', async () => {
      const user = await aUser();
      const { id } = await personas.create(user, aPersona());
      const results = await Promise.allSettled(
        Array.from({ length: 5 }, (_, index) =>
          personas.change(user, id, { content: { description: `Change ${index}` }, expectedVersion: 1 }),
        ),
      );
      expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      const lost = results.find(({ status }) => status === 'rejected') as PromiseRejectedResult;
      expect(lost.reason).toMatchObject({ code: 'PERSONA.VERSION_CONFLICT', status: 409 });
    });

    it('are what the turn engine gets: the current one, until the persona is deleted', async () => {
      const user = await aUser();
      const { id } = await personas.create(user, aPersona());
      await personas.change(user, id, { content: { name: 'Sam' } });
      const snapshot = await personas.currentVersion(id);
      expect(snapshot).toEqual({
        ...CONTENT,
        name: 'Sam',
        id: snapshot!.id,
        personaId: id,
        workspaceId: user.workspaceId,
        version: 2,
      });
      await personas.delete(user, id);
      await expect(personas.currentVersion(id)).resolves.toBeNull();
      await expect(versionCount(id)).resolves.toBe(2);
    });

    it('must exist to be current: the database refuses a persona that points to none', async () => {
      const { id } = await personas.create(await aUser(), aPersona());
      await expect(db.database.query(`UPDATE personas SET current_version = 2 WHERE id = $1`, [id])).rejects.toThrow(
        'personas_current_version_fkey',
      );
    });
  });

  describe('who sees and who edits', () => {
    it('nobody sees what is private to somebody else, not even the owner of the workspace', async () => {
      const { workspaceId, boss, member, colleague } = await aTeam();
      const { id } = await personas.create(member, aPersona({}, { workspaceId }));
      for (const other of [boss, colleague, await aUser()]) {
        const notFound = { code: 'PERSONA.NOT_FOUND', status: 404 };
        await expect(personas.get(other, id)).rejects.toMatchObject(notFound);
        await expect(personas.getVisible(other, id)).rejects.toMatchObject(notFound);
        await expect(personas.change(other, id, { content: { name: 'Mine' } })).rejects.toMatchObject(notFound);
        await expect(personas.delete(other, id)).rejects.toMatchObject(notFound);
        await expect(history.list(other, id, { limit: 1 })).rejects.toMatchObject(notFound);
        await expect(history.get(other, id, 1)).rejects.toMatchObject(notFound);
        await expect(history.rollBack(other, id, 1)).rejects.toMatchObject(notFound);
        await expect(personas.list(other, { limit: 200 })).resolves.toMatchObject({ items: [] });
      }
      await expect(personas.get(member, id)).resolves.toMatchObject({ version: 1, canEdit: true });
    });

    it('all members see what is shared; its owner and the owner of the workspace edit it', async () => {
      const { workspaceId, boss, member, colleague } = await aTeam();
      const { id } = await personas.create(member, aPersona({}, { workspaceId, visibility: 'workspace' }));
      await expect(personas.getVisible(colleague, id)).resolves.toEqual({
        id,
        workspaceId,
        ownerId: member.userId,
        name: 'Alex',
        visibility: 'workspace',
        version: 1,
        isDeleted: false,
      });
      await expect(personas.get(colleague, id)).resolves.toMatchObject({ canEdit: false });
      const forbidden = { code: 'PERSONA.FORBIDDEN', status: 403 };
      await expect(personas.change(colleague, id, { content: { name: 'Mine' } })).rejects.toMatchObject(forbidden);
      await expect(history.rollBack(colleague, id, 1)).rejects.toMatchObject(forbidden);
      await expect(personas.delete(colleague, id)).rejects.toMatchObject(forbidden);
      await expect(personas.change(boss, id, { content: { name: 'Ours' } })).resolves.toMatchObject({ version: 2 });
      await expect(personas.change(boss, id, { content: {}, visibility: 'private' })).rejects.toMatchObject(forbidden);
      await expect(personas.change(member, id, { content: {}, visibility: 'private' })).resolves.toMatchObject({
        visibility: 'private',
      });
      await expect(personas.get(boss, id)).rejects.toMatchObject({ code: 'PERSONA.NOT_FOUND' });
    });

    it('nobody makes a persona in a workspace that they are no member of', async () => {
      const { workspaceId } = await aTeam();
      await expect(personas.create(await aUser(), aPersona({}, { workspaceId }))).rejects.toMatchObject({
        code: 'WORKSPACE.NOT_FOUND',
        status: 404,
      });
    });

    it('who leaves the workspace loses its personas, also those that they made', async () => {
      const { workspaceId, member } = await aTeam();
      const { id } = await personas.create(member, aPersona({}, { workspaceId }));
      await db.database.query(`DELETE FROM workspace_members WHERE workspace_id = $1 AND user_id = $2`, [
        workspaceId,
        member.userId,
      ]);
      await expect(personas.get(member, id)).rejects.toMatchObject({ code: 'PERSONA.NOT_FOUND' });
    });
  });

  describe('a deleted persona', () => {
    it('is gone from lists and reads, and still has its name for the history of its conversations', async () => {
      const user = await aUser();
      const { id } = await personas.create(user, aPersona());
      await personas.delete(user, id);
      await expect(namesOf(user)).resolves.toEqual([]);
      for (const attempt of [
        personas.get(user, id),
        personas.getVisible(user, id),
        personas.delete(user, id),
        personas.change(user, id, { content: {} }),
      ]) {
        await expect(attempt).rejects.toMatchObject({ code: 'PERSONA.NOT_FOUND' });
      }
      await expect(personas.getVisible(user, id, { includeDeleted: true })).resolves.toMatchObject({
        name: 'Alex',
        isDeleted: true,
      });
    });
  });

  describe('the list', () => {
    it('goes page by page, newest first, and a persona made meanwhile shifts nothing', async () => {
      const user = await aUser();
      for (const name of ['A', 'B', 'C']) await personas.create(user, aPersona({ name }));
      const first = await personas.list(user, { limit: 2 });
      await personas.create(user, aPersona({ name: 'D' }));
      const second = await personas.list(user, { limit: 2, cursor: first.nextCursor! });
      expect([first, second].map(({ items }) => items.map(({ name }) => name))).toEqual([['C', 'B'], ['A']]);
      expect([first.hasMore, second.hasMore, second.nextCursor]).toEqual([true, false, null]);
    });

    it('finds a part of the name in any case, and takes wildcards literally', async () => {
      const user = await aUser();
      const names = ['Alexandra', '100% Sam', 'Under_score', 'Back\\slash', 'ÄRGER'];
      for (const name of names) await personas.create(user, aPersona({ name }));
      await expect(namesOf(user, { nameContains: 'XAND' })).resolves.toEqual(['Alexandra']);
      await expect(namesOf(user, { nameContains: '%' })).resolves.toEqual(['100% Sam']);
      await expect(namesOf(user, { nameContains: '_' })).resolves.toEqual(['Under_score']);
      await expect(namesOf(user, { nameContains: '\\' })).resolves.toEqual(['Back\\slash']);
      await expect(namesOf(user, { nameContains: '' })).resolves.toHaveLength(5);
    });

    it('finds by the current name and relationship, not by those of old versions', async () => {
      const user = await aUser();
      const { id } = await personas.create(user, aPersona());
      await personas.change(user, id, { content: { name: 'Sam', relationshipType: 'colleague' } });
      await expect(namesOf(user, { nameContains: 'alex' })).resolves.toEqual([]);
      await expect(personas.list(user, { limit: 10, relationshipType: 'friend' })).resolves.toMatchObject({
        items: [],
      });
      await expect(personas.list(user, { limit: 10, relationshipType: 'colleague' })).resolves.toMatchObject({
        items: [{ id }],
      });
    });
  });
});
