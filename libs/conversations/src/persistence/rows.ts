import type { TurnStatus } from '@app/contracts';
import type { MessageRole, MessageStatus, MessageUsage } from './message.entity';
import type { StoredCitation, StoredImage, StoredToolCall } from './message-extras';

/** Rows as PostgreSQL returns them. */
export interface ConversationRow {
  id: number;
  workspace_id: number;
  user_id: number;
  persona_id: number;
  title: string;
  is_active: boolean;
  owner: 'ai' | 'human';
  /** The door that it came through. */
  channel: string;
  last_seq: number;
  message_count: number;
  is_encrypted: boolean;
  created_at: Date | string;
  updated_at: Date | string;
}

export interface MessageRow {
  id: number;
  conversation_id: number;
  seq: number;
  role: MessageRole;
  status: MessageStatus;
  content: string;
  turn_id: number | null;
  /** Of a message of the team: the person who wrote it. */
  author_id: number | null;
  persona_version_id: number | null;
  tokens_used: number | null;
  model_used: string | null;
  fallback_from: string | null;
  response_time_ms: number | null;
  error_code: string | null;
  usage: MessageUsage | null;
  edit_of_id: number | null;
  tool_calls: StoredToolCall[] | null;
  citations: StoredCitation[] | null;
  images: StoredImage[] | null;
  /** A reply that was given again: the model was not asked. */
  cached: boolean;
  /** What the message was encrypted with while it was stored. */
  encryption_key?: string | null;
  /** 0 to 1: how sure the model said it was; null when it did not. */
  confidence: number | null;
  created_at: Date | string;
  /** Part of the conversation as it is told now. */
  is_current?: boolean;
  /** For a reply: the user's message. */
  replies_to_id?: number | null;
  feedback_rating?: 'up' | 'down' | null;
  feedback_comment?: string | null;
}

export interface TurnRow {
  id: number;
  workspace_id: number;
  conversation_id: number;
  user_message_id: number;
  user_seq: number;
  status: TurnStatus;
  attempt: number;
  lost_attempts: number;
  not_before: Date | string;
  correlation_id: string | null;
  error_code: string | null;
  is_current: boolean;
  is_watched: boolean;
  cancel_requested_at: Date | string | null;
  last_event: number | null;
  /** The turn that answers its message, too. */
  merged_into_id: number | null;
  /** Why people were asked to take over when it ended. */
  escalation_reason: string | null;
  created_at: Date | string;
  finished_at: Date | string | null;
}

export const CONVERSATION_COLUMNS =
  'id, workspace_id, user_id, persona_id, title, is_active, owner, channel, last_seq, message_count, is_encrypted, created_at, updated_at';

export const MESSAGE_COLUMNS =
  'id, conversation_id, seq, role, status, content, turn_id, author_id, persona_version_id, tokens_used, model_used, fallback_from, response_time_ms, error_code, usage, edit_of_id, tool_calls, citations, images, cached, encryption_key, confidence, created_at';
