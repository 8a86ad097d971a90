import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The service tier that a persona asks for, what is hidden from the upstream, and for how long answers may be given again. */
export class AddPrivacySettingsToPersonaVersions1763702400000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE persona_versions
        ADD COLUMN service_tier varchar(20)
          CONSTRAINT persona_versions_service_tier CHECK (service_tier IN ('auto', 'default', 'flex', 'priority')),
        ADD COLUMN pii_redaction json
          CONSTRAINT persona_versions_pii_redaction CHECK (
            json_typeof(pii_redaction) = 'object' AND octet_length(pii_redaction::text) <= 100000),
        ADD COLUMN answer_cache json
          CONSTRAINT persona_versions_answer_cache CHECK (
            json_typeof(answer_cache) = 'object' AND octet_length(answer_cache::text) <= 1000)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE persona_versions DROP COLUMN answer_cache, DROP COLUMN pii_redaction, DROP COLUMN service_tier`);
  }
}
