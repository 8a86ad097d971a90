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
  isEncrypted: boolean;
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
}

export interface TurnViewRow {
  turn: TurnRow & { user_id: number };
  conversation: ConversationRow;
  user_message: MessageRow | null;
  assistant_message: MessageRow | null;
}

const TURN_COLUMNS =
  'id, workspace_id, conversation_id, user_message_id, user_seq, status, attempt, lost_attempts, not_before, correlation_id, error_code, is_current, is_watched, ' +
  'cancel_requested_at, last_event, created_at, finished_at';

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

/** The sending side of turns: taking a message in, and showing what became of it. */
@Injectable()
export class TurnsRepository {
  constructor(
    private readonly database: Database,
    private readonly sealed: SealedMessages,
  ) {}

  /**
   * Message and turn in one statement, which is one transaction and one round trip. Undefined when the conversation is not there, not the
   * user's, not active, full, its persona is deleted, or it is encrypted and the message says that it is not (or the other way round). A used idempotency key is a unique violation on `turns_idempotency_key`; nothing is stored then.
   */
  async accept(message: NewUserMessage): Promise<{ turnId: number } | undefined> {
    const messageId = message.isEncrypted ? await this.sealed.newId() : null;
    const { content, images, encryptionKey } = this.sealed.toStore(messageId, message);
    const [row] = await this.database.query<{ turnId: number }>(
      `WITH conversation AS (
         UPDATE conversations SET last_seq = last_seq + 1, message_count = message_count + 1, updated_at = now(),
           title = CASE WHEN is_title_generated AND last_seq = 0 AND NOT is_encrypted THEN $4 ELSE title END,
           ${ASSIGN_VERSION}
         WHERE id = $1 AND user_id = $2 AND is_active AND is_encrypted = ($13::bigint IS NOT NULL)
           AND EXISTS (SELECT 1 FROM personas p WHERE p.id = persona_id AND p.deleted_at IS NULL)
           AND (SELECT count(*) FROM turns WHERE conversation_id = $1 AND finished_at IS NULL) < $8
         RETURNING id, workspace_id, last_seq
       ), message AS (
         INSERT INTO messages (id, workspace_id, conversation_id, seq, role, status, content, edit_of_id, images, encryption_key)
         SELECT coalesce($13::bigint, nextval('messages_id_seq')), workspace_id, id, last_seq, 'user', 'sent', $3, $10::bigint, $11::jsonb, $14
         FROM conversation
         RETURNING id, workspace_id, conversation_id, seq
       )
       INSERT INTO turns (workspace_id, conversation_id, user_message_id, user_seq, idempotency_key, request_hash, correlation_id, is_watched, trace_parent)
       SELECT workspace_id, conversation_id, id, seq, $5, $6, $7, $9, $12 FROM message
       RETURNING id AS "turnId"`,
      [
        message.conversationId,
        message.userId,
        content,
        message.title,
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
      ],
    );
    return row;
  }

  async findByIdempotencyKey(
    conversationId: number,
    key: string,
  ): Promise<{ id: number; request_hash: Buffer } | undefined> {
    const [row] = await this.database.query<{ id: number; request_hash: Buffer }>(
      'SELECT id, request_hash FROM turns WHERE conversation_id = $1 AND idempotency_key = $2',
      [conversationId, key],
    );
    return row;
  }

  /** The turn with everything that a caller is shown; the owner is in `turn.user_id` and must be checked. Deleted messages are left out. */
  async view(turnId: number): Promise<TurnViewRow | undefined> {
    const [row] = await this.database.query<Record<string, unknown>>(
      `SELECT ${selected('turn', TURN_COLUMNS)}, ${selected('conversation', CONVERSATION_COLUMNS)}, ${selected('asked', MESSAGE_COLUMNS)},
         ${selected('reply', MESSAGE_COLUMNS)},
         turn.is_current OR EXISTS (SELECT 1 FROM turns o WHERE o.user_message_id = turn.user_message_id AND o.is_current) AS "is_asked_current"
       FROM turns AS turn JOIN conversations AS conversation ON conversation.id = turn.conversation_id
       LEFT JOIN messages AS asked ON asked.id = turn.user_message_id AND asked.deleted_at IS NULL
       LEFT JOIN messages AS reply ON reply.turn_id = turn.id AND reply.deleted_at IS NULL
       WHERE turn.id = $1`,
      [turnId],
    );
    if (row === undefined) return undefined;
    const conversation = partOf<ConversationRow>(row, 'conversation')!;
    const turn = partOf<TurnRow>(row, 'turn')!;
    const asked = partOf<MessageRow>(row, 'asked');
    const reply = partOf<MessageRow>(row, 'reply');
    return {
      turn: { ...turn, user_id: conversation.user_id },
      conversation,
      user_message: asked && { ...this.sealed.opened(asked), is_current: row.is_asked_current as boolean },
      assistant_message: reply && { ...this.sealed.opened(reply), is_current: turn.is_current, replies_to_id: turn.user_message_id },
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
