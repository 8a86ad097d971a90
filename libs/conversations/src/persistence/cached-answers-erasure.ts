import { Database } from '@app/platform';
import { Injectable } from '@nestjs/common';

/** Erases what the gateway keeps of replies so as to give them again; see `cached_answers`. */
@Injectable()
export class CachedAnswersErasure {
  constructor(private readonly database: Database) {}

  /** To be called in every transaction that erases what was said at this place: the answers from there on were made of it. */
  async forget(conversationId: number, fromUserSeq: number): Promise<void> {
    await this.database.query(`DELETE FROM cached_answers WHERE conversation_id = $1 AND user_seq >= $2`, [
      conversationId,
      fromUserSeq,
    ]);
  }
}
