import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Visitors: people who write through a door of a workspace and have no account. Everything that belongs to a user (conversations, budgets,
 * what an answer cost) belongs to them in the same way; but they have no name, no password and no workspace, so they can never log in.
 */
export class AllowVisitors1763703000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE users ALTER COLUMN username DROP NOT NULL, ALTER COLUMN password_hash DROP NOT NULL,
        ADD COLUMN visits_workspace_id bigint,
        ADD COLUMN visitor_fingerprint bytea,
        ADD COLUMN visitor_external_id text,
        ADD CONSTRAINT users_visits_workspace_fk FOREIGN KEY (visits_workspace_id) REFERENCES workspaces (id) ON DELETE CASCADE NOT VALID,
        ADD CONSTRAINT users_kind_check CHECK (
          (visits_workspace_id IS NULL) = (username IS NOT NULL) AND (username IS NULL) = (password_hash IS NULL)
          AND (visitor_fingerprint IS NULL OR (visits_workspace_id IS NOT NULL AND visitor_external_id IS NOT NULL))) NOT VALID`);
    await runner.query(`ALTER TABLE users VALIDATE CONSTRAINT users_visits_workspace_fk`);
    await runner.query(`ALTER TABLE users VALIDATE CONSTRAINT users_kind_check`);
    await runner.query(
      `COMMENT ON COLUMN users.visitor_fingerprint IS 'keyed hash of the id that the host site has proven for this visitor'`,
    );
    await runner.query(`COMMENT ON COLUMN users.visitor_external_id IS 'that id, encrypted'`);
    await runner.query(
      `CREATE UNIQUE INDEX users_visitor_key ON users (visits_workspace_id, visitor_fingerprint) WHERE visits_workspace_id IS NOT NULL AND visitor_fingerprint IS NOT NULL`,
    );
    await runner.query(
      `CREATE INDEX users_visits_idx ON users (visits_workspace_id) WHERE visits_workspace_id IS NOT NULL`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DELETE FROM users WHERE visits_workspace_id IS NOT NULL`);
    await runner.query(`
      ALTER TABLE users DROP CONSTRAINT users_kind_check, DROP COLUMN visits_workspace_id, DROP COLUMN visitor_fingerprint,
        DROP COLUMN visitor_external_id, ALTER COLUMN username SET NOT NULL, ALTER COLUMN password_hash SET NOT NULL`);
  }
}
