import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What was said before a conversation came back from people is not told to models any more; and from which place on no model has spoken while people had it. */
export class BeginContextAfterHandOff1763704300000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `ALTER TABLE conversations ADD COLUMN context_from_seq integer NOT NULL DEFAULT 1,
         ADD CONSTRAINT conversations_context_check CHECK (context_from_seq >= 1) NOT VALID`,
    );
    await queryRunner.query(
      `COMMENT ON COLUMN conversations.context_from_seq IS 'messages before it are not told to models: people have dealt with them'`,
    );
    await queryRunner.query(`ALTER TABLE escalations ADD COLUMN claimed_seq integer`);
    await queryRunner.query(
      `COMMENT ON COLUMN escalations.claimed_seq IS 'last message when a person took over: no later one is a model''s until it ends'`,
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE escalations DROP COLUMN claimed_seq`);
    await queryRunner.query(`ALTER TABLE conversations DROP COLUMN context_from_seq`);
  }
}
