import type { MessageAccepted } from '@app/contracts';
import { type IncomingMessage, MAX_MESSAGE_LENGTH, MessageIntakeService, type AcceptedTurn } from '@app/conversations';
import { AppConfig, RateLimits } from '@app/platform';
import { MAX_USER_ID_LENGTH, SessionAccess, SessionMessages, SupportRules } from '@app/sessions';
import { Injectable } from '@nestjs/common';
import { IsOptional, IsString, Matches, MaxLength } from 'class-validator';
import { ConversationAccess } from '../access/conversation-access.service';
import type { Connection, Member } from '../connections/connection';
import { idempotencyKeyOf } from '../feeds/socket-message';
import { memberOf } from './members';
import type { SocketEvent } from './socket-event';
import { TargetDto } from './target.dto';

export class SendMessageEventDto extends TargetDto {
  @IsString()
  @Matches(/\S/, { message: 'message must not be blank' })
  @MaxLength(MAX_MESSAGE_LENGTH)
  message: string;

  @IsOptional()
  @IsString()
  @MaxLength(MAX_USER_ID_LENGTH)
  userId?: string;

  @IsOptional()
  @Matches(/^[\x21-\x7e]{1,128}$/, { message: 'clientMessageId must be 1 to 128 visible ASCII characters' })
  clientMessageId?: string;
}

@Injectable()
export class SendMessageEvent implements SocketEvent<'send-message', SendMessageEventDto> {
  readonly name = 'send-message';
  readonly payload = SendMessageEventDto;
  /** People's messages are stored in the order in which they were sent. */
  readonly isOrdered = true;

  private readonly debounce: IncomingMessage['debounce'];

  constructor(
    private readonly access: ConversationAccess,
    private readonly sessions: SessionAccess,
    private readonly sessionMessages: SessionMessages,
    private readonly supportRules: SupportRules,
    private readonly intake: MessageIntakeService,
    private readonly limits: RateLimits,
    { sockets }: AppConfig,
  ) {
    this.debounce = sockets.debounceMs === 0 ? undefined : { waitMs: sockets.debounceMs, maxMs: sockets.debounceMaxMs };
  }

  async handle(connection: Connection, payload: SendMessageEventDto): Promise<MessageAccepted> {
    const member = memberOf(connection, payload);
    const refusal = this.limits.countSend(member.principal.userId);
    if (refusal !== undefined) throw refusal;
    return member.feed.own.of(connection.id, async () => {
      const { turnId, isReplay, messageId, seq } = await this.send(connection, member, {
        content: payload.message,
        idempotencyKey: idempotencyKeyOf(payload.clientMessageId),
        correlationId: `socket:${connection.id}`,
        debounce: this.debounce,
      });
      return { messageId, seq, turnId, isReplay };
    });
  }

  private async send(
    connection: Connection,
    { feed, sessionId, principal }: Member,
    message: Omit<IncomingMessage, 'conversationId'>,
  ): Promise<AcceptedTurn> {
    // Asked again each time: the session may have ended since it was joined.
    const session =
      sessionId === undefined
        ? feed.status === null
          ? undefined
          : await this.sessions.ofConversation(feed.conversationId)
        : (await this.access.bySession(connection, sessionId)).session;
    if (session !== undefined) {
      await this.supportRules.countMessage(session, { network: connection.data.network });
      return this.sessionMessages.send(session, message);
    }
    return this.intake.acceptMessage(principal, { ...message, conversationId: feed.conversationId });
  }
}
