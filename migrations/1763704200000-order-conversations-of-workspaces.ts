import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Back-tests of escalation rules walk through all conversations of a workspace in their order. It does what the index without the id did, too. */
export class OrderConversationsOfWorkspaces1763704200000 implements MigrationInterface {
  /** `CONCURRENTLY` cannot be part of a transaction. */
  readonly transaction = false;

  async up(queryRunner: QueryRunner): Promise<void> {
    // A former try that was cut off leaves an index that is not valid.
    await queryRunner.query(`DROP INDEX CONCURRENTLY IF EXISTS conversations_workspace_order_idx`);
    await queryRunner.query(
      `CREATE INDEX CONCURRENTLY conversations_workspace_order_idx ON conversations (workspace_id, id)`,
    );
    await queryRunner.query(`DROP INDEX CONCURRENTLY IF EXISTS conversations_workspace_idx`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`CREATE INDEX conversations_workspace_idx ON conversations (workspace_id)`);
    await queryRunner.query(`DROP INDEX conversations_workspace_order_idx`);
  }
}
