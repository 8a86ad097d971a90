import { Database, FieldCipher, FieldReader } from '@app/platform';
import { Injectable } from '@nestjs/common';

/** Place that an address is bound to. */
const placeOf = (conversationId: number): string => `channel_threads/${conversationId}/reply_address`;

/** Where people wait for an answer in another way than usual. Each address can be used a few times, for a while. */
@Injectable()
export class ReplyAddressesRepository {
  constructor(
    private readonly database: Database,
    private readonly cipher: FieldCipher,
    private readonly reader: FieldReader,
  ) {}

  /** The newest counts. */
  async set(conversationId: number, address: string, { until, times }: { until: Date; times: number }): Promise<void> {
    await this.database.query(
      'UPDATE channel_threads SET reply_address = $2, encryption_key = $3, reply_until = $4, replies_left = $5 WHERE conversation_id = $1',
      [conversationId, this.cipher.encrypt(address, placeOf(conversationId)), this.cipher.currentKeyId, until, times],
    );
  }

  /** One use of it. Undefined: there is none, or not any more. */
  async take(conversationId: number): Promise<string | undefined> {
    const [row] = await this.database.query<{ address: string }>(
      `UPDATE channel_threads SET replies_left = replies_left - 1
       WHERE conversation_id = $1 AND reply_address IS NOT NULL AND replies_left > 0 AND reply_until > now() RETURNING reply_address AS address`,
      [conversationId],
    );
    if (row === undefined) return undefined;
    const opened = this.reader.open(row.address, placeOf(conversationId));
    return 'plain' in opened ? opened.plain : undefined;
  }
}
