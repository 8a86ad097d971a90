import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Every version that was made before there were drafts has counted from the moment it was made. */
export class PublishExistingPersonaVersions1763702200010 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      INSERT INTO persona_publications (persona_id, version, published_by, published_at)
      SELECT persona_id, version, created_by, created_at FROM persona_versions v
      WHERE NOT EXISTS (SELECT 1 FROM persona_publications o WHERE o.persona_id = v.persona_id AND o.version = v.version)
      ORDER BY id`);
    await runner.query(`UPDATE personas SET last_version = current_version WHERE last_version < current_version`);
    await runner.query(`
      UPDATE personas p SET published_by = v.created_by FROM persona_versions v
      WHERE v.persona_id = p.id AND v.version = p.current_version AND p.published_by IS NULL AND v.created_by IS NOT NULL`);
    // What follows changes tables, and a change that is still to be checked stands in its way.
    await runner.query(`SET CONSTRAINTS ALL IMMEDIATE`);
  }

  async down(): Promise<void> {
    // Goes with the table.
  }
}
