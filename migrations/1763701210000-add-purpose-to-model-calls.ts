import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a call was made for: the reply of its turn, or the summary that was made after it. Each counts its own attempts. */
export class AddPurposeToModelCalls1763701210000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE model_calls ADD purpose varchar(20) NOT NULL DEFAULT 'reply'
        CONSTRAINT model_calls_purpose_check CHECK (purpose IN ('reply', 'summary'))`);
    await queryRunner.query(`
      ALTER TABLE model_calls ADD CONSTRAINT model_calls_turn_purpose_attempt_key UNIQUE (turn_id, purpose, attempt),
        DROP CONSTRAINT model_calls_turn_attempt_key`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    // Two rows of one turn may have the same attempt now. Reply rows keep their number; a summary's goes behind them.
    await queryRunner.query(`ALTER TABLE model_calls DROP CONSTRAINT model_calls_turn_purpose_attempt_key`);
    await queryRunner.query(`
      UPDATE model_calls c SET attempt = attempt + (
        SELECT coalesce(max(attempt), 0) FROM model_calls r WHERE r.turn_id = c.turn_id AND r.purpose <> 'summary'
      ) WHERE purpose = 'summary'`);
    await queryRunner.query(`
      ALTER TABLE model_calls ADD CONSTRAINT model_calls_turn_attempt_key UNIQUE (turn_id, attempt),
        DROP COLUMN purpose`);
  }
}
