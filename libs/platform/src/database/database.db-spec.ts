import { isDatabaseUnavailable } from './pg-errors';
import { type TestDatabase, testDatabase } from '../../../../test/support/database';

describe('the database', () => {
  let db: TestDatabase;
  const count = async (): Promise<number> =>
    (await db.database.query<{ count: number }>('SELECT count(*) AS count FROM things'))[0]!.count;
  const add = (name: string): Promise<unknown[]> =>
    db.database.query('INSERT INTO things (name) VALUES ($1) RETURNING name', [name]);

  beforeAll(async () => {
    db = await testDatabase();
    await db.database.query('CREATE TABLE things (name text NOT NULL UNIQUE)');
  });
  afterAll(async () => db.close());
  beforeEach(async () => void (await db.database.query('DELETE FROM things')));

  it('commits what travels together, and gives each its rows', async () => {
    const rows = await db.database.transactionAtOnce(() => Promise.all([add('a'), add('b')]));
    expect(rows).toEqual([[{ name: 'a' }], [{ name: 'b' }]]);
    expect(await count()).toBe(2);
  });

  it.each([
    ['transactionAtOnce', 0],
    ['transaction', 0],
    ['inOneRoundTrip', 1],
  ] as const)('%s: when one statement fails, %i of the others stay', async (how, left) => {
    await expect(db.database[how](() => Promise.all([add('a'), add('a')]))).rejects.toMatchObject({ code: '23505' });
    expect(await count()).toBe(left);
    await add('the connection is good');
  });

  it('rolls back when a failed statement was swallowed, and says so', async () => {
    const swallowing = db.database.transaction(async () => {
      await add('a');
      await add('a').catch(() => undefined);
    });
    await expect(swallowing).rejects.toThrow('rolled back');
    expect(await count()).toBe(0);
  });

  it('refuses a statement that comes after the others have left', async () => {
    const late = db.database.transactionAtOnce(async () => {
      await add('a');
      await add('b');
    });
    await expect(late).rejects.toThrow('without waiting');
  });

  it.each(['transactionAtOnce', 'transaction', 'inOneRoundTrip'] as const)(
    '%s survives a connection that breaks under it, and the next one is good',
    async (how) => {
      const broken = db.database[how](() =>
        Promise.all([
          add('a'),
          db.database.query('SELECT pg_terminate_backend(pg_backend_pid())'),
          db.database.query('SELECT pg_sleep(10)'),
        ]),
      );
      const error: unknown = await broken.catch((failure: unknown) => failure);
      expect(isDatabaseUnavailable(error)).toBe(true);
      await add('b');
    },
  );

  it('runs a statement that was prepared before its table changed', async () => {
    const all = (): Promise<unknown[]> => db.database.query('SELECT * FROM things');
    await add('a');
    await Promise.all(Array.from({ length: 20 }, all));
    await db.database.query('ALTER TABLE things ADD COLUMN size integer');
    const answers = await Promise.all(Array.from({ length: 20 }, all));
    for (const rows of answers) expect(rows).toEqual([{ name: 'a', size: null }]);
  });
});
