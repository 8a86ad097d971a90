import { Client } from 'pg';
import { type TestDatabase, testDatabase } from '../../../../test/support/database';
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
    const before = await readServerLimits(db.database, false);
    for (const name of ['parley-pool-0a0a0a0a', 'parley-pool-0a0a0a0a', 'parley-events-0a0a0a0a']) await connect(name);
    for (const name of ['parley-pool-0b0b0b0b', 'parley-queue-worker-0b0b0b0b', 'parley:w:0b0b0b0b']) {
      await connect(name);
    }
    for (const name of ['psql', 'parley supervisor', 'parley', 'parley-migrate-0c0c0c0c']) await connect(name);
    const after = await readServerLimits(db.database, false);
    expect({ apis: after.apis - before.apis, workers: after.workers - before.workers }).toEqual({
      apis: 1,
      workers: 1,
    });
  });

  it('count this process as what it is', async () => {
    const asApi = await readServerLimits(db.database, false);
    const asWorker = await readServerLimits(db.database, true);
    expect([asWorker.apis - asApi.apis, asWorker.workers - asApi.workers]).toEqual([-1, 1]);
    expect(asApi.apis).toBeGreaterThan(0);
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
