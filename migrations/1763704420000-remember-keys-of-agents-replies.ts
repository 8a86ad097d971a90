import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What people of the team say may be sent again with the same key, as what users say may (`turns.idempotency_key`): they have no turns, so it stands here. */
export class RememberKeysOfAgentsReplies1763704420000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE agent_reply_keys (
        conversation_id bigint NOT NULL CONSTRAINT agent_reply_keys_conversation_fk REFERENCES conversations (id) ON DELETE CASCADE,
        author_id bigint NOT NULL,
        idempotency_key varchar(255) NOT NULL,
        request_hash bytea NOT NULL,
        message_id bigint NOT NULL CONSTRAINT agent_reply_keys_message_fk REFERENCES messages (id) ON DELETE CASCADE,
        PRIMARY KEY (conversation_id, author_id, idempotency_key)
      )`);
    await queryRunner.query(`CREATE UNIQUE INDEX agent_reply_keys_message_key ON agent_reply_keys (message_id)`);
    await queryRunner.query(
      `COMMENT ON TABLE agent_reply_keys IS 'By whom which key was used in a conversation, and the message that it made.'`,
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP TABLE agent_reply_keys`);
  }
}
