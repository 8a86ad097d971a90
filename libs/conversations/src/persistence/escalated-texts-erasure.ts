import { Database } from '@app/platform';
import { Injectable } from '@nestjs/common';

/** Erases what was quoted and summed up of a conversation for the people who take it over; see `escalations`. */
@Injectable()
export class EscalatedTextsErasure {
  constructor(private readonly database: Database) {}

  /**
   * To be called in every transaction that erases a message, or a reply to one: evidence that quotes it (also of the turn that answered it together with
   * later ones) goes, and so do a summary and a reply that were made of it; a draft that is being written at this moment is not kept.
   * @param seq its place
   * @param userSeq place of the user's message that it is, or that it answers
   */
  async forget(conversationId: number, seq: number, userSeq: number): Promise<void> {
    await this.database.query(
      `UPDATE escalation_triggers g SET evidence = '', encryption_key = NULL FROM escalations e
       WHERE e.conversation_id = $1 AND g.escalation_id = e.id AND g.kind IN ('keyword', 'human_request', 'sentiment')
         AND (g.message_seq = $2 OR g.turn_id IN (SELECT merged_into_id FROM turns WHERE conversation_id = $1 AND user_seq = $2))`,
      [conversationId, seq],
    );
    await this.database.query('UPDATE escalations SET draft_revision = draft_revision + 1 WHERE conversation_id = $1', [
      conversationId,
    ]);
    await this.database.query(
      `UPDATE escalations SET summary = NULL, suggested_reply = NULL, draft_through_seq = NULL, updated_at = now(),
         encryption_key = CASE WHEN csat_comment IS NOT NULL THEN encryption_key END
       WHERE conversation_id = $1 AND draft_through_seq >= $2`,
      [conversationId, userSeq],
    );
  }
}
