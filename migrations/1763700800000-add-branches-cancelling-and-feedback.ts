import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What regenerating, editing, cancelling and rating need. A turn counts (`is_current`) when its exchange is part of the conversation as it is told now. */
export class AddBranchesCancellingAndFeedback1763700800000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE turns
        ADD COLUMN is_current boolean NOT NULL DEFAULT true,
        ADD COLUMN is_watched boolean NOT NULL DEFAULT false,
        ADD COLUMN cancel_requested_at timestamptz,
        ADD COLUMN last_event integer CONSTRAINT turns_last_event_check CHECK (last_event >= 1)`);
    await queryRunner.query(`ALTER TABLE conversations ADD COLUMN has_alternatives boolean NOT NULL DEFAULT false`);
    await queryRunner.query(`
      ALTER TABLE messages ADD COLUMN usage jsonb, ADD COLUMN edit_of_id bigint,
        ADD CONSTRAINT messages_edit_of_fk FOREIGN KEY (edit_of_id) REFERENCES messages (id) ON DELETE CASCADE,
        ADD CONSTRAINT messages_edit_role_check CHECK (edit_of_id IS NULL OR role = 'user'),
        DROP CONSTRAINT messages_status_check,
        ADD CONSTRAINT messages_status_check CHECK (status IN ('sent', 'completed', 'truncated', 'fallback', 'cancelled'))`);
    await queryRunner.query(`CREATE INDEX messages_edit_of_idx ON messages (edit_of_id) WHERE edit_of_id IS NOT NULL`);
    await queryRunner.query(`ALTER TABLE model_calls ADD COLUMN is_usage_estimated boolean NOT NULL DEFAULT false`);
    await queryRunner.query(`
      CREATE TABLE message_feedback (
        message_id bigint PRIMARY KEY CONSTRAINT message_feedback_message_fk REFERENCES messages (id) ON DELETE CASCADE,
        rating varchar(4) NOT NULL CONSTRAINT message_feedback_rating_check CHECK (rating IN ('up', 'down')),
        comment text CONSTRAINT message_feedback_comment_length CHECK (char_length(comment) <= 4000),
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now()
      )`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP TABLE message_feedback`);
    await queryRunner.query(`ALTER TABLE model_calls DROP COLUMN is_usage_estimated`);
    // Before this, a reply was whole or a fallback.
    await queryRunner.query(`UPDATE messages SET status = 'truncated' WHERE status = 'cancelled'`);
    await queryRunner.query(`
      ALTER TABLE messages DROP COLUMN usage, DROP COLUMN edit_of_id, DROP CONSTRAINT messages_status_check,
        ADD CONSTRAINT messages_status_check CHECK (status IN ('sent', 'completed', 'truncated', 'fallback'))`);
    await queryRunner.query(`ALTER TABLE conversations DROP COLUMN has_alternatives`);
    await queryRunner.query(`
      ALTER TABLE turns DROP COLUMN is_current, DROP COLUMN is_watched, DROP COLUMN cancel_requested_at, DROP COLUMN last_event`);
  }
}
