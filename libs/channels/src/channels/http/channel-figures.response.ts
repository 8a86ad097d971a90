import type { FiguresOfChannel } from '../channel-figures.service';

/** What came in, by what became of it. */
export class ChannelInboxFiguresResponse {
  /** Waits to be looked at.
   * @example 0 */
  pending: number;
  /** @example 128 */
  done: number;
  /** Nothing was to be done about it, such as a reaction.
   * @example 3 */
  ignored: number;
  /** Given up after several attempts; GET …/inbox?status=dead lists them.
   * @example 0 */
  dead: number;
}

/** What went out, by how far it got. */
export class ChannelOutboxFiguresResponse {
  /** @example 1 */
  pending: number;
  /** On its way now.
   * @example 0 */
  sending: number;
  /** Taken by the other system, which has not told more yet.
   * @example 4 */
  sent: number;
  /** @example 20 */
  delivered: number;
  /** @example 100 */
  read: number;
  /** The other system has told that it did not arrive.
   * @example 0 */
  failed: number;
  /** Given up; GET …/outbox?status=dead lists them.
   * @example 0 */
  dead: number;
  /** Was not to be sent any more, such as a reply of the AI after a person has taken over.
   * @example 0 */
  skipped: number;
}

/** Milliseconds; null: nothing got so far. */
export class ChannelTimesResponse {
  /** From the reply to the other system's taking it, half of all at most.
   * @example 410 */
  sent_ms_p50: number | null;
  /** And 95 of 100.
   * @example 1200 */
  sent_ms_p95: number | null;
  /** From there to the person's device.
   * @example 900 */
  delivered_ms_p50: number | null;
  /** @example 5200 */
  delivered_ms_p95: number | null;
}

export class ChannelFiguresResponse {
  /** So far back; at most the newest 50,000 messages of either direction are counted.
   * @example 24 */
  hours: number;
  inbox: ChannelInboxFiguresResponse;
  outbox: ChannelOutboxFiguresResponse;
  times: ChannelTimesResponse;
  /** People who have ever written; up to 50,000 are counted.
   * @example 57 */
  people: number;
  /** Of these, who want no messages any more.
   * @example 2 */
  opted_out: number;
  /** When somebody last wrote.
   * @example 2026-11-21T12:00:00.000Z */
  last_inbound_at: string | null;

  static from({ hours, inbox, outbox, people }: FiguresOfChannel): ChannelFiguresResponse {
    const { sentMsP50, sentMsP95, deliveredMsP50, deliveredMsP95, ...counts } = outbox;
    return {
      hours,
      inbox,
      outbox: counts,
      times: {
        sent_ms_p50: sentMsP50,
        sent_ms_p95: sentMsP95,
        delivered_ms_p50: deliveredMsP50,
        delivered_ms_p95: deliveredMsP95,
      },
      people: people.people,
      opted_out: people.optedOut,
      last_inbound_at: people.lastInboundAt?.toISOString() ?? null,
    };
  }
}
