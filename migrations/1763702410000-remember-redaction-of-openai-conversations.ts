import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How a copy at OpenAI was redacted: one that shows more, or other placeholders, than the persona's settings say now is made again. */
export class RememberRedactionOfOpenaiConversations1763702410000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE conversations ADD COLUMN openai_conversation_redaction varchar(64)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE conversations DROP COLUMN openai_conversation_redaction`);
  }
}
