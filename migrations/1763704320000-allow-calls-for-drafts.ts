import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A model writes a summary and a reply for the person who takes over: a purpose of its own in the ledger. */
export class AllowCallsForDrafts1763704320000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE model_calls DROP CONSTRAINT model_calls_purpose_check,
        ADD CONSTRAINT model_calls_purpose_check CHECK (purpose IN ('reply', 'summary', 'preview', 'draft')) NOT VALID`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    // Their costs stay booked, as what they are like most.
    await queryRunner.query(`
      UPDATE model_calls c SET purpose = 'summary', attempt = attempt + (
        SELECT coalesce(max(s.attempt), 0) FROM model_calls s WHERE s.turn_id = c.turn_id AND s.purpose = 'summary')
      WHERE purpose = 'draft'`);
    await queryRunner.query(`
      ALTER TABLE model_calls DROP CONSTRAINT model_calls_purpose_check,
        ADD CONSTRAINT model_calls_purpose_check CHECK (purpose IN ('reply', 'summary', 'preview')) NOT VALID`);
    await queryRunner.query(`ALTER TABLE model_calls VALIDATE CONSTRAINT model_calls_purpose_check`);
  }
}
