import { currentTraceParent, Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { ASSIGN_VERSION } from './answering-version.sql';
import type { StoredImage } from './message-extras';
import { SealedMessages } from './sealed-messages';
import { CONVERSATION_COLUMNS, type ConversationRow, MESSAGE_COLUMNS, type MessageRow, type TurnRow } from './rows';

export interface NewUserMessage {
  conversationId: number;
  userId: number;
  content: string;
  /** What the caller takes the conversation for; nothing is stored when that is wrong. */
  isEncrypted?: boolean;
  /** Becomes the title if the conversation has none of its own yet, and is not encrypted. */
  title: string;
  idempotencyKey: string | null;
  requestHash: Buffer | null;
  correlationId: string | null;
  maxPendingTurns: number;
  /** Somebody reads along from the beginning. */
  isWatched?: boolean;
  images?: StoredImage[];
  /** The first message of the family of edits that this one belongs to. */
  editOfId?: number;
  /** It waits for more, and is answered together with what comes meanwhile. */
  burst?: BurstLimits;
}

/** How messages that come in quick succession become one turn. */
export interface BurstLimits {
  /** So long nothing more must have come, in milliseconds. */
  waitMs: number;
  /** So long after the first of them it is answered all the same, in milliseconds. */
  maxMs: number;
  /** So many messages are answered together. */
  maxMessages: number;
}

export interface AcceptedMessage {
  turnId: number;
  messageId: number;
  seq: number;
  /** Somebody follows the conversation: it must be told. */
  isFollowed: boolean;
  /** The turn that the message took the place of: it is merged into this one. */
  mergedTurnId: number | null;
  /** After so long the turn may run, in milliseconds. */
  delayMs: number;
  /** A person answers: the turn has ended with being stored, and no model is asked. */
  isHandedOff: boolean;
}

type KeyedTurn = Pick<TurnRow, 'id' | 'user_message_id' | 'user_seq'> & { request_hash: Buffer };

export interface TurnViewRow {
  turn: TurnRow & { user_id: number };
  conversation: ConversationRow;
  user_message: MessageRow | null;
  assistant_message: MessageRow | null;
  /** What the person was told beside the reply: that people take over. Null when they do not. */
  hand_off_notice: string | null;
}

const TURN_COLUMNS =
  'id, workspace_id, conversation_id, user_message_id, user_seq, status, attempt, lost_attempts, not_before, correlation_id, error_code, is_current, is_watched, ' +
  'cancel_requested_at, last_event, merged_into_id, escalation_reason, created_at, finished_at';

/** Columns of one of several joined tables, to be taken apart by `partOf`: building JSON in PostgreSQL takes it three times as long. */
const selected = (alias: string, columns: string): string =>
  columns
    .split(', ')
    .map((column) => `${alias}.${column} AS "${alias}.${column}"`)
    .join(', ');

/** What was selected of one table; null when the outer join found no row. */
function partOf<T>(row: Record<string, unknown>, alias: string): T | null {
  if (row[`${alias}.id`] === null) return null;
  const start = `${alias}.`;
  const own = Object.entries(row).filter(([name]) => name.startsWith(start));
  return Object.fromEntries(own.map(([name, value]) => [name.slice(start.length), value])) as T;
}

/**
 * A conversation takes a message in: its next seq, and for the first message the version of the persona that answers in it. The persona is looked up by its
 * key: beside an OR, PostgreSQL would rather read all that EXISTS could find.
 */
const CONVERSATION_TAKES = `conversation AS (
    UPDATE conversations SET last_seq = last_seq + 1, message_count = message_count + 1, updated_at = now(),
      title = CASE WHEN is_title_generated AND last_seq = 0 AND NOT is_encrypted THEN $4 ELSE title END,
      ${ASSIGN_VERSION}
    WHERE id = $1 AND user_id = $2 AND is_active AND is_encrypted = ($13::bigint IS NOT NULL)
      AND (owner = 'human' OR (SELECT p.deleted_at IS NULL FROM personas p WHERE p.id = persona_id))
      AND (SELECT count(*) FROM turns WHERE conversation_id = $1 AND finished_at IS NULL) < $8
    RETURNING id, workspace_id, last_seq, coalesce(watched_until > now(), false) AS is_followed, owner = 'human' AS is_human
  ), message AS (
    INSERT INTO messages (id, workspace_id, conversation_id, seq, role, status, content, edit_of_id, images, encryption_key)
    SELECT coalesce($13::bigint, nextval('messages_id_seq')), workspace_id, id, last_seq, 'user', 'sent', $3, $10::bigint, $11::jsonb, $14::varchar
    FROM conversation
    RETURNING id, workspace_id, conversation_id, seq
  )`;

const TURN_COLUMNS_SET =
  'workspace_id, conversation_id, user_message_id, user_seq, idempotency_key, request_hash, correlation_id, is_watched, trace_parent, status, finished_at';
const NEW_TURN = `m.workspace_id, m.conversation_id, m.id, m.seq, $5, $6, $7, $9 OR c.is_followed, $12,
    CASE WHEN c.is_human THEN 'handed_off' ELSE 'pending' END, CASE WHEN c.is_human THEN now() END`;

const ACCEPT = `WITH ${CONVERSATION_TAKES}
  INSERT INTO turns (${TURN_COLUMNS_SET}) SELECT ${NEW_TURN} FROM message m CROSS JOIN conversation c
  RETURNING id AS "turnId", user_message_id AS "messageId", user_seq AS seq, (SELECT is_followed FROM conversation) AS "isFollowed",
    NULL::bigint AS "mergedTurnId", 0 AS "delayMs", status = 'handed_off' AS "isHandedOff"`;

/**
 * The same for a message that waits for more ($15 ms, $16 ms after the first, $17 messages). One that came just before, and whose turn has not begun,
 * is answered together with it: its turn is merged into the new one, with all that were merged into it.
 */
const ACCEPT_IN_BURST = `WITH ${CONVERSATION_TAKES}, burst AS (
    SELECT t.id, t.burst_began_at FROM conversation c JOIN turns t ON t.conversation_id = c.id AND t.user_seq = c.last_seq - 1
    WHERE t.status = 'pending' AND t.attempt = 0 AND t.not_before > now() AND t.burst_began_at IS NOT NULL AND t.is_current
      AND t.cancel_requested_at IS NULL AND (SELECT count(*) FROM turns other WHERE other.merged_into_id = t.id) < $17::integer - 1
    FOR UPDATE OF t
  ), made AS (
    INSERT INTO turns (${TURN_COLUMNS_SET}, not_before, burst_began_at)
    SELECT ${NEW_TURN}, least(now() + $15::integer * interval '1 millisecond', coalesce(b.burst_began_at, now()) + $16::integer * interval '1 millisecond'),
      coalesce(b.burst_began_at, now())
    FROM message m CROSS JOIN conversation c LEFT JOIN burst b ON true
    RETURNING id, user_message_id, user_seq, not_before, status
  ), merged AS (
    UPDATE turns t SET status = 'merged', finished_at = coalesce(t.finished_at, now()), merged_into_id = made.id
    FROM burst, made WHERE t.id = burst.id OR t.merged_into_id = burst.id
  )
  SELECT made.id AS "turnId", made.user_message_id AS "messageId", made.user_seq AS seq,
    (SELECT is_followed FROM conversation) AS "isFollowed", (SELECT id FROM burst) AS "mergedTurnId",
    greatest(0, ceil(extract(epoch FROM made.not_before - now()) * 1000))::integer AS "delayMs", made.status = 'handed_off' AS "isHandedOff" FROM made`;

/** The sending side of turns: taking a message in, and showing what became of it. */
@Injectable()
export class TurnsRepository {
  constructor(
    private readonly database: Database,
    private readonly sealed: SealedMessages,
  ) {}

  /**
   * Message and turn in one statement, which is one transaction and one round trip. Undefined when the conversation is not there, not the
   * user's, not active, full, its persona is deleted and no person answers in its place, or whether it is encrypted is not as the message
   * says. A used idempotency key is a unique violation on `turns_idempotency_key`; nothing is stored then.
   */
  async accept(message: NewUserMessage): Promise<AcceptedMessage | undefined> {
    const params = await this.paramsOf(message);
    if (message.burst === undefined) {
      const [row] = await this.database.query<AcceptedMessage>(ACCEPT, params);
      return row;
    }
    const { waitMs, maxMs, maxMessages } = message.burst;
    return this.database.transactionAtOnce(async () => {
      const [, [row]] = await Promise.all([
        // What waits for the conversation must see the message that it has waited for: a statement sees what was there when it began.
        this.database.query('SELECT 1 FROM conversations WHERE id = $1 AND user_id = $2 FOR NO KEY UPDATE', [
          message.conversationId,
          message.userId,
        ]),
        this.database.query<AcceptedMessage>(ACCEPT_IN_BURST, [...params, waitMs, maxMs, maxMessages]),
      ]);
      return row;
    });
  }

  private async paramsOf(message: NewUserMessage): Promise<unknown[]> {
    const messageId = message.isEncrypted === true ? await this.sealed.newId() : null;
    const { content, images, encryptionKey } = this.sealed.toStore(messageId, message);
    return [
      message.conversationId,
      message.userId,
      content,
      // What is not stored does not leave either: statements may end up in a log of PostgreSQL's.
      message.isEncrypted === true ? '' : message.title,
      message.idempotencyKey,
      message.requestHash,
      message.correlationId,
      message.maxPendingTurns,
      message.isWatched ?? false,
      message.editOfId ?? null,
      images,
      currentTraceParent(),
      messageId,
      encryptionKey,
    ];
  }

  async findByIdempotencyKey(conversationId: number, key: string): Promise<KeyedTurn | undefined> {
    const [row] = await this.database.query<KeyedTurn>(
      'SELECT id, request_hash, user_message_id, user_seq FROM turns WHERE conversation_id = $1 AND idempotency_key = $2',
      [conversationId, key],
    );
    return row;
  }

  /** The turn with everything that a caller is shown; the owner is in `turn.user_id` and must be checked. Deleted messages are left out. */
  async view(turnId: number): Promise<TurnViewRow | undefined> {
    const [row] = await this.database.query<Record<string, unknown>>(
      `SELECT ${selected('turn', TURN_COLUMNS)}, ${selected('conversation', CONVERSATION_COLUMNS)}, ${selected('asked', MESSAGE_COLUMNS)},
         ${selected('reply', MESSAGE_COLUMNS)},
         ${selected('notice', 'id, content, encryption_key')},
         turn.is_current OR EXISTS (SELECT 1 FROM turns o WHERE o.user_message_id = turn.user_message_id AND o.is_current) AS "is_asked_current"
       FROM turns AS turn JOIN conversations AS conversation ON conversation.id = turn.conversation_id
       LEFT JOIN messages AS asked ON asked.id = turn.user_message_id AND asked.deleted_at IS NULL
       LEFT JOIN messages AS reply ON reply.turn_id = turn.id AND reply.deleted_at IS NULL
       LEFT JOIN messages AS notice ON turn.escalation_reason IS NOT NULL AND notice.conversation_id = turn.conversation_id
         AND notice.seq = reply.seq + 1 AND notice.role = 'system' AND notice.deleted_at IS NULL
       WHERE turn.id = $1`,
      [turnId],
    );
    if (row === undefined) return undefined;
    const conversation = partOf<ConversationRow>(row, 'conversation')!;
    const turn = partOf<TurnRow>(row, 'turn')!;
    const asked = partOf<MessageRow>(row, 'asked');
    const reply = partOf<MessageRow>(row, 'reply');
    const notice = partOf<Pick<MessageRow, 'id' | 'content' | 'encryption_key'>>(row, 'notice');
    return {
      turn: { ...turn, user_id: conversation.user_id },
      conversation,
      user_message: asked && { ...this.sealed.opened(asked), is_current: row.is_asked_current as boolean },
      assistant_message: reply && {
        ...this.sealed.opened(reply),
        is_current: turn.is_current,
        replies_to_id: turn.user_message_id,
      },
      hand_off_notice: notice && this.sealed.opened(notice).content,
    };
  }

  /** Which of these turns have an outcome, or are gone with their conversation. */
  async finishedAmong(turnIds: number[]): Promise<number[]> {
    const rows = await this.database.query<{ id: number }>(
      `SELECT asked.id FROM unnest($1::bigint[]) AS asked (id) LEFT JOIN turns t ON t.id = asked.id
       WHERE t.id IS NULL OR t.finished_at IS NOT NULL`,
      [turnIds],
    );
    return rows.map((row) => row.id);
  }

  /** From now on whoever runs the turn tells of it, also a worker that begins it later. */
  async markWatched(turnId: number): Promise<void> {
    await this.database.query('UPDATE turns SET is_watched = true WHERE id = $1 AND finished_at IS NULL', [turnId]);
  }

  /** The turn that is answering a user message right now. */
  async openTurnOf(userMessageId: number): Promise<number | undefined> {
    const [row] = await this.database.query<{ id: number }>(
      'SELECT id FROM turns WHERE user_message_id = $1 AND finished_at IS NULL LIMIT 1',
      [userMessageId],
    );
    return row?.id;
  }
}
