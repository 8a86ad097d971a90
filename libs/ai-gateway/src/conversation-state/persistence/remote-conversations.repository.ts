import { Database } from '@app/platform';
import { Injectable } from '@nestjs/common';

/** What we know of the remote conversation that stands for one of ours. */
export interface RemoteMapping {
  openaiConversationId: string;
  upstream: string;
  /** The newest turn that it is known to hold; 0: it is empty; null: not known, so it is not used again. */
  holdsTurnId: number | null;
  createdAt: Date;
  usedAt: Date;
}

/** Written down before it is used, so that it cannot be forgotten. */
export interface NewMapping {
  conversationId: number;
  openaiConversationId: string;
  upstream: string;
  /** Signature of the redaction that it is filled with; null for none. */
  redaction: string | null;
}

/** A turn under a lease: what a worker may write with. */
export interface LeasedTurn {
  conversationId: number;
  turnId: number;
  token: number;
}

const NO_MAPPING = `openai_conversation_id = NULL, openai_conversation_turn_id = NULL, openai_conversation_upstream = NULL,
  openai_conversation_created_at = NULL, openai_conversation_used_at = NULL, openai_conversation_redaction = NULL`;

const OUR_LEASE = `EXISTS (SELECT 1 FROM conversation_leases l WHERE l.conversation_id = $1 AND l.token = $2 AND l.expires_at > '-infinity')`;

/**
 * The columns `conversations.openai_*`. A remote conversation that a row lets go of, by whatever statement, is handed to removal by a trigger.
 * What a worker writes names its fencing token.
 */
@Injectable()
export class RemoteConversationsRepository {
  constructor(private readonly database: Database) {}

  /**
   * Takes the remote conversation into use if it holds exactly the history up to `newestTurnId` (0 for none), hides what is to be hidden, and says in the same breath that
   * what it holds is not known any more: a call that dies may leave its message behind. Null when it must not be used.
   */
  async use(
    { conversationId, token }: LeasedTurn,
    newestTurnId: number,
    upstream: string,
    redaction: string | null,
  ): Promise<string | null> {
    const [row] = await this.database.query<{ id: string }>(
      `UPDATE conversations SET openai_conversation_turn_id = NULL, openai_conversation_used_at = now()
       WHERE id = $1 AND openai_conversation_turn_id = $3 AND openai_conversation_upstream = $4
         AND openai_conversation_redaction IS NOT DISTINCT FROM $5 AND ${OUR_LEASE}
       RETURNING openai_conversation_id AS id`,
      [conversationId, token, newestTurnId, upstream, redaction],
    );
    return row?.id ?? null;
  }

  /** Makes it the conversation's, in place of the one before. False when the lease is not ours: then it goes straight to removal. */
  async map(mapping: NewMapping, token: number): Promise<boolean> {
    const [row] = await this.database.query<{ isMapped: boolean }>(
      `WITH mapped AS (
         UPDATE conversations SET openai_conversation_id = $3, openai_conversation_turn_id = NULL, openai_conversation_upstream = $4,
           openai_conversation_redaction = $5, openai_conversation_created_at = now(), openai_conversation_used_at = now()
         WHERE id = $1 AND ${OUR_LEASE} RETURNING 1
       ), unwanted AS (
         INSERT INTO openai_conversation_removals (openai_conversation_id, upstream)
         SELECT $3, $4 WHERE NOT EXISTS (SELECT 1 FROM mapped) ON CONFLICT DO NOTHING
       )
       SELECT EXISTS (SELECT 1 FROM mapped) AS "isMapped"`,
      [mapping.conversationId, token, mapping.openaiConversationId, mapping.upstream, mapping.redaction],
    );
    return row!.isMapped;
  }

  /** The upstream refused the call outright, so the remote conversation is what it was before it. */
  async stillHolds({ conversationId, token }: LeasedTurn, remoteId: string, newestTurnId: number): Promise<void> {
    await this.database.query(
      `UPDATE conversations SET openai_conversation_turn_id = $4
       WHERE id = $1 AND openai_conversation_id = $3 AND openai_conversation_turn_id IS NULL AND ${OUR_LEASE}`,
      [conversationId, token, remoteId, newestTurnId],
    );
  }

  /** After `finish` in its transaction: the remote conversation holds this turn too, if the turn has really ended with this attempt's reply. */
  async holds(conversationId: number, remoteId: string, turnId: number, attempt: number): Promise<void> {
    await this.database.query(
      `UPDATE conversations SET openai_conversation_turn_id = $3
       WHERE id = $1 AND openai_conversation_id = $2
         AND EXISTS (SELECT 1 FROM turns t WHERE t.id = $3 AND t.conversation_id = $1 AND t.attempt = $4 AND t.status = 'completed')`,
      [conversationId, remoteId, turnId, attempt],
    );
  }

  /** Lets go of the remote conversation. @param onlyId nothing happens when it is another one by now */
  async forget(conversationId: number, onlyId: string): Promise<boolean> {
    const rows = await this.database.query(
      `UPDATE conversations SET ${NO_MAPPING} WHERE id = $1 AND openai_conversation_id = $2 RETURNING id`,
      [conversationId, onlyId],
    );
    return rows.length > 0;
  }

  /** Those whose last use is longer ago. Returns how many there were, at most `limit`. */
  async forgetInactive(olderThanDays: number, limit: number): Promise<number> {
    const rows = await this.database.query(
      `UPDATE conversations SET ${NO_MAPPING} WHERE id IN (
         SELECT id FROM conversations WHERE openai_conversation_id IS NOT NULL AND openai_conversation_used_at < now() - $1 * interval '1 day'
         ORDER BY openai_conversation_used_at LIMIT $2 FOR UPDATE SKIP LOCKED
       ) RETURNING id`,
      [olderThanDays, limit],
    );
    return rows.length;
  }

  /** Callers check the conversation's owner first. */
  async find(conversationId: number): Promise<RemoteMapping | undefined> {
    const [row] = await this.database.query<RemoteMapping>(
      `SELECT openai_conversation_id AS "openaiConversationId", openai_conversation_upstream AS upstream,
         openai_conversation_turn_id AS "holdsTurnId", openai_conversation_created_at AS "createdAt", openai_conversation_used_at AS "usedAt"
       FROM conversations WHERE id = $1 AND openai_conversation_id IS NOT NULL`,
      [conversationId],
    );
    return row;
  }

  /**
   * Makes a conversation that was filled by request the conversation's, unless a message is being answered or the history has changed since.
   * The lease must be locked in the same transaction. @param newestTurnId the newest turn it was filled with, 0 for none
   */
  async adopt(mapping: NewMapping, newestTurnId: number, currentNewestTurnId: number): Promise<boolean> {
    const rows = await this.database.query(
      `UPDATE conversations SET openai_conversation_id = $2, openai_conversation_upstream = $3, openai_conversation_turn_id = $4,
         openai_conversation_redaction = $6, openai_conversation_created_at = now(), openai_conversation_used_at = now()
       WHERE id = $1 AND $4::bigint = $5::bigint AND NOT EXISTS (SELECT 1 FROM turns WHERE conversation_id = $1 AND finished_at IS NULL)
       RETURNING id`,
      [
        mapping.conversationId,
        mapping.openaiConversationId,
        mapping.upstream,
        newestTurnId,
        currentNewestTurnId,
        mapping.redaction,
      ],
    );
    return rows.length > 0;
  }

  /** The workspace's default; null for the instance's. */
  async workspaceState(workspaceId: number): Promise<string | null> {
    const [row] = await this.database.query<{ state: string | null }>(
      `SELECT conversation_state AS state FROM workspaces WHERE id = $1`,
      [workspaceId],
    );
    return row?.state ?? null;
  }
}
