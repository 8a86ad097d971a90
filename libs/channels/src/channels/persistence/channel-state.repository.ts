import { Database } from '@app/platform';
import { Injectable } from '@nestjs/common';

/** How a channel is, apart from what was set. */
@Injectable()
export class ChannelStateRepository {
  constructor(private readonly database: Database) {}

  /** Whether its persona is there and may talk with people outside. */
  async isAnswered(channelId: number): Promise<boolean> {
    const rows = await this.database.query(
      `SELECT 1 FROM channels c JOIN personas p ON p.id = c.persona_id WHERE c.id = $1 AND p.deleted_at IS NULL AND p.visibility = 'workspace'`,
      [channelId],
    );
    return rows.length > 0;
  }

  async lastReceivedAt(channelId: number): Promise<Date | null> {
    const [row] = await this.database.query<{ at: Date }>(
      'SELECT received_at AS at FROM channel_inbox WHERE channel_id = $1 ORDER BY id DESC LIMIT 1',
      [channelId],
    );
    return row?.at ?? null;
  }
}
