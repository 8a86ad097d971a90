import { AsyncLocalStorage } from 'node:async_hooks';
import { Injectable } from '@nestjs/common';
import type { Pool, PoolClient } from 'pg';
import {
  DataSource,
  type EntityManager,
  type EntityTarget,
  type ObjectLiteral,
  type QueryRunner,
  type Repository,
} from 'typeorm';
import { isDatabaseUnavailable, isStalePlan } from './pg-errors';
import { corked, inOneTransaction, inTransaction } from './pipeline';
import { statementName } from './statement-name';

type WritableRunner = { -readonly [K in keyof QueryRunner]: QueryRunner[K] };

/** What the code that is running now has of the database to itself. */
interface Running {
  client: PoolClient;
  /** Missing where statements travel together: TypeORM's operations wait for each other. */
  manager?: EntityManager;
  /** What travels together has left; nothing can be added. */
  hasLeft?: boolean;
  /** What travels together, while it is on its way. */
  issued?: Promise<unknown>[];
}

/**
 * The one way to the database. Inside `transaction()` everything that is called, in whatever library, runs on that transaction:
 * a use case that spans libraries needs no manager passed around.
 */
@Injectable()
export class Database {
  private readonly running = new AsyncLocalStorage<Running>();

  constructor(readonly dataSource: DataSource) {}

  /**
   * Runs one statement and returns its rows. `bigint` columns arrive as numbers. Statements are prepared once per connection: planning
   * the statements of one reply again and again takes PostgreSQL longer than running them. So pass what varies as parameters.
   */
  async query<T>(sql: string, params: readonly unknown[] = []): Promise<T[]> {
    const running = this.running.getStore();
    if (running === undefined) return this.withClient((client) => rowsOf<T>(client, sql, params));
    if (running.hasLeft === true) throw new Error('Statements that travel together must be issued without waiting.');
    const answer = rowsOf<T>(running.client, sql, params);
    running.issued?.push(answer);
    return answer;
  }

  /**
   * Runs `work` in one transaction; a call inside another joins it. Any error rolls all of it back. Statements that `work` issues without
   * waiting in between travel together.
   */
  async transaction<T>(work: () => Promise<T>): Promise<T> {
    if (this.running.getStore() !== undefined) return work();
    const runner = this.dataSource.createQueryRunner() as WritableRunner;
    try {
      const client = (await runner.connect()) as PoolClient;
      // TypeORM's own operations, too, are to join this transaction and not to begin one.
      runner.isTransactionActive = true;
      const running: Running = { client, manager: runner.manager };
      try {
        return await inTransaction(client, () => this.running.run(running, work));
      } catch (error) {
        // The pool throws a connection away that has ended.
        if (isUnfit(error)) void client.end().catch(() => undefined);
        throw error;
      } finally {
        // What was not waited for would run in the transaction of whoever has the connection next.
        running.hasLeft = true;
      }
    } finally {
      runner.isTransactionActive = false;
      await runner.release();
    }
  }

  /**
   * A transaction in one round trip: `work` must issue its statements at once, without waiting in between. When PostgreSQL refuses one of them,
   * all is rolled back; an error of ours before the last one is issued does not take back those before it.
   * Inside a transaction it joins that one.
   */
  async transactionAtOnce<T>(work: () => Promise<T>): Promise<T> {
    return this.atOnce(work, (client, issue) => inOneTransaction(client, issue));
  }

  /** Runs statements that `work` issues at once one after the other on one connection, in one round trip; each commits for itself. */
  async inOneRoundTrip<T>(work: () => Promise<T>): Promise<T> {
    return this.atOnce(work, (client, issue) => corked(client, issue));
  }

  private async atOnce<T>(
    work: () => Promise<T>,
    send: (client: PoolClient, issue: () => Promise<T>) => Promise<T>,
  ): Promise<T> {
    if (this.running.getStore() !== undefined) return work();
    return this.withClient(async (client) => {
      const issued: Promise<unknown>[] = [];
      const running: Running = { client, issued };
      const issue = (): Promise<T> => {
        // Async, so that an error before the first statement is a rejection like those after it.
        const result = this.running.run(running, async () => work());
        running.hasLeft = true;
        return result;
      };
      try {
        return await send(client, issue);
      } finally {
        // One may have failed while others are still on their way; a connection that breaks under them must not go back as a good one.
        await Promise.allSettled(issued);
      }
    });
  }

  /** A connection for the time of `use`. One that is not fit for others is thrown away, and when that was only a stale plan, `use` runs again. */
  private async withClient<T>(use: (client: PoolClient) => Promise<T>, isRetry = false): Promise<T> {
    const client = await this.pool.connect();
    // The statements are told when the connection breaks. It says so once more, and while nobody listens that would end the process.
    const ignore = (): void => undefined;
    client.on('error', ignore);
    let failure: unknown;
    try {
      return await use(client);
    } catch (error) {
      failure = error;
      if (isRetry || !isStalePlan(error)) throw error;
    } finally {
      client.off('error', ignore);
      client.release(failure !== undefined && isUnfit(failure));
    }
    return this.withClient(use, true);
  }

  /** TypeORM's repository, bound to the running transaction. */
  repository<E extends ObjectLiteral>(entity: EntityTarget<E>): Repository<E> {
    const running = this.running.getStore();
    if (running === undefined) return this.dataSource.manager.getRepository(entity);
    if (running.manager === undefined) throw new Error("TypeORM's operations cannot travel together with statements.");
    return running.manager.getRepository(entity);
  }

  /** TypeORM's own pool: it counts the connections, whichever way they are used. */
  private get pool(): Pool {
    return (this.dataSource.driver as unknown as { master: Pool }).master;
  }
}

async function rowsOf<T>(client: PoolClient, sql: string, params: readonly unknown[]): Promise<T[]> {
  return (await client.query<object & T>({ text: sql, values: [...params], name: statementName(sql) })).rows;
}

/** After this the connection is broken, or holds a prepared statement from before a migration. */
const isUnfit = (error: unknown): boolean => isStalePlan(error) || isDatabaseUnavailable(error);
