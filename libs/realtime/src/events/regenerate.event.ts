import { randomUUID } from 'node:crypto';
import type { Regenerating } from '@app/contracts';
import { MessagesService, TurnChangesService, type TurnRequest } from '@app/conversations';
import { RateLimits } from '@app/platform';
import { type Session, SessionAccess, SessionMessages } from '@app/sessions';
import { Injectable } from '@nestjs/common';
import { IsInt, Max, Min } from 'class-validator';
import { ConversationAccess } from '../access/conversation-access.service';
import type { Connection, Member } from '../connections/connection';
import { memberOf } from './members';
import { messageElsewhere } from '../socket-errors';
import type { SocketEvent } from './socket-event';
import { TargetDto } from './target.dto';

export class RegenerateDto extends TargetDto {
  @IsInt()
  @Min(1)
  @Max(Number.MAX_SAFE_INTEGER)
  messageId: number;
}

/** One more reply to the same message, as `POST /chat/messages/{message_id}/regenerate` makes it. */
@Injectable()
export class RegenerateEvent implements SocketEvent<'regenerate', RegenerateDto> {
  readonly name = 'regenerate';
  readonly payload = RegenerateDto;
  /** Like what is sent: it makes a turn. */
  readonly isOrdered = true;

  constructor(
    private readonly access: ConversationAccess,
    private readonly sessions: SessionAccess,
    private readonly sessionMessages: SessionMessages,
    private readonly messages: MessagesService,
    private readonly changes: TurnChangesService,
    private readonly limits: RateLimits,
  ) {}

  async handle(connection: Connection, payload: RegenerateDto): Promise<Regenerating> {
    const member = memberOf(connection, payload);
    const { feed, principal } = member;
    const refusal = this.limits.countSend(principal.userId);
    if (refusal !== undefined) throw refusal;
    const { conversation_id: conversationId } = await this.messages.owned(principal, payload.messageId);
    if (conversationId !== feed.conversationId) {
      throw messageElsewhere(payload.messageId);
    }
    // Nobody can send it twice: while one reply is being written, another one is refused.
    const request: TurnRequest = {
      idempotencyKey: null,
      correlationId: `socket:${connection.id}:${randomUUID()}`,
      isWatched: true,
    };
    const session = await this.sessionOf(connection, member);
    const { turnId } = await (session === undefined
      ? this.changes.regenerate(principal, payload.messageId, request)
      : this.sessionMessages.regenerate(session, payload.messageId, request));
    return { turnId };
  }

  /** Asked again each time: it may have ended since it was joined. */
  private async sessionOf(connection: Connection, { feed, sessionId }: Member): Promise<Session | undefined> {
    if (sessionId !== undefined) return (await this.access.bySession(connection, sessionId)).session;
    return feed.status === null ? undefined : this.sessions.ofConversation(feed.conversationId);
  }
}
