import type { Principal } from '@app/platform';
import { aPersona, aUser } from '../../../test/factories/rows';
import { testDatabase, type TestDatabase } from '../../../test/support/database';
import { ExperimentsService } from './experiments/experiments.service';
import { PersonaHistoryService } from './persona-history.service';
import { PersonaPublishingService } from './persona-publishing.service';
import { PersonasService } from './personas.service';
import { ExperimentsRepository } from './persistence/experiments.repository';
import { PersonaVersionsRepository } from './persistence/persona-versions.repository';
import { PersonasRepository } from './persistence/personas.repository';

describe('drafts, published versions and experiments', () => {
  let db: TestDatabase;
  let personas: PersonasService;
  let history: PersonaHistoryService;
  let publishing: PersonaPublishingService;
  let experiments: ExperimentsService;
  let user: Principal;
  let id: number;

  beforeAll(async () => {
    db = await testDatabase();
    const rows = new PersonasRepository(db.database);
    const versions = new PersonaVersionsRepository(db.database);
    const experimentRows = new ExperimentsRepository(db.database);
    personas = new PersonasService(db.database, rows, versions, experimentRows);
    history = new PersonaHistoryService(personas, versions);
    publishing = new PersonaPublishingService(db.database, personas, history, rows, versions);
    experiments = new ExperimentsService(db.database, personas, history, publishing, experimentRows);
  });
  afterAll(() => db.close());

  beforeEach(async () => {
    user = { ...(await aUser(db.database)), loginId: 1, isInstanceAdmin: false };
    id = await aPersona(db.database, user);
  });

  const draft = (description: string, more: object = {}) =>
    publishing.draft(user, id, { content: { description }, ...more });
  const statuses = async (): Promise<Record<number, string>> =>
    Object.fromEntries(
      (await history.list(user, id, { limit: 50 })).items.map(({ version, status }) => [version, status]),
    );

  describe('a draft', () => {
    it('takes what is left out from the published version, or from the version that it is based on, and does not count', async () => {
      await personas.change(user, id, { content: { description: 'two', temperature: 1 } });
      await expect(draft('three')).resolves.toMatchObject({
        version: 3,
        status: 'draft',
        description: 'three',
        temperature: 1,
        basedOnVersion: 2,
        publishedAt: null,
        publishedBy: null,
        createdBy: user.userId,
      });
      await expect(draft('four', { basedOnVersion: 1 })).resolves.toMatchObject({ version: 4, temperature: null });
      await expect(personas.get(user, id)).resolves.toMatchObject({ version: 2, description: 'two' });
      await expect(personas.currentVersion(id)).resolves.toMatchObject({ version: 2 });
      expect(await statuses()).toEqual({ 1: 'retired', 2: 'published', 3: 'draft', 4: 'draft' });
    });

    it('is passed over by a change, which makes the next number of what is published', async () => {
      await draft('a draft');
      await expect(personas.change(user, id, { content: { temperature: 2 } })).resolves.toMatchObject({
        version: 3,
        description: '',
        temperature: 2,
      });
      expect(await statuses()).toEqual({ 1: 'retired', 2: 'draft', 3: 'published' });
    });

    it('can be deleted, and its number is never used again', async () => {
      await draft('gone soon');
      await publishing.deleteDraft(user, id, 2);
      await expect(history.get(user, id, 2)).rejects.toMatchObject({ code: 'PERSONA.VERSION_NOT_FOUND' });
      await expect(draft('the next')).resolves.toMatchObject({ version: 3 });
    });

    it('cannot be deleted once it has counted or was compared', async () => {
      await expect(publishing.deleteDraft(user, id, 1)).rejects.toMatchObject({ code: 'PERSONA.VERSION_IN_USE' });
      await draft('compared');
      const { id: experimentId } = await experiments.start(user, id, { name: 'x', versionB: 2, shareB: 50 });
      await expect(publishing.deleteDraft(user, id, 2)).rejects.toMatchObject({ code: 'PERSONA.VERSION_IN_USE' });
      await experiments.stop(user, id, experimentId);
      await expect(publishing.deleteDraft(user, id, 2)).rejects.toMatchObject({ code: 'PERSONA.VERSION_IN_USE' });
      expect(await statuses()).toEqual({ 1: 'published', 2: 'retired' });
    });

    it('is refused when another version is published than its author has read, and to who may not edit', async () => {
      await expect(draft('late', { expectedVersion: 7 })).rejects.toMatchObject({ code: 'PERSONA.VERSION_CONFLICT' });
      await expect(draft('x', { basedOnVersion: 9 })).rejects.toMatchObject({ code: 'PERSONA.VERSION_NOT_FOUND' });
      const stranger = { ...(await aUser(db.database)), loginId: 1, isInstanceAdmin: false };
      await expect(publishing.draft(stranger, id, { content: {} })).rejects.toMatchObject({
        code: 'PERSONA.NOT_FOUND',
      });
      await db.database.query(`INSERT INTO workspace_members (workspace_id, user_id, role) VALUES ($1, $2, 'member')`, [
        user.workspaceId,
        stranger.userId,
      ]);
      await personas.change(user, id, { content: {}, visibility: 'workspace' });
      // One after the other: a refusal that nobody waits for yet would end the test.
      for (const attempt of [
        () => publishing.draft(stranger, id, { content: {} }),
        () => publishing.publish(stranger, id, 1),
        () => publishing.deleteDraft(stranger, id, 1),
        () => experiments.start(stranger, id, { name: 'x', versionB: 2, shareB: 50 }),
      ]) {
        await expect(attempt()).rejects.toMatchObject({ code: 'PERSONA.FORBIDDEN' });
      }
    });

    it('gets numbers 2, 3, 4 … also when many are made at once', async () => {
      const made = await Promise.all(Array.from({ length: 8 }, (_, index) => draft(`d${index}`)));
      expect(made.map(({ version }) => version).sort()).toEqual([2, 3, 4, 5, 6, 7, 8, 9]);
    });
  });

  describe('publishing', () => {
    it('makes a draft the version that answers, with its own number, and says when and by whom', async () => {
      await draft('better');
      await expect(publishing.publish(user, id, 2, 1)).resolves.toMatchObject({ version: 2, description: 'better' });
      const version = await history.get(user, id, 2);
      expect(version).toMatchObject({ status: 'published', isCurrent: true, publishedBy: user.userId });
      expect(version.publishedAt).toBeInstanceOf(Date);
      expect(await statuses()).toEqual({ 1: 'retired', 2: 'published' });
    });

    it('of an older version is a roll-back in one call, and the log keeps all of it', async () => {
      await personas.change(user, id, { content: { description: 'two' } });
      await expect(publishing.publish(user, id, 1)).resolves.toMatchObject({ version: 1, description: '' });
      expect(await statuses()).toEqual({ 1: 'published', 2: 'retired' });
      await expect(personas.change(user, id, { content: { description: 'three' } })).resolves.toMatchObject({
        version: 3,
      });
      const log = await db.database.query<{ version: number }>(
        `SELECT version FROM persona_publications WHERE persona_id = $1 ORDER BY id`,
        [id],
      );
      expect(log.map(({ version }) => version)).toEqual([1, 2, 1, 3]);
    });

    it('is refused when somebody else has published meanwhile; of what is published already it changes nothing', async () => {
      await draft('x');
      await expect(publishing.publish(user, id, 2, 5)).rejects.toMatchObject({ code: 'PERSONA.VERSION_CONFLICT' });
      await expect(publishing.publish(user, id, 9)).rejects.toMatchObject({ code: 'PERSONA.VERSION_NOT_FOUND' });
      const { updatedAt } = await personas.get(user, id);
      await expect(publishing.publish(user, id, 1, 1)).resolves.toMatchObject({ version: 1, updatedAt });
    });
  });

  describe('an experiment', () => {
    it('compares the published version with another one unless both are named; one runs at a time', async () => {
      await draft('b');
      const start = () => experiments.start(user, id, { name: 'first', versionB: 2, shareB: 30 });
      const experiment = await start();
      expect(experiment).toMatchObject({
        versionA: 1,
        versionB: 2,
        shareB: 30,
        stoppedAt: null,
        startedBy: user.userId,
      });
      expect(await statuses()).toEqual({ 1: 'published', 2: 'testing' });
      await expect(start()).rejects.toMatchObject({ code: 'PERSONA.EXPERIMENT_RUNNING' });
      await experiments.stop(user, id, experiment.id);
      const again = await Promise.allSettled([start(), start(), start()]);
      expect(again.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    });

    it('needs two different versions that exist', async () => {
      const start = (versionB: number) => experiments.start(user, id, { name: 'x', versionB, shareB: 50 });
      await expect(start(1)).rejects.toMatchObject({ code: 'REQUEST.INVALID' });
      await expect(start(2)).rejects.toMatchObject({ code: 'PERSONA.VERSION_NOT_FOUND' });
    });

    it('goes on with its versions when another one is published, and publishes the winner when it is stopped so', async () => {
      await draft('b');
      const { id: experimentId } = await experiments.start(user, id, { name: 'x', versionB: 2, shareB: 50 });
      await personas.change(user, id, { content: { description: 'c' } });
      await expect(experiments.get(user, id, experimentId)).resolves.toMatchObject({ versionA: 1, versionB: 2 });
      await expect(experiments.stop(user, id, experimentId, 'b')).resolves.toMatchObject({
        publishedVersion: 2,
        stoppedBy: user.userId,
      });
      await expect(personas.get(user, id)).resolves.toMatchObject({ version: 2, description: 'b' });
      await expect(experiments.stop(user, id, experimentId)).rejects.toMatchObject({
        code: 'PERSONA.EXPERIMENT_STOPPED',
      });
      await expect(experiments.stop(user, id, 999_999)).rejects.toMatchObject({ code: 'PERSONA.EXPERIMENT_NOT_FOUND' });
    });

    it('ends with its persona', async () => {
      await draft('b');
      const { id: experimentId } = await experiments.start(user, id, { name: 'x', versionB: 2, shareB: 50 });
      await personas.delete(user, id);
      const [row] = await db.database.query(
        `SELECT stopped_by AS by, stopped_at IS NOT NULL AS "isStopped" FROM persona_experiments WHERE id = $1`,
        [experimentId],
      );
      expect(row).toEqual({ by: user.userId, isStopped: true });
    });
  });
});
