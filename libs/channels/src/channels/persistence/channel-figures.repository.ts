import { Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import type { ChannelType } from '../../core/channel';

/** What waits in a channel now. */
export interface Waiting {
  channelId: number;
  type: ChannelType;
  direction: 'in' | 'out';
  count: number;
  /** Of the one that waits longest, in seconds. */
  oldestSeconds: number;
}

export interface ProblemChannel {
  channelId: number;
  type: ChannelType;
  code: string;
}

/** A channel that has to be listened to. */
export interface ListenedChannel {
  channelId: number;
  type: ChannelType;
  /** Somebody does so now. */
  isListening: boolean;
  /** Nobody has for two minutes, since it was last changed at the earliest. */
  isUnheard: boolean;
}

/** Messages in, by what became of them. */
export interface InboxFigures {
  pending: number;
  done: number;
  ignored: number;
  dead: number;
}

/** Messages out, by how far they got; and times of those that got there, in milliseconds. */
export interface OutboxFigures {
  pending: number;
  sending: number;
  sent: number;
  delivered: number;
  read: number;
  failed: number;
  dead: number;
  skipped: number;
  sentMsP50: number | null;
  sentMsP95: number | null;
  deliveredMsP50: number | null;
  deliveredMsP95: number | null;
}

export interface PeopleFigures {
  people: number;
  optedOut: number;
  lastInboundAt: Date | null;
}

/** So many rows are counted at most: those that are newest. */
export const LOOKED_AT = 50_000;

/** Numbers of channels. Each statement looks at a bounded number of rows, however many there are. */
@Injectable()
export class ChannelFiguresRepository {
  constructor(private readonly database: Database) {}

  /** Of all channels; only what waits is looked at, `LOOKED_AT` rows of either direction. */
  async waiting(): Promise<Waiting[]> {
    return this.database.query<Waiting>(
      `SELECT w.channel_id AS "channelId", c.type, w.direction, w.count, w.oldest_seconds AS "oldestSeconds" FROM (
         SELECT channel_id, 'in' AS direction, count(*)::integer AS count, extract(epoch FROM now() - min(received_at))::float8 AS oldest_seconds
         FROM (SELECT channel_id, received_at FROM channel_inbox WHERE status = 'pending' ORDER BY not_before LIMIT $1) AS i GROUP BY channel_id
         UNION ALL
         SELECT channel_id, 'out', count(*)::integer, extract(epoch FROM now() - min(created_at))::float8
         FROM (SELECT channel_id, created_at FROM channel_outbox WHERE status IN ('pending', 'sending') ORDER BY next_attempt_at LIMIT $1) AS o GROUP BY channel_id
       ) AS w JOIN channels c ON c.id = w.channel_id ORDER BY w.channel_id, w.direction`,
      [LOOKED_AT],
    );
  }

  async problems(): Promise<ProblemChannel[]> {
    return this.database.query<ProblemChannel>(
      'SELECT id AS "channelId", type, problem_code AS code FROM channels WHERE problem_code IS NOT NULL AND is_enabled',
    );
  }

  /** All that are switched on and whose other system is listened to. */
  async listening(): Promise<ListenedChannel[]> {
    return this.database.query<ListenedChannel>(
      `SELECT c.id AS "channelId", c.type, coalesce(l.connected_at IS NOT NULL AND l.held_until > now(), false) AS "isListening",
         greatest(c.updated_at, l.confirmed_at) < now() - interval '2 minutes' AS "isUnheard"
       FROM channels c LEFT JOIN channel_listeners l ON l.channel_id = c.id WHERE c.type = 'mattermost' AND c.is_enabled`,
    );
  }

  /** Of the last `hours`, as far as `LOOKED_AT` rows go back. */
  async inbox(channelId: number, hours: number): Promise<InboxFigures> {
    const [row] = await this.database.query<InboxFigures>(
      `SELECT count(*) FILTER (WHERE status = 'pending')::integer AS pending, count(*) FILTER (WHERE status = 'done')::integer AS done,
         count(*) FILTER (WHERE status = 'ignored')::integer AS ignored, count(*) FILTER (WHERE status = 'dead')::integer AS dead
       FROM (SELECT status, received_at FROM channel_inbox WHERE channel_id = $1 ORDER BY id DESC LIMIT $3) AS recent
       WHERE received_at > now() - $2 * interval '1 hour'`,
      [channelId, hours, LOOKED_AT],
    );
    return row!;
  }

  /** The same of what goes out. */
  async outbox(channelId: number, hours: number): Promise<OutboxFigures> {
    const [row] = await this.database.query<OutboxFigures>(
      `SELECT count(*) FILTER (WHERE status = 'pending')::integer AS pending, count(*) FILTER (WHERE status = 'sending')::integer AS sending,
         count(*) FILTER (WHERE status = 'sent')::integer AS sent, count(*) FILTER (WHERE status = 'delivered')::integer AS delivered,
         count(*) FILTER (WHERE status = 'read')::integer AS read, count(*) FILTER (WHERE status = 'failed')::integer AS failed,
         count(*) FILTER (WHERE status = 'dead')::integer AS dead, count(*) FILTER (WHERE status = 'skipped')::integer AS skipped,
         percentile_disc(0.5) WITHIN GROUP (ORDER BY sent_ms) AS "sentMsP50", percentile_disc(0.95) WITHIN GROUP (ORDER BY sent_ms) AS "sentMsP95",
         percentile_disc(0.5) WITHIN GROUP (ORDER BY delivered_ms) AS "deliveredMsP50",
         percentile_disc(0.95) WITHIN GROUP (ORDER BY delivered_ms) AS "deliveredMsP95"
       FROM (SELECT status, created_at, (extract(epoch FROM sent_at - created_at) * 1000)::integer AS sent_ms,
               (extract(epoch FROM delivered_at - sent_at) * 1000)::integer AS delivered_ms
             FROM channel_outbox WHERE channel_id = $1 ORDER BY id DESC LIMIT $3) AS recent
       WHERE created_at > now() - $2 * interval '1 hour'`,
      [channelId, hours, LOOKED_AT],
    );
    return row!;
  }

  /** Since the beginning, of `LOOKED_AT` people at most. */
  async people(channelId: number): Promise<PeopleFigures> {
    const [row] = await this.database.query<PeopleFigures>(
      `SELECT count(*)::integer AS people, count(opted_out_at)::integer AS "optedOut", max(last_inbound_at) AS "lastInboundAt"
       FROM (SELECT opted_out_at, last_inbound_at FROM channel_identities WHERE channel_id = $1 ORDER BY id DESC LIMIT $2) AS recent`,
      [channelId, LOOKED_AT],
    );
    return row!;
  }
}
