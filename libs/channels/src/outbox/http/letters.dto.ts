import { PageQueryDto } from '@app/platform';
import { IsIn, IsOptional } from 'class-validator';
import type { Author, OutboxStatus } from '../outbox-row';
import type { Letter } from '../persistence/letters.repository';

const iso = (value: Date | null): string | null => (value === null ? null : value.toISOString());

export class ListLettersQueryDto extends PageQueryDto {
  /** `dead`: only what was given up, or came back after the other system had taken it; without it: everything.
   * @example dead */
  @IsOptional()
  @IsIn(['dead'])
  status?: 'dead';
}

/** One message of the other system: a message of the conversation, or a part of one that was too long. */
export class OutgoingMessageResponse {
  /** @example 1 */
  id: number;

  /** @example 12 */
  conversation_id: number;

  /** Of the person.
   * @example 3 */
  identity_id: number;

  /** What was said; null when the channel itself said it.
   * @example 40 */
  message_id: number | null;

  /** Which part of it, from 0.
   * @example 0 */
  part: number;

  /** `assistant`: a model; `agent`: somebody of the team; `system`: a notice. */
  author: Author;

  /** `template`: the window for free text was closed, and the channel's template took its place. */
  kind: 'text' | 'template';

  /** `failed`: the other system says so after it had taken it; `dead`: given up; `skipped`: it was not to be sent any more. */
  status: OutboxStatus;

  /** Why it was not sent, or not yet, such as `window-closed`.
   * @example null */
  reason: string | null;

  /** @example 1 */
  attempts: number;

  /** When it is tried next; null when it is not.
   * @example null */
  next_attempt_at: string | null;

  /** Its id in the other system.
   * @example wamid.HBgLMTU1NTEyMzQ1NjcVAgARGBI5QTNDQTVCM0Q0Q0Q2RTY3RTcA */
  external_id: string | null;

  /** @example 2026-11-21T12:00:00.000Z */
  created_at: string;

  /** @example 2026-11-21T12:00:00.200Z */
  sent_at: string | null;

  /** @example 2026-11-21T12:00:01.000Z */
  delivered_at: string | null;

  /** @example null */
  read_at: string | null;

  static from(letter: Letter): OutgoingMessageResponse {
    return {
      id: letter.id,
      conversation_id: letter.conversationId,
      identity_id: letter.identityId,
      message_id: letter.messageId,
      part: letter.part,
      author: letter.author,
      kind: letter.kind,
      status: letter.status,
      reason: letter.reason,
      attempts: letter.attempts,
      next_attempt_at: letter.status === 'pending' ? letter.nextAttemptAt.toISOString() : null,
      external_id: letter.externalId,
      created_at: letter.createdAt.toISOString(),
      sent_at: iso(letter.sentAt),
      delivered_at: iso(letter.deliveredAt),
      read_at: iso(letter.readAt),
    };
  }
}

export class OutgoingMessageListResponse {
  /** Newest first. */
  messages: OutgoingMessageResponse[];
  /** @example false */
  has_more: boolean;
  /** @example null */
  next_cursor: string | null;
}
