import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How long a turn was held back, which of its persona's models is tried, and which model a reply stands in for. */
export class AddHoldsAndFallbackModels1763701110000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    // None is in an index: beginning an attempt must go on updating the row in place.
    await queryRunner.query(`
      ALTER TABLE turns
        ADD COLUMN held_ms integer NOT NULL DEFAULT 0,
        ADD COLUMN model_index smallint NOT NULL DEFAULT 0 CONSTRAINT turns_model_index_check CHECK (model_index >= 0),
        ADD COLUMN spent_attempts integer NOT NULL DEFAULT 0`);
    await queryRunner.query(`ALTER TABLE messages ADD COLUMN fallback_from varchar(200)`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE messages DROP COLUMN fallback_from`);
    await queryRunner.query(
      `ALTER TABLE turns DROP COLUMN held_ms, DROP COLUMN model_index, DROP COLUMN spent_attempts`,
    );
  }
}
