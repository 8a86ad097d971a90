import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How visitors of a workspace's websites reach it. */
export class CreateSupportDoors1763703000200 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE support_doors (
        workspace_id bigint PRIMARY KEY CONSTRAINT support_doors_workspace_fk REFERENCES workspaces (id) ON DELETE CASCADE,
        public_key text NOT NULL CONSTRAINT support_doors_public_key_key UNIQUE,
        persona_id bigint NOT NULL CONSTRAINT support_doors_persona_fk REFERENCES personas (id),
        is_enabled boolean NOT NULL DEFAULT true,
        allowed_origins text[] NOT NULL DEFAULT '{}',
        requires_identity boolean NOT NULL DEFAULT false,
        identity_secret text,
        sessions_per_minute integer CONSTRAINT support_doors_sessions_check CHECK (sessions_per_minute > 0),
        messages_per_minute integer CONSTRAINT support_doors_messages_check CHECK (messages_per_minute > 0),
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now()
      )`);
    await runner.query(`CREATE INDEX support_doors_persona_idx ON support_doors (persona_id)`);
    await runner.query(
      `COMMENT ON COLUMN support_doors.identity_secret IS 'what the host site proves visitors with, encrypted'`,
    );
    await runner.query(
      `COMMENT ON COLUMN support_doors.sessions_per_minute IS 'new sessions per address; null: the instance''s limit. messages_per_minute: messages per session'`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE support_doors`);
  }
}
