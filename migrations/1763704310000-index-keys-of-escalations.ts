import type { MigrationInterface, QueryRunner } from 'typeorm';

const LISTS = {
  recent: `(workspace_id, (-id))`,
  status: `(workspace_id, status, (-id))`,
  skill: `(workspace_id, skill, (-id)) WHERE skill IS NOT NULL`,
  overdue: `(workspace_id, (-id)) WHERE overdue_at IS NOT NULL`,
  reason: `(workspace_id, reason, (-id))`,
  assigned: `(assigned_to, workspace_id, (-id)) WHERE assigned_to IS NOT NULL`,
  load: `(assigned_to, workspace_id) WHERE status IN ('open', 'claimed')`,
  tags: `USING gin (tags)`,
  queue: `(workspace_id, (-priority), id) WHERE status = 'open'`,
  waiting: `(workspace_id, (-priority), id) WHERE status = 'open' AND assigned_to IS NULL`,
};

/**
 * Rotation of keys finds what has an old one. Lists of the inbox are read in their order, the newest first by `-id`: an order that the primary key, in
 * which a workspace's are far between, does not have. What waits, what waits for nobody yet, and how much somebody has, is found at once.
 */
export class IndexKeysOfEscalations1763704310000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    for (const table of ['escalations', 'escalation_triggers', 'escalation_events']) {
      await queryRunner.query(
        `CREATE INDEX ${table}_encryption_key_idx ON ${table} (encryption_key, id) WHERE encryption_key IS NOT NULL`,
      );
    }
    await queryRunner.query(
      `CREATE INDEX webhook_endpoints_encryption_key_idx ON webhook_endpoints (split_part(secret, ':', 2), id) WHERE secret LIKE 'enc:%'`,
    );
    for (const [name, on] of Object.entries(LISTS)) {
      await queryRunner.query(`CREATE INDEX escalations_${name}_idx ON escalations ${on}`);
    }
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const name of Object.keys(LISTS).reverse()) await queryRunner.query(`DROP INDEX escalations_${name}_idx`);
    await queryRunner.query(`DROP INDEX webhook_endpoints_encryption_key_idx`);
    for (const table of ['escalation_events', 'escalation_triggers', 'escalations']) {
      await queryRunner.query(`DROP INDEX ${table}_encryption_key_idx`);
    }
  }
}
