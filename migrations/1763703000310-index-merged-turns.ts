import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which turns were merged into one. Turns are many: built without holding up who writes. */
export class IndexMergedTurns1763703000310 implements MigrationInterface {
  /** `CONCURRENTLY` cannot be part of a transaction. */
  readonly transaction = false;

  async up(runner: QueryRunner): Promise<void> {
    // A former try that was cut off leaves an index that is not valid.
    await runner.query(`DROP INDEX CONCURRENTLY IF EXISTS turns_merged_into_idx`);
    await runner.query(
      `CREATE INDEX CONCURRENTLY turns_merged_into_idx ON turns (merged_into_id) WHERE merged_into_id IS NOT NULL`,
    );
    await runner.query(`ALTER TABLE turns VALIDATE CONSTRAINT turns_merged_into_fk`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX turns_merged_into_idx`);
  }
}
