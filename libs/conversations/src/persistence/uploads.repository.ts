import { Database, FieldCipher, FieldReader } from '@app/platform';
import { Injectable } from '@nestjs/common';
import type { ImageType } from '../uploads/image-header';

export interface UploadRow {
  id: string;
  content_type: ImageType;
  size_bytes: number;
  width: number;
  height: number;
  created_at: Date;
  expires_at: Date;
}

export interface NewUpload extends Omit<UploadRow, 'created_at' | 'expires_at'> {
  userId: number;
  sha256: Buffer;
  content: Buffer;
  /** How long it stays when no message uses it. */
  keptMs: number;
  /** What its user may have of unused ones, this one included, in bytes. */
  quotaBytes: number;
}

interface StoredUpload {
  id: string;
  content_type: ImageType;
  content: Buffer;
  encryption_key: string | null;
}

const placeOf = (id: string): string => `uploads/${id}/content`;

const COLUMNS = 'id, content_type, size_bytes, width, height, created_at, expires_at';
const IS_UNUSED = `NOT EXISTS (SELECT 1 FROM message_uploads used WHERE used.upload_id = u.id)`;

/** Reads are scoped to the user who uploaded. */
@Injectable()
export class UploadsRepository {
  constructor(
    private readonly database: Database,
    private readonly cipher: FieldCipher,
    private readonly reader: FieldReader,
  ) {}

  /** Undefined when the user has too much of unused ones. */
  async add(upload: NewUpload): Promise<UploadRow | undefined> {
    return this.database.transaction(async () => {
      // One after the other, or many at once would all fit.
      await this.database.query(`SELECT 1 FROM users WHERE id = $1 FOR NO KEY UPDATE`, [upload.userId]);
      const [row] = await this.database.query<UploadRow>(
        `INSERT INTO uploads (id, user_id, content_type, size_bytes, width, height, sha256, content, expires_at)
         SELECT $1, $2::bigint, $3, $4::integer, $5::integer, $6::integer, $7::bytea, $8::bytea, now() + $9 * interval '1 millisecond'
         WHERE $4::integer + (SELECT coalesce(sum(u.size_bytes), 0) FROM uploads u WHERE u.user_id = $2::bigint AND ${IS_UNUSED}) <= $10::bigint
         RETURNING ${COLUMNS}`,
        [
          upload.id,
          upload.userId,
          upload.content_type,
          upload.size_bytes,
          upload.width,
          upload.height,
          upload.sha256,
          upload.content,
          upload.keptMs,
          upload.quotaBytes,
        ],
      );
      return row;
    });
  }

  async find(userId: number, id: string): Promise<{ content_type: ImageType; content: Buffer } | undefined> {
    const [row] = await this.contents(userId, [id]);
    return row && { content_type: row.content_type, content: row.content };
  }

  /** Without those that cannot be decrypted. */
  async contents(
    userId: number,
    ids: readonly string[],
  ): Promise<{ id: string; content_type: ImageType; content: Buffer }[]> {
    const rows = await this.database.query<StoredUpload>(
      `SELECT id, content_type, content, encryption_key FROM uploads WHERE id = ANY($2::text[]) AND user_id = $1`,
      [userId, ids],
    );
    return rows.flatMap(({ id, content_type, content, encryption_key: key }) => {
      if (key === null) return [{ id, content_type, content }];
      const opened = this.reader.openBytes(content, placeOf(id));
      return 'plain' in opened ? [{ id, content_type, content: opened.plain }] : [];
    });
  }

  async sizes(userId: number, ids: readonly string[]): Promise<{ id: string; size_bytes: number }[]> {
    return this.database.query(`SELECT id, size_bytes FROM uploads WHERE id = ANY($2::text[]) AND user_id = $1`, [
      userId,
      ids,
    ]);
  }

  /** The user's own among these, held until the transaction ends: nobody removes them meanwhile. */
  async hold(userId: number, ids: readonly string[]): Promise<{ id: string; size_bytes: number }[]> {
    return this.database.query(
      `SELECT id, size_bytes FROM uploads WHERE id = ANY($2::text[]) AND user_id = $1 ORDER BY id FOR KEY SHARE`,
      [userId, ids],
    );
  }

  /** For uploads that this transaction holds. */
  async useInMessageOf(turnId: number, ids: readonly string[]): Promise<void> {
    await this.database.query(
      `INSERT INTO message_uploads (message_id, upload_id) SELECT t.user_message_id, used.id
       FROM turns t CROSS JOIN unnest($2::text[]) AS used (id) WHERE t.id = $1 ON CONFLICT DO NOTHING`,
      [turnId, ids],
    );
  }

  /**
   * For uploads that this transaction holds. Those that are encrypted already stay as they are; each is in memory by itself. In one order for all, so that
   * two messages with the same pictures cannot wait for each other.
   */
  async encrypt(ids: readonly string[]): Promise<void> {
    for (const id of [...ids].sort()) {
      const [plain] = await this.database.query<{ content: Buffer }>(
        `SELECT content FROM uploads WHERE id = $1 AND encryption_key IS NULL`,
        [id],
      );
      if (plain === undefined) continue;
      await this.database.query(
        `UPDATE uploads SET content = $2, sha256 = NULL, encryption_key = $3 WHERE id = $1 AND encryption_key IS NULL`,
        [id, this.cipher.encryptBytes(plain.content, placeOf(id)), this.cipher.currentKeyId],
      );
    }
  }

  /** True when it was there and is gone now. A foreign key violation when a message uses it. */
  async remove(userId: number, id: string): Promise<boolean> {
    const rows = await this.database.query(`DELETE FROM uploads WHERE id = $2 AND user_id = $1 RETURNING id`, [
      userId,
      id,
    ]);
    return rows.length > 0;
  }

  /** The uploads of all messages of a conversation are not used by them any more. Returns their ids. */
  async releaseConversation(conversationId: number): Promise<string[]> {
    const rows = await this.database.query<{ upload_id: string }>(
      `DELETE FROM message_uploads WHERE message_id IN (SELECT id FROM messages WHERE conversation_id = $1 AND images IS NOT NULL)
       RETURNING upload_id`,
      [conversationId],
    );
    return [...new Set(rows.map((row) => row.upload_id))];
  }

  /** The same for one message. */
  async release(messageId: number): Promise<string[]> {
    const rows = await this.database.query<{ upload_id: string }>(
      `DELETE FROM message_uploads WHERE message_id = $1 RETURNING upload_id`,
      [messageId],
    );
    return rows.map((row) => row.upload_id);
  }

  async removeUnused(ids: readonly string[]): Promise<void> {
    // Locked in the order of `hold`.
    await this.database.query(
      `DELETE FROM uploads d USING (SELECT u.id FROM uploads u WHERE u.id = ANY($1::text[]) AND ${IS_UNUSED} ORDER BY u.id FOR UPDATE) u
       WHERE d.id = u.id AND ${IS_UNUSED}`,
      [ids],
    );
  }

  /** Removes some of those whose time is over; returns how many. */
  async removeExpired(limit: number): Promise<number> {
    const rows = await this.database.query(
      `DELETE FROM uploads WHERE id IN (
         SELECT u.id FROM uploads u WHERE u.expires_at < now() AND ${IS_UNUSED} ORDER BY u.expires_at LIMIT $1 FOR UPDATE SKIP LOCKED
       ) RETURNING id`,
      [limit],
    );
    return rows.length;
  }
}
