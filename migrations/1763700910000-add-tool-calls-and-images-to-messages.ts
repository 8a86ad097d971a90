import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What hosted tools did for a reply, the sources it names, and the pictures of a user message. The CHECKs stop what no request can bring. */
export class AddToolCallsAndImagesToMessages1763700910000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE messages ADD COLUMN tool_calls jsonb, ADD COLUMN citations jsonb, ADD COLUMN images jsonb,
        ADD CONSTRAINT messages_tool_calls_check CHECK (
          tool_calls IS NULL OR (role = 'assistant' AND jsonb_typeof(tool_calls) = 'array' AND jsonb_array_length(tool_calls) <= 50)),
        ADD CONSTRAINT messages_citations_check CHECK (
          citations IS NULL OR (role = 'assistant' AND jsonb_typeof(citations) = 'array' AND jsonb_array_length(citations) <= 50)),
        ADD CONSTRAINT messages_images_check CHECK (
          images IS NULL OR (role = 'user' AND jsonb_typeof(images) = 'array' AND jsonb_array_length(images) BETWEEN 1 AND 10)),
        ADD CONSTRAINT messages_deleted_extras_check CHECK (
          deleted_at IS NULL OR (tool_calls IS NULL AND citations IS NULL AND images IS NULL))`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE messages DROP COLUMN tool_calls, DROP COLUMN citations, DROP COLUMN images`);
  }
}
