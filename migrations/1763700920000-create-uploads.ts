import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Pictures that users upload for their messages, and which messages use them. One that no message uses is removed at `expires_at`. A use holds its
 * upload: whoever removes an upload and whoever uses it at the same moment cannot both succeed. Deferred, because a user takes both along.
 */
export class CreateUploads1763700920000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE uploads (
        id text PRIMARY KEY CONSTRAINT uploads_id_check CHECK (char_length(id) BETWEEN 22 AND 64),
        user_id bigint NOT NULL CONSTRAINT uploads_user_fk REFERENCES users (id) ON DELETE CASCADE,
        content_type varchar(20) NOT NULL
          CONSTRAINT uploads_content_type_check CHECK (content_type IN ('image/png', 'image/jpeg', 'image/webp', 'image/gif')),
        size_bytes integer NOT NULL,
        width integer NOT NULL CONSTRAINT uploads_width_check CHECK (width BETWEEN 1 AND 10000),
        height integer NOT NULL CONSTRAINT uploads_height_check CHECK (height BETWEEN 1 AND 10000),
        sha256 bytea NOT NULL CONSTRAINT uploads_sha256_check CHECK (octet_length(sha256) = 32),
        content bytea NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        expires_at timestamptz NOT NULL,
        CONSTRAINT uploads_size_check CHECK (size_bytes BETWEEN 1 AND 20000000 AND octet_length(content) = size_bytes)
      )`);
    // Pictures are compressed already.
    await runner.query(`ALTER TABLE uploads ALTER COLUMN content SET STORAGE EXTERNAL`);
    await runner.query(`CREATE INDEX uploads_user_idx ON uploads (user_id)`);
    await runner.query(`CREATE INDEX uploads_expires_idx ON uploads (expires_at)`);
    await runner.query(`
      CREATE TABLE message_uploads (
        message_id bigint NOT NULL CONSTRAINT message_uploads_message_fk REFERENCES messages (id) ON DELETE CASCADE,
        upload_id text NOT NULL CONSTRAINT message_uploads_upload_fk REFERENCES uploads (id) DEFERRABLE INITIALLY DEFERRED,
        PRIMARY KEY (message_id, upload_id)
      )`);
    await runner.query(`CREATE INDEX message_uploads_upload_idx ON message_uploads (upload_id)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE message_uploads`);
    await runner.query(`DROP TABLE uploads`);
  }
}
