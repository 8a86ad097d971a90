import { aPersona, aUser } from '../../../../../test/factories/rows';
import { type TestDatabase, testDatabase } from '../../../../../test/support/database';
import { SupportDoorsRepository } from './support-doors.repository';

const CHOICES = {
  isEnabled: true,
  allowedOrigins: ['https://shop.example.com'],
  requiresIdentity: false,
  sessionsPerMinute: null,
  messagesPerMinute: 5,
};

describe('support doors in PostgreSQL', () => {
  let db: TestDatabase;
  let doors: SupportDoorsRepository;

  beforeEach(async () => {
    db = await testDatabase();
    doors = new SupportDoorsRepository(db.database);
  });
  afterEach(() => db.close());

  const aSharedPersona = async (): Promise<{ workspaceId: number; personaId: number }> => {
    const owner = await aUser(db.database);
    const personaId = await aPersona(db.database, owner);
    await db.database.query(`UPDATE personas SET visibility = 'workspace' WHERE id = $1`, [personaId]);
    return { workspaceId: owner.workspaceId, personaId };
  };

  it('until somebody sets it up, the default workspace is answered by the persona that came along', async () => {
    const [persona] = await db.database.query<{ id: number; workspaceId: number }>(
      `SELECT id, workspace_id AS "workspaceId" FROM personas WHERE is_default_support`,
    );
    expect(await doors.findDefault()).toMatchObject({
      workspaceId: persona!.workspaceId,
      personaId: persona!.id,
      publicKey: null,
      isEnabled: true,
      hasPersona: true,
      allowedOrigins: [],
      requiresIdentity: false,
    });
    await db.database.query('UPDATE personas SET deleted_at = now() WHERE id = $1', [persona!.id]);
    expect(await doors.findDefault()).toBeUndefined();
  });

  it('once it is set up, its own settings and persona count', async () => {
    const [workspace] = await db.database.query<{ id: number }>('SELECT id FROM workspaces WHERE is_default');
    const { userId } = await aUser(db.database);
    const personaId = await aPersona(db.database, { userId, workspaceId: workspace!.id });
    await doors.save(workspace!.id, 'pk_default', { ...CHOICES, personaId, isEnabled: false });
    expect(await doors.findDefault()).toMatchObject({ personaId, publicKey: 'pk_default', isEnabled: false });
  });

  it('changing a door keeps its key and its secret', async () => {
    const { workspaceId, personaId } = await aSharedPersona();
    await doors.save(workspaceId, 'pk_first', { ...CHOICES, personaId });
    await doors.setSecret(workspaceId, 'enc:secret');
    await doors.save(workspaceId, 'pk_second', { ...CHOICES, personaId, isEnabled: false });
    expect(await doors.findByKey('pk_second')).toBeUndefined();
    expect(await doors.findByKey('pk_first')).toMatchObject({
      workspaceId,
      personaId,
      identitySecret: 'enc:secret',
      isEnabled: false,
      hasPersona: true,
      allowedOrigins: ['https://shop.example.com'],
      sessionsPerMinute: null,
      messagesPerMinute: 5,
    });
  });

  it.each([
    ['deleted', 'deleted_at = now()'],
    ['private', `visibility = 'private'`],
  ])('a persona that is %s answers nobody', async (_what, change) => {
    const { workspaceId, personaId } = await aSharedPersona();
    await doors.save(workspaceId, 'pk_a', { ...CHOICES, personaId });
    await db.database.query(`UPDATE personas SET ${change} WHERE id = $1`, [personaId]);
    expect(await doors.findOfWorkspace(workspaceId)).toMatchObject({ hasPersona: false });
  });

  it('a door goes with its workspace, and nothing is left of a key that was replaced', async () => {
    const { workspaceId, personaId } = await aSharedPersona();
    await doors.save(workspaceId, 'pk_a', { ...CHOICES, personaId });
    expect(await doors.setKey(workspaceId, 'pk_b')).toBe(true);
    expect(await doors.findByKey('pk_a')).toBeUndefined();
    expect(await doors.remove(workspaceId)).toBe(true);
    expect(await doors.remove(workspaceId)).toBe(false);
    expect(await doors.setKey(workspaceId, 'pk_c')).toBe(false);
    expect(await doors.setSecret(workspaceId, 'x')).toBe(false);
  });
});
