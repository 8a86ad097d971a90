import { Client } from 'pg';
import { type TestDatabase, testDatabase } from '../../../../test/support/database';
import { eventually } from '../../../../test/support/process';
import { readServerLimits } from './server-limits';

describe('the limits of PostgreSQL', () => {
  let db: TestDatabase;
  const clients: Client[] = [];

  beforeAll(async () => {
    db = await testDatabase();
  });
  afterAll(async () => {
    await Promise.all(clients.map((client) => client.end()));
    await db.close();
  });

  const connect = async (applicationName: string): Promise<void> => {
    const client = new Client({ connectionString: db.url, application_name: applicationName });
    await client.connect();
    clients.push(client);
  };

  it('count each Parley process once, by the end of its connections’ names, and know the workers', async () => {
    const names = [
      ...['parley-pool-0a0a0a0a', 'parley-pool-0a0a0a0a', 'parley-events-0a0a0a0a'],
      ...['parley-pool-0b0b0b0b', 'parley-queue-worker-0b0b0b0b', 'parley:w:0b0b0b0b'],
      ...['psql', 'parley supervisor', 'parley', 'parley-migrate-0c0c0c0c'],
    ];
    // The processes of other tests come and go at this server.
    await eventually(async () => {
      const before = await readServerLimits(db.database, false);
      for (const name of names) await connect(name);
      const after = await readServerLimits(db.database, false);
      await Promise.all(clients.splice(0).map((client) => client.end()));
      return after.apis - before.apis === 1 && after.workers - before.workers === 1 ? true : undefined;
    }, 'one api and one worker to be counted');
  });

  it('count this process as what it is', async () => {
    await eventually(async () => {
      const asApi = await readServerLimits(db.database, false);
      const asWorker = await readServerLimits(db.database, true);
      expect(asApi.apis).toBeGreaterThan(0);
      return asWorker.apis - asApi.apis === -1 && asWorker.workers - asApi.workers === 1 ? true : undefined;
    }, 'a worker to be counted as such');
  });

  it('leave out what is reserved for superusers, and take the limit of the database when that is lower', async () => {
    const [{ reserved, max }] = (await db.database.query<{ reserved: number; max: number }>(
      `SELECT current_setting('superuser_reserved_connections')::int AS reserved, current_setting('max_connections')::int AS max`,
    )) as [{ reserved: number; max: number }];
    expect((await readServerLimits(db.database, false)).usable).toBe(max - reserved);
    await db.database.query(`ALTER DATABASE "${new URL(db.url).pathname.slice(1)}" CONNECTION LIMIT 42`);
    expect((await readServerLimits(db.database, false)).usable).toBe(42);
  });
});
