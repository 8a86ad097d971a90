import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Conversations that somebody watches, ones whose content is encrypted, and messages that are answered together. */
export class WidenConversationsForSessions1763703000300 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE conversations ADD COLUMN is_encrypted boolean NOT NULL DEFAULT false, ADD COLUMN watched_until timestamptz`);
    await runner.query(
      `COMMENT ON COLUMN conversations.watched_until IS 'somebody follows it until then: whoever adds to it tells, and replies are streamed'`,
    );
    await runner.query(`ALTER TABLE turns ADD COLUMN merged_into_id bigint, ADD COLUMN burst_began_at timestamptz`);
    await runner.query(`
      ALTER TABLE turns ADD CONSTRAINT turns_merged_into_fk FOREIGN KEY (merged_into_id) REFERENCES turns (id) ON DELETE SET NULL NOT VALID`);
    await runner.query(
      `COMMENT ON COLUMN turns.burst_began_at IS 'when the first of the messages that are answered together was accepted'`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE turns DROP COLUMN merged_into_id, DROP COLUMN burst_began_at`);
    await runner.query(`ALTER TABLE conversations DROP COLUMN is_encrypted, DROP COLUMN watched_until`);
  }
}
