import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The team reads a conversation up to the end of the escalation, and not what is said to the AI afterwards. */
export class RememberWhereEscalationsEnded1763704330010 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE escalations ADD COLUMN ended_seq integer`);
    await queryRunner.query(
      `COMMENT ON COLUMN escalations.ended_seq IS 'last message when it ended: later ones are not shown to the team'`,
    );
    // Where those of before ended is not known any more: at the last message that is older than that.
    await queryRunner.query(`
      UPDATE escalations e SET ended_seq = coalesce(
        (SELECT max(m.seq) FROM messages m WHERE m.conversation_id = e.conversation_id AND m.created_at <= e.ended_at), 0)
      WHERE e.ended_at IS NOT NULL`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE escalations DROP COLUMN ended_seq`);
  }
}
