import { createEmptyDatabase, type EmptyDatabase } from '../../../../test/support/database';
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
});
