import type { MigrationInterface, QueryRunner } from 'typeorm';

/** An answer that is given again is as sure as it was the first time. */
export class AddConfidenceToCachedAnswers1763704100000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `ALTER TABLE cached_answers ADD COLUMN confidence real CONSTRAINT cached_answers_confidence_check CHECK (confidence BETWEEN 0 AND 1)`,
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE cached_answers DROP COLUMN confidence`);
  }
}
