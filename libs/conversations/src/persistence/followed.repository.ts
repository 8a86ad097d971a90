import { Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import type { MessageStatus } from './message.entity';
import { SealedMessages } from './sealed-messages';

/** What somebody who follows a conversation knows of it. */
export interface FollowedPlace {
  conversationId: number;
  /** The last message that they have; null: nothing, and they want the newest. */
  afterSeq: number | null;
}

/** A message as followers are told of it. */
export interface FollowedMessage {
  id: number;
  seq: number;
  role: 'user' | 'assistant';
  status: MessageStatus;
  content: string;
  turn_id: number | null;
  created_at: Date;
  encryption_key: string | null;
  /** Of the user's: the idempotency key that it came with. */
  idempotency_key: string | null;
}

/** A conversation at one moment. */
export interface FollowedState {
  /** The last seq that was handed out; all up to it are committed. */
  lastSeq: number;
  /** The oldest turn without an outcome: the one that is answered now, or next. */
  openTurnId: number | null;
  /** Ascending. */
  messages: FollowedMessage[];
  hasMore: boolean;
}

type Row = { place: string; lastSeq: number; openTurnId: number | null } & (FollowedMessage | { seq: null });

/** Messages that one answer brings: without a place, and after one. */
const NEWEST = 50;
const LATER = 200;

const MESSAGE = `SELECT id, seq, role, status, content, turn_id, created_at, encryption_key FROM messages`;

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
      `SELECT a.place, c.last_seq AS "lastSeq", open.id AS "openTurnId", m.*,
         (SELECT (array_agg(t.idempotency_key ORDER BY t.id))[1] FROM turns t WHERE t.user_message_id = m.id) AS idempotency_key
       FROM unnest($1::bigint[], $2::int[]) WITH ORDINALITY AS a (conversation_id, after_seq, place)
       JOIN conversations c ON c.id = a.conversation_id
       LEFT JOIN LATERAL (
         SELECT t.id FROM turns t WHERE t.conversation_id = a.conversation_id AND t.finished_at IS NULL ORDER BY t.user_seq, t.id LIMIT 1
       ) open ON true
       LEFT JOIN LATERAL (
         (${MESSAGE} WHERE conversation_id = a.conversation_id AND deleted_at IS NULL AND seq > a.after_seq ORDER BY seq LIMIT ${LATER + 1})
         UNION ALL
         (${MESSAGE} WHERE conversation_id = a.conversation_id AND deleted_at IS NULL AND a.after_seq IS NULL ORDER BY seq DESC LIMIT ${NEWEST + 1})
       ) m ON true
       ORDER BY a.place, m.seq`,
      [places.map((place) => place.conversationId), places.map((place) => place.afterSeq)],
    );
    const states = new Array<FollowedState | undefined>(places.length).fill(undefined);
    for (const { place, lastSeq, openTurnId, ...message } of rows) {
      const state = (states[Number(place) - 1] ??= { lastSeq, openTurnId, messages: [], hasMore: false });
      if (message.seq !== null) state.messages.push(this.sealed.opened(message));
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
