import { Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { SealedTexts } from './sealed-texts';

export interface FeedbackRow {
  message_id: number;
  rating: 'up' | 'down';
  comment: string | null;
  created_at: Date | string;
  updated_at: Date | string;
}

/** What people think of replies: one opinion per reply, the last one counts. */
@Injectable()
export class FeedbackRepository {
  constructor(
    private readonly database: Database,
    private readonly texts: SealedTexts,
  ) {}

  /** Undefined when the reply is not there, or not the user's. */
  async give(
    userId: number,
    messageId: number,
    rating: 'up' | 'down',
    comment: string | null,
    isEncrypted: boolean,
  ): Promise<FeedbackRow | undefined> {
    const [row] = await this.database.query<FeedbackRow>(
      `INSERT INTO message_feedback (message_id, rating, comment, encryption_key)
       SELECT m.id, $3, $4, $5 FROM messages m JOIN conversations c ON c.id = m.conversation_id
       WHERE m.id = $1 AND c.user_id = $2 AND c.is_encrypted = ($5::varchar IS NOT NULL) AND m.role = 'assistant' AND m.deleted_at IS NULL
       FOR SHARE OF m
       ON CONFLICT (message_id) DO UPDATE SET rating = excluded.rating, comment = excluded.comment,
         encryption_key = excluded.encryption_key, updated_at = now()
       RETURNING message_id, rating, comment, created_at, updated_at`,
      [
        messageId,
        userId,
        rating,
        isEncrypted ? this.texts.comment(messageId, comment) : comment,
        isEncrypted ? this.texts.keyId : null,
      ],
    );
    return row && { ...row, comment };
  }

  async takeBack(userId: number, messageId: number): Promise<void> {
    await this.database.query(
      `DELETE FROM message_feedback f USING messages m JOIN conversations c ON c.id = m.conversation_id
       WHERE f.message_id = $1 AND m.id = f.message_id AND c.user_id = $2`,
      [messageId, userId],
    );
  }
}
