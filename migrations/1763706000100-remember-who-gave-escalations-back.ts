import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What somebody gives back to the queue is for others: the program does not assign it to them again. */
export class RememberWhoGaveEscalationsBack1763706000100 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE escalations ADD COLUMN queued_from bigint`);
    await queryRunner.query(
      `COMMENT ON COLUMN escalations.queued_from IS 'who had it when it was given back to the queue; null once somebody has taken it'`,
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE escalations DROP COLUMN queued_from`);
  }
}
