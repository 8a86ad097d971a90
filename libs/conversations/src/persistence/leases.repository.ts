import { Database, isForeignKeyViolation } from '@app/platform';
import { Injectable } from '@nestjs/common';

/** Whether a statement on leases failed because the conversation was erased at that very moment. */
export const isConversationGone = (error: unknown): boolean =>
  isForeignKeyViolation(error, 'conversation_leases_conversation_fk');

/** Who may work on a conversation; a lease is taken by `TurnWorkRepository.take`. All times are the database's, so a worker with a wrong clock does no harm. */
@Injectable()
export class LeasesRepository {
  constructor(private readonly database: Database) {}

  /** False when the lease was lost; whatever was being done must not be committed then (and cannot be). */
  async renew(conversationId: number, token: number, leaseMs: number): Promise<boolean> {
    const rows = await this.database.query(
      `UPDATE conversation_leases SET expires_at = now() + $3 * interval '1 millisecond' WHERE conversation_id = $1 AND token = $2 AND expires_at > '-infinity' RETURNING token`,
      [conversationId, token, leaseMs],
    );
    return rows.length > 0;
  }

  async release(conversationId: number, token: number): Promise<void> {
    await this.database.query(
      `UPDATE conversation_leases SET expires_at = '-infinity' WHERE conversation_id = $1 AND token = $2`,
      [conversationId, token],
    );
  }

  /**
   * Locks the lease row until the transaction ends, and makes it if there is none: every transaction that touches a turn's end takes this lock
   * first, so they cannot deadlock. False when the conversation is gone; rejects (see `isConversationGone`) when it goes while this waits.
   */
  async lock(conversationId: number): Promise<boolean> {
    const rows = await this.database.query(
      `INSERT INTO conversation_leases AS l (conversation_id, owner, token, expires_at)
       SELECT id, '', 0, '-infinity' FROM conversations WHERE id = $1
       ON CONFLICT (conversation_id) DO UPDATE SET owner = l.owner RETURNING conversation_id`,
      [conversationId],
    );
    return rows.length > 0;
  }

  /** Takes the lease from whoever holds it: what they are doing can no longer be committed. Call it inside the transaction that decides so. */
  async revoke(conversationId: number): Promise<void> {
    await this.database.query(
      `UPDATE conversation_leases SET token = token + 1, expires_at = '-infinity' WHERE conversation_id = $1`,
      [conversationId],
    );
  }
}
