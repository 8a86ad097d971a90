import { Column, CreateDateColumn, Entity, PrimaryGeneratedColumn } from 'typeorm';

import type { StoredCitation, StoredImage, StoredToolCall } from './message-extras';

/** `sent` by a user; a reply is `completed`, `truncated` (the model's length limit cut it), `cancelled` (stopped; what was written until then) or the `fallback` text of a failed turn. */
export type MessageStatus = 'sent' | 'completed' | 'truncated' | 'fallback' | 'cancelled';

/** `user`: the person; `assistant`: the AI; `agent`: a person of the team; `system`: a notice. */
export type MessageRole = 'user' | 'assistant' | 'agent' | 'system';

/** Tokens of the call that made a reply, as they are stored with it. */
export interface MessageUsage {
  input_tokens: number | null;
  cached_tokens: number | null;
  output_tokens: number | null;
  reasoning_tokens: number | null;
  total_tokens: number | null;
  is_estimated: boolean;
}

@Entity('messages')
export class MessageEntity {
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'BY DEFAULT' })
  id: number;

  @Column({ name: 'workspace_id', type: 'bigint' })
  workspaceId: number;

  @Column({ name: 'conversation_id', type: 'bigint' })
  conversationId: number;

  /** 1, 2, 3 … without gaps in a conversation. */
  @Column({ type: 'integer' })
  seq: number;

  @Column({ type: 'varchar', length: 20 })
  role: MessageRole;

  @Column({ type: 'varchar', length: 20 })
  status: MessageStatus;

  /** Empty once deleted. */
  @Column({ type: 'text' })
  content: string;

  /** For a reply: the turn it answers. */
  @Column({ name: 'turn_id', type: 'bigint', nullable: true })
  turnId: number | null;

  /** Of a message of the team: the person who wrote it. */
  @Column({ name: 'author_id', type: 'bigint', nullable: true })
  authorId: number | null;

  @Column({ name: 'persona_version_id', type: 'bigint', nullable: true })
  personaVersionId: number | null;

  @Column({ name: 'tokens_used', type: 'integer', nullable: true })
  tokensUsed: number | null;

  @Column({ name: 'model_used', type: 'varchar', length: 200, nullable: true })
  modelUsed: string | null;

  /** The model that was asked for first, when a fallback model answered. */
  @Column({ name: 'fallback_from', type: 'varchar', length: 200, nullable: true })
  fallbackFrom: string | null;

  @Column({ name: 'response_time_ms', type: 'integer', nullable: true })
  responseTimeMs: number | null;

  @Column({ name: 'error_code', type: 'varchar', length: 60, nullable: true })
  errorCode: string | null;

  /** Tokens of the call that made the reply. */
  @Column({ type: 'jsonb', nullable: true })
  usage: MessageUsage | null;

  /** For a user's message that was edited: the first one of the family. */
  @Column({ name: 'edit_of_id', type: 'bigint', nullable: true })
  editOfId: number | null;

  /** What hosted tools did for a reply. */
  @Column({ name: 'tool_calls', type: 'jsonb', nullable: true })
  toolCalls: StoredToolCall[] | null;

  @Column({ type: 'jsonb', nullable: true })
  citations: StoredCitation[] | null;

  /** Pictures that a user sent. */
  @Column({ type: 'jsonb', nullable: true })
  images: StoredImage[] | null;

  /** A reply that was given again: the model was not asked. */
  @Column({ name: 'cached', type: 'boolean', default: false })
  isCached: boolean;

  /** 0 to 1: how sure the model says it is of a reply; null when it did not say. */
  @Column({ type: 'real', nullable: true })
  confidence: number | null;

  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt: Date;

  /** A deleted message keeps its seq as a tombstone. */
  @Column({ name: 'deleted_at', type: 'timestamptz', nullable: true })
  deletedAt: Date | null;
}
