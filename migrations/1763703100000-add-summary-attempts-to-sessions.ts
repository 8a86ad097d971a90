import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What it takes to write the summary of a session once, in the end, however often workers die on the way. */
export class AddSummaryAttemptsToSessions1763703100000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE sessions ADD COLUMN summary_attempts smallint NOT NULL DEFAULT 0, ADD COLUMN summary_revision integer NOT NULL DEFAULT 0,
        ADD COLUMN summary_not_before timestamptz NOT NULL DEFAULT now(), ADD COLUMN summary_seq integer NOT NULL DEFAULT 0`);
    await runner.query(
      `COMMENT ON COLUMN sessions.summary_revision IS 'fencing token: grows with each attempt and each end, so that a late answer is not kept'`,
    );
    await runner.query(
      `COMMENT ON COLUMN sessions.summary_seq IS 'seq of the newest message when the summary was written'`,
    );
    await runner.query(
      `COMMENT ON COLUMN sessions.goals IS 'empty, or one text: the list as JSON, encrypted for sessions/<id>/goals'`,
    );
    await runner.query(
      `CREATE INDEX sessions_summary_due_idx ON sessions (summary_not_before) WHERE summary_status = 'pending'`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE sessions DROP COLUMN summary_attempts, DROP COLUMN summary_revision, DROP COLUMN summary_not_before, DROP COLUMN summary_seq`);
    await runner.query(`COMMENT ON COLUMN sessions.goals IS NULL`);
  }
}
