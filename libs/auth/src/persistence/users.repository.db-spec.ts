import { testDatabase, type TestDatabase } from '../../../../test/support/database';
import { eventually } from '../../../../test/support/process';
import { UsersRepository } from './users.repository';

describe('UsersRepository', () => {
  let db: TestDatabase;
  let users: UsersRepository;

  beforeEach(async () => {
    db = await testDatabase();
    users = new UsersRepository(db.database);
  });
  afterEach(() => db.close());

  const insert = (username: string): ReturnType<UsersRepository['insert']> =>
    users.insert({ username, passwordHash: 'x', name: null, isInstanceAdmin: false });

  /** A registration that claims and inserts, then stays uncommitted until `end`. */
  async function aRegistrationHeldOpen(): Promise<{ claimed: Promise<boolean>; end: (isCommit: boolean) => void }> {
    const inserted = Promise.withResolvers<void>();
    const ending = Promise.withResolvers<boolean>();
    const transaction = db.database.transaction(async () => {
      const isFirst = await users.claimFirstAccount();
      await insert('first@example.com');
      inserted.resolve();
      if (!(await ending.promise)) throw new Error('rolled back');
      return isFirst;
    });
    await inserted.promise;
    return { claimed: transaction, end: ending.resolve };
  }

  const somebodyWaits = (): Promise<true> =>
    eventually(async () => {
      const waiting = await db.database.query(`SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted`);
      return waiting.length > 0 ? true : undefined;
    }, 'the second registration to wait for the first');

  it('lets the second of two first registrations wait for the first, and then tells it that it is not the first', async () => {
    const first = await aRegistrationHeldOpen();
    const second = db.database.transaction(() => users.claimFirstAccount());
    await somebodyWaits();
    first.end(true);
    await expect(first.claimed).resolves.toBe(true);
    await expect(second).resolves.toBe(false);
  });

  it('makes the second the first when the first one fails', async () => {
    const first = await aRegistrationHeldOpen();
    const second = db.database.transaction(() => users.claimFirstAccount());
    await somebodyWaits();
    first.end(false);
    await expect(first.claimed).rejects.toThrow('rolled back');
    await expect(second).resolves.toBe(true);
  });

  it('waits for nobody once there is an account', async () => {
    await insert('somebody@example.com');
    await expect(db.database.transaction(() => users.claimFirstAccount())).resolves.toBe(false);
  });

  it('takes a username once', async () => {
    await expect(insert('sam@example.com')).resolves.toBeDefined();
    await expect(insert('sam@example.com')).resolves.toBeUndefined();
  });
});
