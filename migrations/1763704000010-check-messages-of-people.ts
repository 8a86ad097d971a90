import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Looks at the messages that are there. Nobody who reads or writes them is held up meanwhile. */
export class CheckMessagesOfPeople1763704000010 implements MigrationInterface {
  /** Each statement for itself: what the migration before has locked is free again. */
  readonly transaction = false;

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const check of ['role', 'confidence']) {
      await queryRunner.query(`ALTER TABLE messages VALIDATE CONSTRAINT messages_${check}_check`);
    }
  }

  async down(): Promise<void> {
    // The migration before takes the checks away.
  }
}
