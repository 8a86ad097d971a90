import { Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import type { MessageRole, MessageStatus } from './message.entity';
import { SealedMessages } from './sealed-messages';

/** What somebody who follows a conversation knows of it. */
export interface FollowedPlace {
  conversationId: number;
  /** The last message that they have; null: nothing, and they want the newest. */
  afterSeq: number | null;
  /** The last message that they may see; all when it is missing. */
  throughSeq?: number;
}

/** A message as followers are told of it. */
export interface FollowedMessage {
  id: number;
  seq: number;
  role: MessageRole;
  status: MessageStatus;
  content: string;
  turn_id: number | null;
  /** Of a reply: how sure the model said it was, 0 to 1; null when it did not. */
  confidence: number | null;
  created_at: Date;
  encryption_key: string | null;
  /** Of the user's: the idempotency key that it came with. */
  idempotency_key: string | null;
  /** Part of the conversation as it is told now. */
  is_current: boolean;
  /** Of a reply: the message that it answers. */
  replies_to_id: number | null;
  /** Of the user's: the first of the family of edits that it belongs to; null when it is no edit. */
  edit_of_id: number | null;
}

/** A conversation at one moment. */
export interface FollowedState {
  /** The last seq that was handed out; all up to it are committed. */
  lastSeq: number;
  /** The oldest turn without an outcome: the one that is answered now, or next. */
  openTurnId: number | null;
  /** Who answers. */
  owner: 'ai' | 'human';
  /** People were asked to take over, and none of them has. */
  isPersonAwaited: boolean;
  /** Ascending. */
  messages: FollowedMessage[];
  hasMore: boolean;
}

/** What does not fit into the page any more comes without its content. */
type PageRow = (FollowedMessage & { fits: true }) | { seq: number; fits: false };
type Row = { place: string } & Omit<FollowedState, 'messages' | 'hasMore'> & (PageRow | { seq: null });

/** Messages that one answer brings: without a place, and after one. */
const NEWEST = 50;
const LATER = 200;
/** And in bytes as they are stored, unless the first message alone has more: an answer is one packet, and many are read at a time. */
const PAGE_BYTES = 1_000_000;
/** No message has a later one. */
const LAST_SEQ = 2_147_483_647;

/** One page of `a`'s conversation and a row more, in the order of `seq`; what is too much is left where it is stored. */
const pageOf = (which: string, order: 'ASC' | 'DESC', limit: number): string =>
  `(SELECT id, seq, role, status, CASE WHEN fits THEN content END AS content, turn_id, confidence, created_at, encryption_key, edit_of_id, fits
    FROM (
      SELECT *, sum(octet_length(content)) OVER page <= ${PAGE_BYTES} OR row_number() OVER page = 1 AS fits FROM (
        SELECT * FROM messages WHERE conversation_id = a.conversation_id AND deleted_at IS NULL AND seq <= a.through_seq AND ${which}
        ORDER BY seq ${order} LIMIT ${limit + 1}
      ) AS m WINDOW page AS (ORDER BY seq ${order})
    ) AS m)`;

/** What sockets read, for many of them in one statement. Callers have made sure who may read what. */
@Injectable()
export class FollowedRepository {
  constructor(
    private readonly database: Database,
    private readonly sealed: SealedMessages,
  ) {}

  /** In the order of `places`; undefined for a conversation that is not there (any more). */
  async read(places: readonly FollowedPlace[]): Promise<(FollowedState | undefined)[]> {
    const rows = await this.database.query<Row>(
      `SELECT a.place, c.last_seq AS "lastSeq", open.id AS "openTurnId", c.owner, asked_for.id IS NOT NULL AS "isPersonAwaited", m.*,
         asked.idempotency_key, coalesce(answered.is_current, asked.is_current, true) AS is_current, answered.user_message_id AS replies_to_id
       FROM unnest($1::bigint[], $2::int[], $3::int[]) WITH ORDINALITY AS a (conversation_id, after_seq, through_seq, place)
       JOIN conversations c ON c.id = a.conversation_id
       LEFT JOIN LATERAL (
         SELECT t.id FROM turns t WHERE t.conversation_id = a.conversation_id AND t.finished_at IS NULL ORDER BY t.user_seq, t.id LIMIT 1
       ) open ON true
       LEFT JOIN LATERAL (
         SELECT e.id FROM escalations e WHERE e.conversation_id = a.conversation_id AND e.status = 'open' LIMIT 1
       ) asked_for ON true
       LEFT JOIN LATERAL (
         ${pageOf('seq > a.after_seq', 'ASC', LATER)}
         UNION ALL
         ${pageOf('a.after_seq IS NULL', 'DESC', NEWEST)}
       ) m ON true
       LEFT JOIN LATERAL (
         -- One look into the index for each; a plain join might read the whole table.
         SELECT t.is_current, t.user_message_id FROM turns t WHERE t.id = m.turn_id LIMIT 1
       ) answered ON true
       LEFT JOIN LATERAL (
         SELECT (array_agg(t.idempotency_key ORDER BY t.id))[1] AS idempotency_key, bool_or(t.is_current) AS is_current
         FROM turns t WHERE t.user_message_id = m.id
       ) asked ON true
       ORDER BY a.place, m.seq`,
      [
        places.map((place) => place.conversationId),
        places.map((place) => place.afterSeq),
        places.map((place) => place.throughSeq ?? LAST_SEQ),
      ],
    );
    const states = new Array<FollowedState | undefined>(places.length).fill(undefined);
    for (const { place, lastSeq, openTurnId, owner, isPersonAwaited, ...row } of rows) {
      const known = { lastSeq, openTurnId, owner, isPersonAwaited };
      const state = (states[Number(place) - 1] ??= { ...known, messages: [], hasMore: false });
      if (row.seq === null) continue;
      if (row.fits) state.messages.push(this.sealed.opened(row));
      else state.hasMore = true;
    }
    return states.map((state, index) => state && cut(state, places[index]!.afterSeq === null));
  }
}

/** The row beyond the page only says that there is more: the oldest of the newest, or the last of the later ones. */
function cut(state: FollowedState, isNewest: boolean): FollowedState {
  const { messages } = state;
  if (messages.length <= (isNewest ? NEWEST : LATER)) return state;
  return { ...state, messages: isNewest ? messages.slice(1) : messages.slice(0, LATER), hasMore: true };
}
