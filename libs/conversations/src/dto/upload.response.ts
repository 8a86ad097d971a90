import type { UploadRow } from '../persistence/uploads.repository';

/** A picture that was uploaded. */
export class UploadResponse {
  /** For `images` of a message. Keep it to yourself.
   * @example upl_q83vEjRWeJq83u_M7vX2aB1c */
  id: string;
  /** @example image/png */
  content_type: 'image/png' | 'image/jpeg' | 'image/webp' | 'image/gif';
  /** @example 48213 */
  size_bytes: number;
  /** In pixels.
   * @example 1024 */
  width: number;
  /** In pixels.
   * @example 768 */
  height: number;
  /** @example 2026-11-21T12:00:00.000Z */
  created_at: string;
  /** When it is removed, unless a message uses it by then.
   * @example 2026-11-22T12:00:00.000Z */
  expires_at: string;

  static from(row: UploadRow): UploadResponse {
    return {
      id: row.id,
      content_type: row.content_type,
      size_bytes: row.size_bytes,
      width: row.width,
      height: row.height,
      created_at: row.created_at.toISOString(),
      expires_at: row.expires_at.toISOString(),
    };
  }
}
