import { Client } from 'pg';
import { createEmptyDatabase, type EmptyDatabase } from '../../../../test/support/own-database';
import { runMigrations } from './run-migrations';

describe('runMigrations', () => {
  let database: EmptyDatabase;

  beforeAll(async () => {
    database = await createEmptyDatabase();
  });
  afterAll(() => database.drop());

  it('of several that start at once on an empty database one migrates, the others wait, and then have nothing to do', async () => {
    const applied = await Promise.all([1, 2, 3].map(() => runMigrations(database.url)));
    expect(applied.filter((names) => names.length > 0)).toHaveLength(1);
    expect(await runMigrations(database.url)).toEqual([]);
  });

  it('leaves no constraint that old rows may break, and no index that is half made', async () => {
    await runMigrations(database.url);
    const client = new Client({ connectionString: database.url });
    await client.connect();
    const { rows } = await client.query(
      `SELECT conname AS name FROM pg_constraint WHERE NOT convalidated
       UNION ALL SELECT indexrelid::regclass::text FROM pg_index WHERE NOT indisvalid`,
    );
    await client.end();
    expect(rows).toEqual([]);
  });
});
