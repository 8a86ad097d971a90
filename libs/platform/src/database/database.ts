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
import { isStalePlan } from './pg-errors';
import { statementName } from './statement-name';

type WritableRunner = { -readonly [K in keyof QueryRunner]: QueryRunner[K] };

interface Running {
  client: PoolClient;
  manager: EntityManager;
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
    const client = this.running.getStore()?.client;
    const statement = { text: sql, values: [...params] };
    try {
      return (await (client ?? this.pool).query<object & T>({ ...statement, name: statementName(sql) })).rows;
    } catch (error) {
      // A migration changed the table under a prepared statement. In a transaction the caller must begin again anyway.
      if (client !== undefined || !isStalePlan(error)) throw error;
      return (await this.pool.query<object & T>(statement)).rows;
    }
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
      return await inTransaction(client, () => this.running.run({ client, manager: runner.manager }, work));
    } finally {
      runner.isTransactionActive = false;
      await runner.release();
    }
  }

  /** TypeORM's repository, bound to the running transaction. */
  repository<E extends ObjectLiteral>(entity: EntityTarget<E>): Repository<E> {
    return (this.running.getStore()?.manager ?? this.dataSource.manager).getRepository(entity);
  }

  /** TypeORM's own pool: it counts the connections, whichever way they are used. */
  private get pool(): Pool {
    return (this.dataSource.driver as unknown as { master: Pool }).master;
  }
}

/** Connections are pipelined, so BEGIN travels with the first statements instead of before them. */
async function inTransaction<T>(client: PoolClient, work: () => Promise<T>): Promise<T> {
  const begun = client.query('BEGIN');
  begun.catch(() => undefined);
  try {
    const result = await work();
    await begun;
    const { command } = await client.query('COMMIT');
    // PostgreSQL answers so when a statement had failed and nobody was told.
    if (command === 'ROLLBACK') throw new Error('The transaction was rolled back: one of its statements had failed.');
    return result;
  } catch (error) {
    // On a broken connection there is nothing to roll back, and the pool throws it away.
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}
