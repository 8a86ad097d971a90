import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * When conversations began and ended, also of those that are deleted; and in which quarters of an hour they were active, each with the one before
 * it: then a conversation is counted once in any range, at the quarter whose predecessor lies before the range.
 */
export class RememberConversations1763702310000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE conversation_lives (
        conversation_id bigint PRIMARY KEY,
        workspace_id bigint NOT NULL,
        user_id bigint NOT NULL,
        persona_id bigint NOT NULL,
        created_at timestamptz NOT NULL,
        deleted_at timestamptz,
        channel varchar(20) NOT NULL
      )`);
    await queryRunner.query(`
      INSERT INTO conversation_lives (conversation_id, workspace_id, user_id, persona_id, created_at, channel)
      SELECT id, workspace_id, user_id, persona_id, created_at, channel FROM conversations`);
    for (const column of ['created_at', 'deleted_at']) {
      const name = `conversation_lives_${column.replace('_at', '')}`;
      const where = column === 'deleted_at' ? 'WHERE deleted_at IS NOT NULL' : '';
      await queryRunner.query(`CREATE INDEX ${name}_idx ON conversation_lives (${column}) ${where}`);
      await queryRunner.query(`CREATE INDEX ${name}_user_idx ON conversation_lives (user_id, ${column}) ${where}`);
      await queryRunner.query(
        `CREATE INDEX ${name}_workspace_idx ON conversation_lives (workspace_id, ${column}) ${where}`,
      );
    }
    await queryRunner.query(`
      CREATE FUNCTION remember_conversation() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF TG_OP = 'INSERT' THEN
          INSERT INTO conversation_lives (conversation_id, workspace_id, user_id, persona_id, created_at, channel)
          VALUES (NEW.id, NEW.workspace_id, NEW.user_id, NEW.persona_id, NEW.created_at, NEW.channel);
        ELSE
          UPDATE conversation_lives SET deleted_at = now() WHERE conversation_id = OLD.id;
        END IF;
        RETURN NULL;
      END $$`);
    await queryRunner.query(`
      CREATE TRIGGER conversations_remember AFTER INSERT OR DELETE ON conversations
      FOR EACH ROW EXECUTE FUNCTION remember_conversation()`);
    await queryRunner.query(`
      CREATE TABLE conversation_activity (
        bucket timestamptz NOT NULL,
        conversation_id bigint NOT NULL,
        workspace_id bigint NOT NULL,
        user_id bigint NOT NULL,
        persona_id bigint NOT NULL,
        previous timestamptz,
        previous_with_persona timestamptz,
        channel varchar(20) NOT NULL
      )`);
    await queryRunner.query(
      `CREATE INDEX conversation_activity_bucket_idx ON conversation_activity (bucket) INCLUDE (previous)`,
    );
    await queryRunner.query(`CREATE INDEX conversation_activity_user_idx ON conversation_activity (user_id, bucket)`);
    await queryRunner.query(
      `CREATE INDEX conversation_activity_workspace_idx ON conversation_activity (workspace_id, bucket)`,
    );
    await queryRunner.query(
      `CREATE INDEX conversation_activity_conversation_idx ON conversation_activity (conversation_id, bucket)`,
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP TABLE conversation_activity`);
    await queryRunner.query(`DROP TRIGGER conversations_remember ON conversations`);
    await queryRunner.query(`DROP FUNCTION remember_conversation()`);
    await queryRunner.query(`DROP TABLE conversation_lives`);
  }
}
