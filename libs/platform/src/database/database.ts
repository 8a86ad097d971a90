import { AsyncLocalStorage } from 'node:async_hooks';
import { Injectable } from '@nestjs/common';
import type { Pool, PoolClient } from 'pg';
import { DataSource, type EntityManager, type EntityTarget, type ObjectLiteral, type Repository } from 'typeorm';
import { isStalePlan } from './pg-errors';
import { statementName } from './statement-name';

/**
 * The one way to the database. Inside `transaction()` everything that is called, in whatever library, runs on that transaction:
 * a use case that spans libraries needs no manager passed around.
 */
@Injectable()
export class Database {
  private readonly running = new AsyncLocalStorage<EntityManager>();

  constructor(readonly dataSource: DataSource) {}

  /**
   * Runs one statement and returns its rows. `bigint` columns arrive as numbers. Statements are prepared once per connection: planning
   * the statements of one reply again and again takes PostgreSQL longer than running them. So pass what varies as parameters.
   */
  async query<T>(sql: string, params: readonly unknown[] = []): Promise<T[]> {
    const runner = this.running.getStore()?.queryRunner;
    const connection = runner === undefined ? this.pool : ((await runner.connect()) as PoolClient);
    const statement = { text: sql, values: [...params] };
    try {
      return (await connection.query<object & T>({ ...statement, name: statementName(sql) })).rows;
    } catch (error) {
      // A migration changed the table under a prepared statement. In a transaction the caller must begin again anyway.
      if (runner !== undefined || !isStalePlan(error)) throw error;
      return (await connection.query<object & T>(statement)).rows;
    }
  }

  /** Runs `work` in one transaction; a call inside another joins it. Any error rolls all of it back. */
  async transaction<T>(work: () => Promise<T>): Promise<T> {
    if (this.running.getStore() !== undefined) return work();
    return this.dataSource.transaction((manager) => this.running.run(manager, work));
  }

  /** TypeORM's repository, bound to the running transaction. */
  repository<E extends ObjectLiteral>(entity: EntityTarget<E>): Repository<E> {
    return (this.running.getStore() ?? this.dataSource.manager).getRepository(entity);
  }

  /** TypeORM's own pool: it counts the connections, whichever way they are used. */
  private get pool(): Pool {
    return (this.dataSource.driver as unknown as { master: Pool }).master;
  }
}
