import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Answers that may be given again for a while. A row names the turn that it was the reply of (conversation and place), and goes with its conversation, or with any
 * message that it was made of.
 */
export class CreateCachedAnswers1763702420000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE messages ADD COLUMN cached boolean NOT NULL DEFAULT false`);
    await runner.query(`
      CREATE TABLE cached_answers (
        key bytea PRIMARY KEY CONSTRAINT cached_answers_key_length CHECK (octet_length(key) = 32),
        workspace_id bigint NOT NULL,
        conversation_id bigint NOT NULL
          CONSTRAINT cached_answers_conversation_fk REFERENCES conversations (id) ON DELETE CASCADE,
        user_seq integer NOT NULL,
        content text NOT NULL CONSTRAINT cached_answers_content_length CHECK (char_length(content) BETWEEN 1 AND 50000),
        model varchar(200) NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        expires_at timestamptz NOT NULL
      )`);
    await runner.query(`CREATE INDEX cached_answers_conversation_idx ON cached_answers (conversation_id, user_seq)`);
    await runner.query(`CREATE INDEX cached_answers_workspace_idx ON cached_answers (workspace_id, created_at)`);
    await runner.query(`CREATE INDEX cached_answers_expiry_idx ON cached_answers (expires_at)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE cached_answers`);
    await runner.query(`ALTER TABLE messages DROP COLUMN cached`);
  }
}
