import { Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { SealedMessages } from './sealed-messages';
import { FORGET } from './summaries.repository';

/** A conversation whose owner has changed. */
export interface OwnedConversation {
  workspaceId: number;
  userId: number;
  personaId: number;
  channel: string;
  isEncrypted: boolean;
  /** Its last message at that moment. */
  lastSeq: number;
}

/** A message that no turn is about. */
export interface TeamMessage {
  conversationId: number;
  role: 'agent' | 'system';
  /** The person of the team; null for a notice. */
  authorId: number | null;
  content: string;
  isEncrypted: boolean;
  /** Also while models answer. */
  isFromElsewhere?: boolean;
  /** Only with an author: from now on the key stands for this message. */
  key?: ReplyKey;
}

/** What the author calls the message, and what it says. */
export interface ReplyKey {
  idempotencyKey: string;
  requestHash: Buffer;
}

export interface StoredTeamMessage {
  messageId: number;
  seq: number;
  /** The conversation's door. */
  channel: string;
}

type KeyedMessage = StoredTeamMessage & { request_hash: Buffer };

const OWNED = `workspace_id AS "workspaceId", user_id AS "userId", persona_id AS "personaId", channel, is_encrypted AS "isEncrypted", last_seq AS "lastSeq"`;

/** Who answers in a conversation, and what people of the team say there. */
@Injectable()
export class OwnershipRepository {
  constructor(
    private readonly database: Database,
    private readonly sealed: SealedMessages,
  ) {}

  /** Inside a transaction that has locked the lease. Waits for messages that are being stored: what is open can only be seen by a later statement. */
  async giveToPeople(conversationId: number): Promise<OwnedConversation | undefined> {
    const [row] = await this.database.query<OwnedConversation>(
      `UPDATE conversations SET owner = 'human' WHERE id = $1 RETURNING ${OWNED}`,
      [conversationId],
    );
    return row;
  }

  /**
   * Inside a transaction that has locked the lease: models answer again, and know nothing of what was said so far. That goes for the summary, too, and
   * for the copy at the upstream.
   */
  async giveToModels(conversationId: number): Promise<OwnedConversation | undefined> {
    // Also one that is being written for the first time.
    await this.database.query(`UPDATE conversation_summaries SET ${FORGET('0')} WHERE conversation_id = $1`, [
      conversationId,
    ]);
    const [row] = await this.database.query<OwnedConversation>(
      `UPDATE conversations SET owner = 'ai', context_from_seq = last_seq + 1, openai_conversation_id = NULL, openai_conversation_turn_id = NULL,
         openai_conversation_upstream = NULL, openai_conversation_created_at = NULL, openai_conversation_used_at = NULL,
         openai_conversation_redaction = NULL
       WHERE id = $1 RETURNING ${OWNED}`,
      [conversationId],
    );
    return row;
  }

  /** Why people were asked to take over with the turn; null: they were not. */
  async giveReason(turnId: number, reason: string | null): Promise<void> {
    await this.database.query('UPDATE turns SET escalation_reason = $2 WHERE id = $1', [turnId, reason]);
  }

  /** The message that the author has said with this key. Inside a transaction: it waits for one that is being stored, and none comes between. */
  async findByKey(conversationId: number, authorId: number, idempotencyKey: string): Promise<KeyedMessage | undefined> {
    const [conversation] = await this.database.query<{ channel: string }>(
      'SELECT channel FROM conversations WHERE id = $1 FOR NO KEY UPDATE',
      [conversationId],
    );
    const [row] = await this.database.query<Omit<KeyedMessage, 'channel'>>(
      `SELECT k.message_id AS "messageId", m.seq, k.request_hash FROM agent_reply_keys k JOIN messages m ON m.id = k.message_id
       WHERE k.conversation_id = $1 AND k.author_id = $2 AND k.idempotency_key = $3`,
      [conversationId, authorId, idempotencyKey],
    );
    return conversation === undefined || row === undefined ? undefined : { ...row, ...conversation };
  }

  /** Appends a message; undefined when the conversation is gone, or a person's message comes while models answer. */
  async append({
    conversationId,
    role,
    authorId,
    content,
    isEncrypted,
    isFromElsewhere = false,
    key,
  }: TeamMessage): Promise<StoredTeamMessage | undefined> {
    const id = isEncrypted ? await this.sealed.newId() : null;
    const stored = this.sealed.toStore(id, { content });
    const [row] = await this.database.query<StoredTeamMessage>(
      `WITH conversation AS (
         UPDATE conversations SET last_seq = last_seq + 1, message_count = message_count + 1, updated_at = now()
         WHERE id = $1 AND is_encrypted = ($2::bigint IS NOT NULL) AND ($3 = 'system' OR owner = 'human' OR $9::boolean)
         RETURNING id, workspace_id, last_seq, channel
       ), message AS (
         INSERT INTO messages (id, workspace_id, conversation_id, seq, role, status, content, author_id, encryption_key)
         SELECT coalesce($2::bigint, nextval('messages_id_seq')), workspace_id, id, last_seq, $3::varchar, 'sent', $4, $5::bigint, $6::varchar
         FROM conversation
         RETURNING id, conversation_id, seq
       ), keyed AS (
         INSERT INTO agent_reply_keys (conversation_id, author_id, idempotency_key, request_hash, message_id)
         SELECT conversation_id, $5::bigint, $7, $8, id FROM message WHERE $7::varchar IS NOT NULL
       )
       SELECT id AS "messageId", seq, (SELECT channel FROM conversation) AS channel FROM message`,
      [
        conversationId,
        id,
        role,
        stored.content,
        authorId,
        stored.encryptionKey,
        key?.idempotencyKey ?? null,
        key?.requestHash ?? null,
        isFromElsewhere,
      ],
    );
    return row;
  }
}
