import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What reports need to know of a call: the channel that it came through, the service tier that the upstream ran it in, the comparison of versions
 * that it is part of. And two more kinds of rows: previews, which belong to no conversation, and answers from the cache, which asked nobody.
 */
export class WidenModelCalls1763702000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE conversations ADD channel varchar(20) NOT NULL DEFAULT 'api'`);
    await queryRunner.query(`
      ALTER TABLE model_calls ADD channel varchar(20) NOT NULL DEFAULT 'api', ADD service_tier varchar(20), ADD experiment_id bigint,
        ALTER turn_id DROP NOT NULL, ALTER conversation_id DROP NOT NULL,
        DROP CONSTRAINT model_calls_purpose_check, DROP CONSTRAINT model_calls_status_check`);
    // Checked in a second step, which lets the table be used meanwhile.
    await queryRunner.query(`
      ALTER TABLE model_calls
        ADD CONSTRAINT model_calls_purpose_check CHECK (purpose IN ('reply', 'summary', 'preview')) NOT VALID,
        ADD CONSTRAINT model_calls_status_check
          CHECK (status IN ('started', 'succeeded', 'failed', 'cancelled', 'lost', 'cached')) NOT VALID,
        ADD CONSTRAINT model_calls_preview_check
          CHECK ((purpose = 'preview') = (turn_id IS NULL) AND (turn_id IS NULL) = (conversation_id IS NULL)) NOT VALID`);
    await queryRunner.query(`
      ALTER TABLE model_calls VALIDATE CONSTRAINT model_calls_purpose_check, VALIDATE CONSTRAINT model_calls_status_check,
        VALIDATE CONSTRAINT model_calls_preview_check`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    // The former table has no place for these.
    await queryRunner.query(`DELETE FROM model_calls WHERE purpose = 'preview' OR status = 'cached'`);
    await queryRunner.query(`
      ALTER TABLE model_calls DROP CONSTRAINT model_calls_preview_check, DROP CONSTRAINT model_calls_purpose_check,
        DROP CONSTRAINT model_calls_status_check, DROP experiment_id, DROP service_tier, DROP channel,
        ALTER turn_id SET NOT NULL, ALTER conversation_id SET NOT NULL,
        ADD CONSTRAINT model_calls_purpose_check CHECK (purpose IN ('reply', 'summary')),
        ADD CONSTRAINT model_calls_status_check CHECK (status IN ('started', 'succeeded', 'failed', 'cancelled', 'lost'))`);
    await queryRunner.query(`ALTER TABLE conversations DROP channel`);
  }
}
