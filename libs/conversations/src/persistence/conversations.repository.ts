import { Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { ANSWERING_VERSION, JOIN_PERSONA } from './answering-version.sql';
import { ConversationEntity } from './conversation.entity';
import { CONVERSATION_COLUMNS, type ConversationRow, type MessageRow } from './rows';
import { SealedMessages } from './sealed-messages';

export interface NewConversation {
  workspaceId: number;
  userId: number;
  personaId: number;
  title: string;
  isTitleGenerated: boolean;
  /** The door that it comes through; `api` unless said. */
  channel?: string;
  /** What is said in it is encrypted in the database. */
  isEncrypted?: boolean;
}

export interface ConversationChanges {
  title?: string;
  personaId?: number;
  isActive?: boolean;
}

export interface ConversationListRow extends ConversationRow {
  last_message: (Pick<MessageRow, 'id' | 'seq' | 'role' | 'status' | 'content'> & { created_at: string }) | null;
  /** `updated_at` in microseconds since 1970, for the cursor: a `Date` has only milliseconds. */
  updated_at_micros: number;
}

export interface ConversationListFilter {
  personaId?: number;
  limit: number;
  after?: { atMicros: number; id: number };
}

/** Every method that reads for a user is scoped to that user. */
@Injectable()
export class ConversationsRepository {
  constructor(
    private readonly database: Database,
    private readonly sealed: SealedMessages,
  ) {}

  async create(conversation: NewConversation): Promise<number> {
    const result = await this.database.repository(ConversationEntity).insert(conversation);
    return (result.identifiers[0] as { id: number }).id;
  }

  async findOwned(userId: number, id: number): Promise<ConversationRow | undefined> {
    const [row] = await this.database.query<ConversationRow>(
      `SELECT ${CONVERSATION_COLUMNS} FROM conversations WHERE id = $1 AND user_id = $2`,
      [id, userId],
    );
    return row;
  }

  /** Until then, whoever adds to them tells, and replies are streamed. It waits for messages that are being stored: what is read after it has them. */
  async watch(ids: readonly number[], forMs: number): Promise<void> {
    await this.database.query(
      `UPDATE conversations SET watched_until = now() + $2 * interval '1 millisecond'
       WHERE id IN (SELECT id FROM conversations WHERE id = ANY($1::bigint[]) ORDER BY id FOR NO KEY UPDATE)`,
      [ids, forMs],
    );
  }

  /** Whether there is such a conversation at all, whoever owns it: decides between 403 and 404. */
  async exists(id: number): Promise<boolean> {
    return (await this.database.query('SELECT 1 FROM conversations WHERE id = $1', [id])).length > 0;
  }

  /** The version of its persona that answers in a conversation, whoever asks; null when the persona is deleted. */
  async answeringVersion(id: number): Promise<number | null> {
    const [row] = await this.database.query<{ personaVersion: number | null }>(
      `SELECT ${ANSWERING_VERSION} FROM conversations c ${JOIN_PERSONA} WHERE c.id = $1`,
      [id],
    );
    return row?.personaVersion ?? null;
  }

  async list(userId: number, filter: ConversationListFilter): Promise<ConversationListRow[]> {
    const rows = await this.database.query<ConversationListRow>(
      `SELECT c.${CONVERSATION_COLUMNS.replaceAll(', ', ', c.')}, (extract(epoch FROM c.updated_at) * 1000000)::bigint AS updated_at_micros, to_json(m.*) AS last_message
       FROM conversations c
       LEFT JOIN LATERAL (
         SELECT id, seq, role, status, content, encryption_key, created_at FROM messages
         WHERE conversation_id = c.id AND deleted_at IS NULL ORDER BY seq DESC LIMIT 1
       ) m ON true
       WHERE c.user_id = $1 AND ($2::bigint IS NULL OR c.persona_id = $2)
         AND ($3::bigint IS NULL OR (c.updated_at, c.id) < (timestamptz 'epoch' + $3 * interval '1 microsecond', $4::bigint))
       ORDER BY c.updated_at DESC, c.id DESC LIMIT $5`,
      [userId, filter.personaId ?? null, filter.after?.atMicros ?? null, filter.after?.id ?? null, filter.limit],
    );
    return rows.map((row) => ({ ...row, last_message: row.last_message && this.openedLast(row.last_message) }));
  }

  async update(userId: number, id: number, changes: ConversationChanges): Promise<ConversationRow | undefined> {
    const [row] = await this.database.query<ConversationRow>(
      `UPDATE conversations SET
         title = coalesce($3, title), is_title_generated = is_title_generated AND $3::text IS NULL,
         persona_id = coalesce($4, persona_id), is_active = coalesce($5, is_active), updated_at = now()
       WHERE id = $1 AND user_id = $2 RETURNING ${CONVERSATION_COLUMNS}`,
      [id, userId, changes.title ?? null, changes.personaId ?? null, changes.isActive ?? null],
    );
    return row;
  }

  /** Deletes the conversation with its messages and turns. Its lease must be locked in the same transaction. */
  async delete(userId: number, id: number): Promise<boolean> {
    const rows = await this.database.query('DELETE FROM conversations WHERE id = $1 AND user_id = $2 RETURNING id', [
      id,
      userId,
    ]);
    return rows.length > 0;
  }

  async countForUser(userId: number): Promise<{ conversations: number; messages: number }> {
    const [row] = await this.database.query<{ conversations: number; messages: number }>(
      `SELECT count(*) AS conversations, coalesce(sum(message_count), 0)::bigint AS messages FROM conversations WHERE user_id = $1`,
      [userId],
    );
    return row!;
  }

  private openedLast(
    last: NonNullable<ConversationListRow['last_message']>,
  ): NonNullable<ConversationListRow['last_message']> {
    const { id, seq, role, status, content, created_at } = this.sealed.opened(last);
    return { id, seq, role, status, content, created_at };
  }
}
