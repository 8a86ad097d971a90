import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Since when an endpoint has got nothing; what is due is looked for endpoint by endpoint. */
export class NoticeEndpointsThatFail1763704330000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE webhook_endpoints ADD COLUMN failing_since timestamptz`);
    await queryRunner.query(
      `CREATE INDEX webhook_deliveries_pending_idx ON webhook_deliveries (endpoint_id, next_attempt_at, id) WHERE status = 'pending'`,
    );
    await queryRunner.query(`DROP INDEX webhook_deliveries_due_idx`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `CREATE INDEX webhook_deliveries_due_idx ON webhook_deliveries (next_attempt_at) WHERE status = 'pending'`,
    );
    await queryRunner.query(`DROP INDEX webhook_deliveries_pending_idx`);
    await queryRunner.query(`ALTER TABLE webhook_endpoints DROP COLUMN failing_since`);
  }
}
