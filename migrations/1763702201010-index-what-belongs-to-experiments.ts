import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Reports of a comparison read its conversations and its calls; both are few among many. Built without holding up who writes. */
export class IndexWhatBelongsToExperiments1763702201010 implements MigrationInterface {
  /** `CONCURRENTLY` cannot be part of a transaction. */
  readonly transaction = false;

  async up(runner: QueryRunner): Promise<void> {
    for (const table of ['conversations', 'model_calls']) {
      // A former try that was cut off leaves an index that is not valid.
      await runner.query(`DROP INDEX CONCURRENTLY IF EXISTS ${table}_experiment_idx`);
      await runner.query(
        `CREATE INDEX CONCURRENTLY ${table}_experiment_idx ON ${table} (experiment_id) WHERE experiment_id IS NOT NULL`,
      );
    }
    await runner.query(`ALTER TABLE conversations VALIDATE CONSTRAINT conversations_experiment_check`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX conversations_experiment_idx`);
    await runner.query(`DROP INDEX model_calls_experiment_idx`);
  }
}
