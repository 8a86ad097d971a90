import { Database, isForeignKeyViolation } from '@app/platform';
import { Injectable } from '@nestjs/common';

/** Whether a statement on leases failed because the conversation was erased at that very moment. */
export const isConversationGone = (error: unknown): boolean =>
  isForeignKeyViolation(error, 'conversation_leases_conversation_fk');

export interface RenewedLease {
  isOurs: boolean;
  /** The running turn, when its sender does not want an answer any more. */
  cancelledTurnId: number | null;
}

/** Who may work on a conversation; a lease is taken by `TurnWorkRepository.take`. All times are the database's, so a worker with a wrong clock does no harm. */
@Injectable()
export class LeasesRepository {
  constructor(private readonly database: Database) {}

  /** When the lease was lost, whatever was being done must not be committed (and cannot be). A request to cancel is told here, too, should its event be lost. */
  async renew(conversationId: number, token: number, leaseMs: number): Promise<RenewedLease> {
    const [row] = await this.database.query<{ cancelledTurnId: number | null }>(
      `UPDATE conversation_leases SET expires_at = now() + $3 * interval '1 millisecond'
       WHERE conversation_id = $1 AND token = $2 AND expires_at > '-infinity'
       RETURNING (
         SELECT min(t.id) FROM turns t
         WHERE t.conversation_id = $1 AND t.finished_at IS NULL AND t.status = 'running' AND t.cancel_requested_at IS NOT NULL
       ) AS "cancelledTurnId"`,
      [conversationId, token, leaseMs],
    );
    return { isOurs: row !== undefined, cancelledTurnId: row?.cancelledTurnId ?? null };
  }

  async release(conversationId: number, token: number): Promise<void> {
    await this.database.query(
      `UPDATE conversation_leases SET expires_at = '-infinity' WHERE conversation_id = $1 AND token = $2`,
      [conversationId, token],
    );
  }

  /**
   * Locks the lease row until the transaction ends, and makes it if there is none; then the conversation. Every transaction that touches a turn's
   * end takes these locks first, and in this order, so they cannot deadlock: whoever sends a message holds the conversation while PostgreSQL waits
   * for a turn that is being changed, to see whether the idempotency key is taken. False when the conversation is gone; rejects (see
   * `isConversationGone`) when it goes while this waits.
   */
  async lock(conversationId: number): Promise<boolean> {
    const [, held] = await Promise.all([
      this.database.query(
        `INSERT INTO conversation_leases AS l (conversation_id, owner, token, expires_at)
         SELECT id, '', 0, '-infinity' FROM conversations WHERE id = $1
         ON CONFLICT (conversation_id) DO UPDATE SET owner = l.owner`,
        [conversationId],
      ),
      this.database.query('SELECT 1 FROM conversations WHERE id = $1 FOR NO KEY UPDATE', [conversationId]),
    ]);
    return held.length > 0;
  }

  /** Takes the lease from whoever holds it: what they are doing can no longer be committed. Call it inside the transaction that decides so. */
  async revoke(conversationId: number): Promise<void> {
    await this.database.query(
      `UPDATE conversation_leases SET token = token + 1, expires_at = '-infinity' WHERE conversation_id = $1`,
      [conversationId],
    );
  }

  /** The same, if its holder has let it run out: then nobody can be asked to stop. */
  async revokeExpired(conversationId: number): Promise<void> {
    await this.database.query(
      `UPDATE conversation_leases SET token = token + 1, expires_at = '-infinity' WHERE conversation_id = $1 AND expires_at <= now()`,
      [conversationId],
    );
  }
}
