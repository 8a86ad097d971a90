import type { ParleyEvent } from '@app/contracts';
import { type EventsBus } from '@app/platform';
import { aPersona, aUser } from '../../../../test/factories/rows';
import { type TestDatabase, testDatabase } from '../../../../test/support/database';
import { cipherOf, silentLogger } from '../../../../test/support/encryption';
import { ChannelDirectory } from './channel-directory.service';
import { ChannelsRepository } from './persistence/channels.repository';

/** The bus within one process: that it reaches others is tested where it is made. */
class Bus {
  private readonly listeners: (() => void)[] = [];
  readonly published: ParleyEvent[] = [];

  subscribe(_topic: string, listener: () => void): () => void {
    this.listeners.push(listener);
    return () => undefined;
  }

  onReconnect(listener: () => void): () => void {
    return this.subscribe('reconnected', listener);
  }

  publish(event: ParleyEvent): void {
    this.published.push(event);
    for (const listener of this.listeners) listener();
  }
}

describe('the channels as a process knows them', () => {
  let db: TestDatabase;
  let repository: ChannelsRepository;
  let bus: Bus;
  let directory: ChannelDirectory;

  beforeEach(async () => {
    db = await testDatabase();
    repository = new ChannelsRepository(db.database, cipherOf('k1'));
    bus = new Bus();
    directory = directoryOf(repository);
  });
  afterEach(async () => {
    directory.onModuleDestroy();
    await db.close();
  });

  function directoryOf(of: ChannelsRepository): ChannelDirectory {
    const made = new ChannelDirectory(of, bus as unknown as EventsBus, silentLogger());
    made.onModuleInit();
    return made;
  }

  const aChannel = async (accountId = '106', secret = 'mine'): Promise<number> => {
    const owner = await aUser(db.database);
    const personaId = await aPersona(db.database, owner);
    const { workspaceId } = owner;
    const made = await repository.insert(
      { workspaceId, personaId, type: 'whatsapp', name: 'Ours', accountId, settings: {}, isEnabled: true },
      { app_secret: secret },
    );
    return made.id;
  };
  const secretsOf = async (accountId: string): Promise<string[]> =>
    (await directory.byAccount('whatsapp', accountId)).map(({ credentials }) => credentials.app_secret!).sort();

  it('an account has all the channels that claim it, with the secrets of each, and no others', async () => {
    await aChannel('106', 'first');
    await aChannel('106', 'second');
    await aChannel('107', 'other');
    expect(await secretsOf('106')).toEqual(['first', 'second']);
    expect(await directory.byAccount('instagram', '106')).toEqual([]);
    expect(await directory.ofType('whatsapp')).toHaveLength(3);
  });

  it('what is switched off is known as that', async () => {
    const id = await aChannel();
    await repository.change(id, { isEnabled: false });
    for (const found of [await directory.byAccount('whatsapp', '106'), await directory.ofType('whatsapp')]) {
      expect(found).toMatchObject([{ channel: { id, isEnabled: false } }]);
    }
    expect((await directory.get(id))?.channel).toMatchObject({ id, isEnabled: false });
  });

  it('a change counts as soon as it is told, and until then memory is enough', async () => {
    const id = await aChannel('106', 'old');
    expect(await secretsOf('106')).toEqual(['old']);
    await repository.setCredentials(id, { app_secret: 'new' });
    expect(await secretsOf('106')).toEqual(['old']);
    directory.changed(id);
    expect(await secretsOf('106')).toEqual(['new']);
    expect(bus.published).toEqual([{ type: 'channels.changed', channelId: id }]);
    await repository.remove(id);
    directory.changed(id);
    expect(await secretsOf('106')).toEqual([]);
    expect(await directory.get(id)).toBeUndefined();
  });

  it('a job about a channel that this process was not told of yet finds it, and what is gone is read once', async () => {
    await aChannel();
    await directory.ofType('whatsapp');
    const id = await aChannel('107');
    expect(await directory.get(id)).toBeUndefined();
    const [found, again] = await Promise.all([directory.find(id), directory.find(id)]);
    expect([found?.channel.id, again?.channel.id]).toEqual([id, id]);
    let reads = 0;
    const versions = repository.versions.bind(repository);
    repository.versions = () => {
      reads += 1;
      return versions();
    };
    expect(await directory.find(id + 1000)).toBeUndefined();
    expect((await directory.find(id))?.channel.id).toBe(id);
    expect(reads).toBe(1);
  });

  it('only what has changed is decrypted again', async () => {
    const [id] = [await aChannel('106'), await aChannel('107'), await aChannel('108')];
    const opened: number[] = [];
    const open = repository.open.bind(repository);
    repository.open = (stored) => {
      opened.push(stored.id);
      return open(stored);
    };
    await directory.ofType('whatsapp');
    expect(opened).toHaveLength(3);
    await repository.change(id, { name: 'Renamed' });
    directory.changed(id);
    await directory.ofType('whatsapp');
    expect(opened.slice(3)).toEqual([id]);
  });

  it('one whose credentials cannot be read does not keep the others from working', async () => {
    const broken = await aChannel('106', 'unreadable');
    await aChannel('107', 'fine');
    await db.database.query(`UPDATE channels SET credentials = 'enc:gone:AAAA' WHERE id = $1`, [broken]);
    expect(await secretsOf('106')).toEqual([]);
    expect(await directory.get(broken)).toBeUndefined();
    expect(await secretsOf('107')).toEqual(['fine']);
  });

  it('a failure is not kept: as soon as the database answers, so does the directory', async () => {
    await aChannel('106', 'mine');
    const versions = repository.versions.bind(repository);
    repository.versions = () => Promise.reject(new Error('away'));
    await expect(directory.byAccount('whatsapp', '106')).rejects.toThrow('away');
    repository.versions = versions;
    expect(await secretsOf('106')).toEqual(['mine']);
  });

  it('who has claimed an account first is tried first, also after a change', async () => {
    const ids = [await aChannel('106', 'first'), await aChannel('106', 'second'), await aChannel('106', 'third')];
    const known = async (): Promise<number[]> =>
      (await directory.byAccount('whatsapp', '106')).map(({ channel }) => channel.id);
    expect(await known()).toEqual(ids);
    await repository.change(ids[0]!, { name: 'Changed' });
    directory.changed(ids[0]!);
    expect(await known()).toEqual(ids);
  });
});
