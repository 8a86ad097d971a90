import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What an error of our own has ended is given up much sooner than what another system did not take, so these attempts are counted apart. */
export class CountOwnErrorsOfSending1763706000200 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE channel_outbox ADD COLUMN own_errors smallint NOT NULL DEFAULT 0`);
    await queryRunner.query(
      `COMMENT ON COLUMN channel_outbox.own_errors IS 'Of attempts: those that an error of our own has ended.'`,
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE channel_outbox DROP COLUMN own_errors`);
  }
}
