import { Database } from '@app/platform';
import { Injectable } from '@nestjs/common';

/** Up to where a channel has been heard, by the clock of the other system. */
export interface HeardPosition {
  /** Nothing from before is answered: that is when it was first listened to. */
  from: Date;
  until: Date;
}

/** How a listener is, as it says with each prolongation. */
export interface ListenerState {
  channelId: number;
  isConnected: boolean;
  /** Null: no later than before. */
  heardUntil: Date | null;
}

/** Whose turn it is to listen, and up to where everything was heard. Times of leases are by the database's clock. */
@Injectable()
export class ListenersRepository {
  constructor(private readonly database: Database) {}

  /** Takes enabled channels that nobody listens to. Two workers that ask at once get different ones. @returns their ids */
  async claim(worker: string, forMs: number, limit: number): Promise<number[]> {
    const rows = await this.database.query<{ id: number }>(
      `INSERT INTO channel_listeners AS l (channel_id, held_by, held_until)
       SELECT c.id, $1, now() + $2 * interval '1 millisecond' FROM channels c LEFT JOIN channel_listeners h ON h.channel_id = c.id
       WHERE c.type = 'mattermost' AND c.is_enabled AND (h.held_until IS NULL OR h.held_until < now()) ORDER BY c.id LIMIT $3
       ON CONFLICT (channel_id) DO UPDATE SET held_by = EXCLUDED.held_by, held_until = EXCLUDED.held_until, connected_at = NULL
         WHERE l.held_until IS NULL OR l.held_until < now()
       RETURNING l.channel_id AS id`,
      [worker, forMs, limit],
    );
    return rows.map(({ id }) => Number(id));
  }

  /** @returns of which channels it is still this worker's turn: the others are gone, switched off, or in other hands */
  async prolong(worker: string, forMs: number, states: readonly ListenerState[]): Promise<number[]> {
    if (states.length === 0) return [];
    const rows = await this.database.query<{ id: number }>(
      `UPDATE channel_listeners l SET held_until = now() + $2 * interval '1 millisecond', heard_until = greatest(l.heard_until, s.heard_until),
         connected_at = CASE WHEN s.is_connected THEN coalesce(l.connected_at, now()) END,
         confirmed_at = CASE WHEN s.is_connected THEN now() ELSE l.confirmed_at END
       FROM unnest($3::bigint[], $4::boolean[], $5::timestamptz[]) AS s (id, is_connected, heard_until) JOIN channels c ON c.id = s.id
       WHERE l.channel_id = s.id AND l.held_by = $1 AND c.is_enabled RETURNING l.channel_id AS id`,
      [
        worker,
        forMs,
        states.map(({ channelId }) => channelId),
        states.map(({ isConnected }) => isConnected),
        states.map(({ heardUntil }) => heardUntil),
      ],
    );
    return rows.map(({ id }) => Number(id));
  }

  /** Somebody else may listen at once. */
  async giveBack(worker: string, { channelId, heardUntil }: ListenerState): Promise<void> {
    await this.database.query(
      `UPDATE channel_listeners SET held_by = NULL, held_until = NULL, connected_at = NULL, heard_until = greatest(heard_until, $3)
       WHERE channel_id = $1 AND held_by = $2`,
      [channelId, worker, heardUntil],
    );
  }

  /** Whether somebody hears a channel. */
  async isHeard(channelId: number): Promise<boolean> {
    const rows = await this.database.query(
      'SELECT 1 FROM channel_listeners WHERE channel_id = $1 AND connected_at IS NOT NULL AND held_until > now()',
      [channelId],
    );
    return rows.length > 0;
  }

  /** Where to go on. @param now where a channel begins that nobody has listened to. @returns undefined when the channel is gone */
  async position(channelId: number, now: Date): Promise<HeardPosition | undefined> {
    const [row] = await this.database.query<HeardPosition>(
      `UPDATE channel_listeners SET heard_from = coalesce(heard_from, $2), heard_until = coalesce(heard_until, $2)
       WHERE channel_id = $1 RETURNING heard_from AS from, heard_until AS until`,
      [channelId, now],
    );
    return row;
  }
}
