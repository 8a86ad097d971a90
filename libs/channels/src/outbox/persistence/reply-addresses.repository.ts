import { Database, FieldCipher, FieldReader } from '@app/platform';
import { Injectable } from '@nestjs/common';

/** Place that an address is bound to. */
const placeOf = (conversationId: number): string => `channel_threads/${conversationId}/reply_address`;

/** An address of which one use was taken. */
export interface TakenAddress {
  plain: string;
  /** As it is stored. */
  sealed: string;
}

/** Where people wait for an answer in another way than usual. Each address can be used a few times, for a while. */
@Injectable()
export class ReplyAddressesRepository {
  constructor(
    private readonly database: Database,
    private readonly cipher: FieldCipher,
    private readonly reader: FieldReader,
  ) {}

  /** The newest counts; told again of the same one, `until` being its own, its uses stay counted. */
  async set(conversationId: number, address: string, { until, times }: { until: Date; times: number }): Promise<void> {
    await this.database.query(
      `UPDATE channel_threads SET reply_address = $2, encryption_key = $3, reply_until = $4, replies_left = $5
       WHERE conversation_id = $1 AND (reply_address IS NULL OR reply_until IS DISTINCT FROM $4)`,
      [conversationId, this.cipher.encrypt(address, placeOf(conversationId)), this.cipher.currentKeyId, until, times],
    );
  }

  /** One use of it. Undefined: there is none, or not any more. */
  async take(conversationId: number): Promise<TakenAddress | undefined> {
    const [row] = await this.database.query<{ address: string }>(
      `UPDATE channel_threads SET replies_left = replies_left - 1
       WHERE conversation_id = $1 AND reply_address IS NOT NULL AND replies_left > 0 AND reply_until > now() RETURNING reply_address AS address`,
      [conversationId],
    );
    if (row === undefined) return undefined;
    const opened = this.reader.open(row.address, placeOf(conversationId));
    return 'plain' in opened ? { plain: opened.plain, sealed: row.address } : undefined;
  }

  /** The use that was taken was none. Nothing happens when there is another address by now, or another key for this one. */
  async giveBack(conversationId: number, { sealed }: TakenAddress): Promise<void> {
    await this.database.query(
      'UPDATE channel_threads SET replies_left = replies_left + 1 WHERE conversation_id = $1 AND reply_address = $2',
      [conversationId, sealed],
    );
  }

  /** Addresses that are over are permissions that nobody needs. */
  async removeOver(limit: number): Promise<void> {
    await this.database.query(
      `WITH over AS (
         SELECT conversation_id FROM channel_threads WHERE encryption_key IS NOT NULL AND reply_until < now()
         ORDER BY encryption_key, conversation_id LIMIT $1 FOR UPDATE SKIP LOCKED
       )
       UPDATE channel_threads SET reply_address = NULL, encryption_key = NULL, reply_until = NULL, replies_left = 0
       FROM over WHERE channel_threads.conversation_id = over.conversation_id`,
      [limit],
    );
  }
}
