import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Looks at the calls and conversations that are there. Nobody who reads or writes them is held up meanwhile. */
export class CheckPurposesOfCalls1763704320010 implements MigrationInterface {
  /** Each statement for itself: what the migrations before have locked is free again. */
  readonly transaction = false;

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE conversations VALIDATE CONSTRAINT conversations_context_check`);
    await queryRunner.query(`ALTER TABLE model_calls VALIDATE CONSTRAINT model_calls_purpose_check`);
  }

  async down(): Promise<void> {
    // The migrations before take the checks away.
  }
}
