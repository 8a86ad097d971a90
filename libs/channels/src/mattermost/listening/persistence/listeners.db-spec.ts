import { aChannel } from '../../../../../../test/factories/channels';
import { type TestDatabase, testDatabase } from '../../../../../../test/support/database';
import { ListenersRepository, type ListenerState } from './listeners.repository';

const HELD_MS = 20_000;

describe('who listens to a channel', () => {
  let db: TestDatabase;
  let listeners: ListenersRepository;

  beforeEach(async () => {
    db = await testDatabase();
    listeners = new ListenersRepository(db.database);
  });
  afterEach(() => db.close());

  const aMattermostChannel = async (): Promise<number> => {
    const { channelId } = await aChannel(db.database);
    await db.database.query(`UPDATE channels SET type = 'mattermost' WHERE id = $1`, [channelId]);
    return channelId;
  };
  const claim = (worker: string, limit = 50): Promise<number[]> => listeners.claim(worker, HELD_MS, limit);
  const prolong = (worker: string, ...states: ListenerState[]): Promise<number[]> =>
    listeners.prolong(worker, HELD_MS, states);
  const on = (channelId: number, heardUntil: Date | null = null): ListenerState => ({
    channelId,
    isConnected: true,
    heardUntil,
  });
  const timePasses = (): Promise<unknown> =>
    db.database.query(`UPDATE channel_listeners SET held_until = held_until - interval '21 seconds'`);
  const rowOf = async (channelId: number) =>
    (
      await db.database.query<{ held_by: string | null; connected_at: Date | null; confirmed_at: Date | null }>(
        'SELECT * FROM channel_listeners WHERE channel_id = $1',
        [channelId],
      )
    )[0]!;

  it('workers that ask at once get each channel once, and only channels that are listened to', async () => {
    const ids = [await aMattermostChannel(), await aMattermostChannel(), await aMattermostChannel()];
    await aChannel(db.database);
    const taken = await Promise.all(Array.from({ length: 6 }, (_, index) => claim(`worker-${index}`)));
    expect(taken.flat().sort()).toEqual(ids);
    expect(await claim('late')).toEqual([]);
  });

  it('so many at a time, and the rest the next time', async () => {
    const ids = [await aMattermostChannel(), await aMattermostChannel(), await aMattermostChannel()];
    expect(await claim('one', 2)).toEqual(ids.slice(0, 2));
    expect(await claim('two', 2)).toEqual(ids.slice(2));
  });

  it('who says no more is followed by another, and learns it', async () => {
    const id = await aMattermostChannel();
    expect(await claim('dead')).toEqual([id]);
    expect(await prolong('dead', on(id))).toEqual([id]);
    await timePasses();
    expect(await claim('next')).toEqual([id]);
    expect(await rowOf(id)).toMatchObject({ held_by: 'next', connected_at: null });
    expect(await prolong('dead', on(id))).toEqual([]);
    expect(await prolong('next', on(id))).toEqual([id]);
  });

  it('who was only late goes on when nobody else has come', async () => {
    const id = await aMattermostChannel();
    await claim('late');
    await timePasses();
    expect(await prolong('late', on(id))).toEqual([id]);
    expect(await claim('next')).toEqual([]);
  });

  it('what is given back is free at once, by whoever has it only', async () => {
    const id = await aMattermostChannel();
    await claim('one');
    await listeners.giveBack('two', on(id));
    expect(await claim('two')).toEqual([]);
    await listeners.giveBack('one', on(id));
    expect(await claim('two')).toEqual([id]);
  });

  it('a channel that is switched off is listened to by nobody', async () => {
    const id = await aMattermostChannel();
    await claim('one');
    await db.database.query('UPDATE channels SET is_enabled = false WHERE id = $1', [id]);
    expect(await prolong('one', on(id))).toEqual([]);
    await listeners.giveBack('one', on(id));
    expect(await claim('one')).toEqual([]);
    await db.database.query('UPDATE channels SET is_enabled = true WHERE id = $1', [id]);
    expect(await claim('one')).toEqual([id]);
  });

  it('the position begins when it is first asked for, only goes forward, and stays when others take over', async () => {
    const id = await aMattermostChannel();
    await claim('one');
    const [first, later] = [new Date('2026-11-22T08:00:00.123Z'), new Date('2026-11-22T08:01:00.456Z')];
    expect(await listeners.position(id, first)).toEqual({ from: first, until: first });
    await prolong('one', on(id, later));
    await prolong('one', on(id, first));
    await prolong('one', on(id, null));
    await timePasses();
    await claim('two');
    expect(await listeners.position(id, new Date())).toEqual({ from: first, until: later });
    await db.database.query('DELETE FROM channels WHERE id = $1', [id]);
    expect(await listeners.position(id, first)).toBeUndefined();
  });

  it('since when it is connected, and when that was last seen, is told', async () => {
    const id = await aMattermostChannel();
    await claim('one');
    expect(await rowOf(id)).toMatchObject({ connected_at: null, confirmed_at: null });
    await prolong('one', on(id));
    const { connected_at: since, confirmed_at: seen } = await rowOf(id);
    await prolong('one', on(id));
    const again = await rowOf(id);
    expect([again.connected_at, again.confirmed_at! > seen!]).toEqual([since, true]);
    await prolong('one', { ...on(id), isConnected: false });
    expect(await rowOf(id)).toMatchObject({ connected_at: null, confirmed_at: again.confirmed_at });
  });
});
