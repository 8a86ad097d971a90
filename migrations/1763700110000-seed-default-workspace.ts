import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The workspace of the instance itself. It has no members until the first account registers and becomes its owner. */
export class SeedDefaultWorkspace1763700110000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      INSERT INTO workspaces (kind, name, is_default)
      SELECT 'team', 'Default', true WHERE NOT EXISTS (SELECT FROM workspaces WHERE is_default)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DELETE FROM workspaces WHERE is_default`);
  }
}
