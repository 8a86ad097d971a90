import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What fell out of a conversation's window, in short. A row with empty content is a claim or a summary that was dropped: its `revision` fences
 * off whoever was summarising text that has been erased meanwhile.
 */
export class CreateConversationSummaries1763701200000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE conversation_summaries (
        conversation_id bigint PRIMARY KEY
          CONSTRAINT conversation_summaries_conversation_fk REFERENCES conversations (id) ON DELETE CASCADE,
        content text NOT NULL DEFAULT '' CONSTRAINT conversation_summaries_length CHECK (char_length(content) <= 4000),
        through_seq integer NOT NULL DEFAULT 0,
        tokens integer,
        model varchar(200),
        revision uuid NOT NULL DEFAULT gen_random_uuid(),
        not_before timestamptz NOT NULL DEFAULT now(),
        failures smallint NOT NULL DEFAULT 0,
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT conversation_summaries_through_check CHECK (through_seq >= 0 AND (content = '') = (through_seq = 0))
      ) WITH (fillfactor = 50)`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP TABLE conversation_summaries`);
  }
}
