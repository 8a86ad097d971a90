import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The index of open turns by `finished_at` instead of `status` (a CHECK keeps them in step): beginning an attempt changes no column of any
 * index then, so PostgreSQL updates the row in place and leaves all five indexes alone.
 */
export class NarrowOpenTurnsIndex1763700700000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP INDEX turns_open_idx`);
    await queryRunner.query(
      `CREATE INDEX turns_open_idx ON turns (conversation_id, user_seq, id) WHERE finished_at IS NULL`,
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP INDEX turns_open_idx`);
    await queryRunner.query(
      `CREATE INDEX turns_open_idx ON turns (conversation_id, user_seq, id) WHERE status IN ('pending', 'running')`,
    );
  }
}
