import type { MigrationInterface, QueryRunner } from 'typeorm';

/** `json` keeps the order in which metadata was sent: it is a list that people and models read. */
export class KeepOrderOfClientMetadata1763703100100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE clients DROP CONSTRAINT clients_metadata_object, ALTER COLUMN metadata DROP DEFAULT,
        ALTER COLUMN metadata TYPE json USING metadata::json, ALTER COLUMN metadata SET DEFAULT '{}',
        ADD CONSTRAINT clients_metadata_object CHECK (json_typeof(metadata) = 'object')`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE clients DROP CONSTRAINT clients_metadata_object, ALTER COLUMN metadata DROP DEFAULT,
        ALTER COLUMN metadata TYPE jsonb USING metadata::jsonb, ALTER COLUMN metadata SET DEFAULT '{}',
        ADD CONSTRAINT clients_metadata_object CHECK (jsonb_typeof(metadata) = 'object')`);
  }
}
