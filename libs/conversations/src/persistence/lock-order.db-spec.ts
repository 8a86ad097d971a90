import { randomBytes } from 'node:crypto';
import { Database, isUniqueViolation } from '@app/platform';
import { aConversation } from '../../../../test/factories/rows';
import { type TestDatabase, testDatabase } from '../../../../test/support/database';
import { conversationRepositories } from '../../../../test/support/encryption';
import { eventually } from '../../../../test/support/process';
import { LeasesRepository } from './leases.repository';
import { TurnChangesRepository } from './turn-changes.repository';
import type { AcceptedMessage } from './turns.repository';
import { aReply } from './outcomes.spec-support';
import { aMessage } from './turns.spec-support';

const LEASE_MS = 60_000;
const HISTORY = 10;

interface Talk {
  conversationId: number;
  userId: number;
}

describe('the order in which rows are locked', () => {
  let db: TestDatabase;

  beforeAll(async () => {
    db = await testDatabase();
  });
  afterAll(async () => db.close());

  /** A transaction that holds something goes on when `other`, which began meanwhile, waits for it. How both have ended. */
  const meet = async (
    [hold, params]: [string, unknown[]],
    goOn: () => Promise<unknown>,
    other: (outside: Database) => Promise<unknown>,
  ): Promise<PromiseSettledResult<unknown>[]> => {
    // A second Database is outside of the first one's transaction.
    const outside = new Database(db.dataSource);
    let others: Promise<PromiseSettledResult<unknown>[]> = Promise.resolve([]);
    const own = db.database.transaction(async () => {
      await db.database.query(hold, params);
      others = Promise.allSettled([other(outside)]);
      await eventually(async () => {
        // Inside the transaction it would read the same again and again.
        const waiting = await outside.query(
          `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
        );
        return waiting.length > 0 ? true : undefined;
      }, 'the other one to wait');
      return goOn();
    });
    return [...(await Promise.allSettled([own])), ...(await others)];
  };

  const say = (
    talk: Talk,
    idempotencyKey: string | null,
    database = db.database,
  ): Promise<AcceptedMessage | undefined> =>
    conversationRepositories(database).turns.accept(
      aMessage(talk, 'hello', { idempotencyKey, requestHash: idempotencyKey === null ? null : Buffer.alloc(32) }),
    );
  /** What a sender holds while PostgreSQL looks whether the idempotency key is taken: it waits for whoever changes the turn that has it. */
  const asSender = ({ conversationId }: Talk): [string, unknown[]] => [
    'SELECT 1 FROM conversations WHERE id = $1 FOR NO KEY UPDATE',
    [conversationId],
  ];
  const isReplay = (result: PromiseSettledResult<unknown> | undefined): boolean =>
    result?.status === 'rejected' && isUniqueViolation(result.reason, 'turns_idempotency_key');

  it('a request that is repeated while its reply is written down is told so, and the reply is kept', async () => {
    const talk = await aConversation(db.database);
    await say(talk, 'k');
    const { work } = conversationRepositories(db.database);
    const { token, turn } = (await work.take(talk.conversationId, 'w', LEASE_MS, HISTORY))!;
    const [repeated, finished] = await meet(
      asSender(talk),
      () => say(talk, 'k'),
      (outside) => conversationRepositories(outside).endings.finish(turn!, token, aReply('hi')),
    );
    expect(finished).toEqual({ status: 'fulfilled', value: { status: 'completed', isReleased: true } });
    expect(isReplay(repeated)).toBe(true);
  });

  it('a request that is repeated while its message is edited is told so, and the edit is kept', async () => {
    const talk = await aConversation(db.database);
    const { turnId } = (await say(talk, 'k'))!;
    const [repeated, edited] = await meet(
      asSender(talk),
      () => say(talk, 'k'),
      (outside) =>
        outside.transaction(async () => {
          await new LeasesRepository(outside).lock(talk.conversationId);
          const cancelled = await new TurnChangesRepository(outside).cancelOpenTurnsFrom(talk.conversationId, 1);
          await say(talk, null, outside);
          return cancelled;
        }),
    );
    expect(edited).toEqual({ status: 'fulfilled', value: [{ id: turnId, wasRunning: false }] });
    expect(isReplay(repeated)).toBe(true);
  });

  it('two messages with the same pictures, named in another order, are both taken', async () => {
    const { userId } = await aConversation(db.database);
    const ids = ['a', 'b'].map((first) => `${first}${randomBytes(18).toString('base64url')}`);
    for (const id of ids) {
      await conversationRepositories(db.database).uploads.add({
        id,
        userId,
        content_type: 'image/png',
        size_bytes: 10,
        width: 1,
        height: 1,
        sha256: randomBytes(32),
        content: randomBytes(10),
        keptMs: 60_000,
        quotaBytes: 1_000,
      });
    }
    const met = await meet(
      ['UPDATE uploads SET width = 2 WHERE id = $1', [ids[0]]],
      () => conversationRepositories(db.database).uploads.encrypt(ids),
      (outside) => outside.transaction(() => conversationRepositories(outside).uploads.encrypt(ids.toReversed())),
    );
    expect(met.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled']);
  });
});
