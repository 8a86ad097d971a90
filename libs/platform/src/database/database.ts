import { AsyncLocalStorage } from 'node:async_hooks';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, type EntityTarget, type ObjectLiteral, type Repository } from 'typeorm';

/**
 * The one way to the database. Inside `transaction()` everything that is called, in whatever library, runs on that transaction:
 * a use case that spans libraries needs no manager passed around.
 */
@Injectable()
export class Database {
  private readonly running = new AsyncLocalStorage<EntityManager>();

  constructor(readonly dataSource: DataSource) {}

  /** Runs one statement and returns its rows. `bigint` columns arrive as numbers. */
  async query<T>(sql: string, params: readonly unknown[] = []): Promise<T[]> {
    const manager = this.manager();
    // TypeORM answers [rows, count] for UPDATE and DELETE; with the structured result it is always `records`.
    const runner = manager.queryRunner;
    if (runner !== undefined) {
      const result = await runner.query(sql, [...params], true);
      return (result.records ?? []) as T[];
    }
    const own = this.dataSource.createQueryRunner();
    try {
      const result = await own.query(sql, [...params], true);
      return (result.records ?? []) as T[];
    } finally {
      await own.release();
    }
  }

  /** Runs `work` in one transaction; a call inside another joins it. Any error rolls all of it back. */
  async transaction<T>(work: () => Promise<T>): Promise<T> {
    if (this.running.getStore() !== undefined) return work();
    return this.dataSource.transaction((manager) => this.running.run(manager, work));
  }

  /** TypeORM's repository, bound to the running transaction. */
  repository<E extends ObjectLiteral>(entity: EntityTarget<E>): Repository<E> {
    return this.manager().getRepository(entity);
  }

  private manager(): EntityManager {
    return this.running.getStore() ?? this.dataSource.manager;
  }
}
