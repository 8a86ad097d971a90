import { PageQueryDto } from '@app/platform';
import { IsIn, IsOptional } from 'class-validator';
import type { InboxLetter } from '../persistence/inbox-letters.repository';

const iso = (value: Date | null): string | null => (value === null ? null : value.toISOString());

export class ListInboxQueryDto extends PageQueryDto {
  /** `dead`: only what was given up; without it: everything.
   * @example dead */
  @IsOptional()
  @IsIn(['dead'])
  status?: 'dead';
}

/** One thing that came in, without what was in it. */
export class IncomingItemResponse {
  /** @example 1 */
  id: number;

  /** `status`: what became of a message that was sent; `echo`: somebody of the business has written from another program; `moved`: a person has a new number.
   * @example message */
  kind: 'message' | 'status' | 'echo' | 'moved';

  /** `pending`: it waits; `ignored`: there is nothing to be done about it; `dead`: given up. */
  status: 'pending' | 'done' | 'ignored' | 'dead';

  /** Why it waits, was ignored or given up, such as `rate_limited`.
   * @example null */
  reason: string | null;

  /** @example 1 */
  attempts: number;

  /** Its id in the other system.
   * @example wamid.HBgLMTU1NTEyMzQ1NjcVAgASGBQzQTdBNjI0QTYxRjM2QzQ5RjE4RgA= */
  external_id: string;

  /** @example 12 */
  conversation_id: number | null;

  /** @example 40 */
  message_id: number | null;

  /** @example 2026-11-21T12:00:00.000Z */
  received_at: string;

  /** When it is tried next; null when it is not.
   * @example null */
  next_attempt_at: string | null;

  /** @example 2026-11-21T12:00:00.000Z */
  finished_at: string | null;

  static from(letter: InboxLetter): IncomingItemResponse {
    return {
      id: letter.id,
      kind: letter.kind,
      status: letter.status,
      reason: letter.reason,
      attempts: letter.attempts,
      external_id: letter.externalId,
      conversation_id: letter.conversationId,
      message_id: letter.messageId,
      received_at: letter.receivedAt.toISOString(),
      next_attempt_at: letter.status === 'pending' ? iso(letter.notBefore) : null,
      finished_at: iso(letter.finishedAt),
    };
  }
}

export class IncomingItemListResponse {
  /** Newest first. */
  items: IncomingItemResponse[];
  /** @example false */
  has_more: boolean;
  /** @example null */
  next_cursor: string | null;
}
