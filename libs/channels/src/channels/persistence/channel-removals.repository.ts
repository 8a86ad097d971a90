import { Database } from '@app/platform';
import { Injectable } from '@nestjs/common';

/** What a channel leaves behind, in portions: a channel may have had millions of messages. */
@Injectable()
export class ChannelRemovals {
  constructor(private readonly database: Database) {}

  /** @returns how many rows are gone; 0: nothing is left but the channel */
  async removeSome(channelId: number, limit: number): Promise<number> {
    const inbox = await this.database.query(
      `DELETE FROM channel_inbox WHERE id IN (SELECT id FROM channel_inbox WHERE channel_id = $1 ORDER BY id DESC LIMIT $2) RETURNING id`,
      [channelId, limit],
    );
    const outbox = await this.database.query(
      `DELETE FROM channel_outbox WHERE id IN (SELECT id FROM channel_outbox WHERE channel_id = $1 ORDER BY id DESC LIMIT $2) RETURNING id`,
      [channelId, limit],
    );
    const files = await this.database.query(
      `DELETE FROM channel_files WHERE id IN (SELECT id FROM channel_files WHERE channel_id = $1 ORDER BY external_id LIMIT $2) RETURNING id`,
      [channelId, Math.ceil(limit / 50)],
    );
    const people = await this.database.query(
      `DELETE FROM channel_identities WHERE id IN (SELECT id FROM channel_identities WHERE channel_id = $1 ORDER BY id LIMIT $2) RETURNING id`,
      [channelId, limit],
    );
    return inbox.length + outbox.length + files.length + people.length;
  }
}
