import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Where a turn belongs in a trace, for whichever worker takes it up; null while tracing is off. */
export class AddTraceParentToTurns1763702510000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE turns ADD COLUMN trace_parent varchar(55)`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE turns DROP COLUMN trace_parent`);
  }
}
