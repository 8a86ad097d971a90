import type { TestDatabase } from './database';
import { eventually } from './process';

/**
 * Sums up all that is marked. One run may leave it: sums wait for transactions that began before, and those of other tests on this PostgreSQL are
 * among them.
 */
export async function rollUpAll(db: TestDatabase, service: { run(): Promise<void> }): Promise<void> {
  await eventually(
    async () => {
      await service.run();
      const left = await db.database.query(
        'SELECT FROM rollup_marks WHERE bucket < (SELECT frontier FROM rollup_state) LIMIT 1',
      );
      return left.length === 0 ? true : undefined;
    },
    'everything to be summed up',
    180_000,
  );
}
