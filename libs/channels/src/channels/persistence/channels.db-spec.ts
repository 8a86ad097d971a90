import { DecryptionError, isUniqueViolation } from '@app/platform';
import { aPersona, aUser } from '../../../../../test/factories/rows';
import { type TestDatabase, testDatabase } from '../../../../../test/support/database';
import { cipherOf } from '../../../../../test/support/encryption';
import { DEFAULT_SETTINGS } from '../../core/channel-settings';
import { ChannelsRepository, type NewChannel } from './channels.repository';

const CREDENTIALS = { access_token: 'EAA-very-secret', app_secret: 'also-secret', verify_token: 'word' };

describe('channels in PostgreSQL', () => {
  let db: TestDatabase;
  let channels: ChannelsRepository;
  let ours: NewChannel;

  beforeEach(async () => {
    db = await testDatabase();
    channels = new ChannelsRepository(db.database, cipherOf('k1'));
    const owner = await aUser(db.database);
    const personaId = await aPersona(db.database, owner);
    const { workspaceId } = owner;
    ours = { workspaceId, personaId, type: 'whatsapp', name: 'Ours', accountId: '106', settings: {}, isEnabled: true };
  });
  afterEach(() => db.close());

  const sealed = async (id: number) => (await channels.sealed([id]))[0]!;

  it('credentials are encrypted for their row, and with no other key or row can they be read', async () => {
    const { id } = await channels.insert(ours, CREDENTIALS);
    const [row] = await db.database.query<{ all: string; key: string }>(
      'SELECT c::text AS all, encryption_key AS key FROM channels c WHERE id = $1',
      [id],
    );
    expect(row!.key).toBe('k1');
    expect(row!.all).not.toMatch(/very-secret|also-secret/);
    const stored = await sealed(id);
    expect(channels.open(stored)).toEqual(CREDENTIALS);
    expect(() => channels.open({ ...stored, id: id + 1 })).toThrow(DecryptionError);
    expect(() => new ChannelsRepository(db.database, cipherOf('k2')).open(stored)).toThrow(DecryptionError);
  });

  it('what was not set has its default, also after single settings were changed', async () => {
    const { id, settings } = await channels.insert({ ...ours, settings: { debounce_ms: 0 } }, CREDENTIALS);
    expect(settings).toEqual({ ...DEFAULT_SETTINGS, debounce_ms: 0 });
    await channels.change(id, { settings: { template: { name: 'back', language: 'en' }, opt_out_text: null } });
    await channels.change(id, { name: 'Renamed' });
    expect(await channels.find(id)).toMatchObject({
      name: 'Renamed',
      settings: { ...DEFAULT_SETTINGS, debounce_ms: 0, template: { name: 'back', language: 'en' }, opt_out_text: null },
    });
  });

  it('a workspace has an account once; other workspaces may claim it, too', async () => {
    await channels.insert(ours, CREDENTIALS);
    const again = await channels.insert(ours, CREDENTIALS).catch((error: unknown) => error);
    expect(isUniqueViolation(again, 'channels_account_key')).toBe(true);
    const other = await aUser(db.database);
    const personaId = await aPersona(db.database, other);
    await channels.insert({ ...ours, workspaceId: other.workspaceId, personaId }, CREDENTIALS);
    expect(await channels.count(ours.workspaceId)).toBe(1);
  });

  it('a problem is news once, and is over with new credentials', async () => {
    const { id } = await channels.insert(ours, CREDENTIALS);
    expect(await channels.setProblem(id, 'CHANNEL.TOKEN_REFUSED')).toBe(true);
    expect(await channels.setProblem(id, 'CHANNEL.TOKEN_REFUSED')).toBe(false);
    expect(await channels.find(id)).toMatchObject({
      problemCode: 'CHANNEL.TOKEN_REFUSED',
      problemAt: expect.any(Date) as Date,
    });
    await channels.setCredentials(id, { ...CREDENTIALS, access_token: 'EAA-new' });
    expect(await channels.find(id)).toMatchObject({ problemCode: null, problemAt: null });
    expect(channels.open(await sealed(id))).toMatchObject({ access_token: 'EAA-new' });
    expect(await channels.setProblem(id, null)).toBe(false);
  });

  it('every change gives a row another version', async () => {
    const { id } = await channels.insert(ours, CREDENTIALS);
    const seen = new Set<string>();
    const look = async (): Promise<void> => {
      const [row] = await channels.versions();
      expect((await sealed(id)).version).toBe(row!.version);
      seen.add(row!.version);
    };
    await look();
    await channels.change(id, { isEnabled: false });
    await look();
    await channels.setCredentials(id, CREDENTIALS);
    await look();
    await channels.setProblem(id, 'CHANNEL.TOKEN_REFUSED');
    await look();
    expect(seen.size).toBe(4);
  });
});
