import type { ChatJoined } from '@app/contracts';
import { MAX_USER_ID_LENGTH } from '@app/sessions';
import { Injectable } from '@nestjs/common';
import { IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';
import { ConversationAccess } from '../access/conversation-access.service';
import type { Connection } from '../connections/connection';
import { Joins } from '../feeds/joins.service';
import { targetOf } from '../feeds/member';
import { conversationGone, tooManyRooms } from '../socket-errors';
import type { SocketEvent } from './socket-event';
import { MAX_SEQ, TargetDto } from './target.dto';

/** Conversations that one socket follows. */
const MAX_ROOMS = 10;

export class JoinChatDto extends TargetDto {
  @IsOptional()
  @IsString()
  @MaxLength(MAX_USER_ID_LENGTH)
  userId?: string;

  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(MAX_SEQ)
  lastSeq?: number;
}

@Injectable()
export class JoinChatEvent implements SocketEvent<'join-chat', JoinChatDto> {
  readonly name = 'join-chat';
  readonly payload = JoinChatDto;
  readonly isOrdered = true;

  constructor(
    private readonly access: ConversationAccess,
    private readonly joins: Joins,
  ) {}

  async handle(connection: Connection, payload: JoinChatDto): Promise<ChatJoined> {
    const sessionId =
      payload.sessionId ?? (payload.conversationId === undefined ? connection.data.sessionId : undefined);
    const opened = await this.access.open(connection, { ...payload, sessionId });
    const chats = connection.data.members.filter(({ escalationId }) => escalationId === undefined);
    const before = chats.find(({ feed }) => feed.conversationId === opened.conversationId);
    if (before === undefined && chats.length >= MAX_ROOMS) throw tooManyRooms(MAX_ROOMS);
    const { lastSeq } = payload;
    const joining = { ...opened, sessionId, escalationId: undefined, before, lastSeq };
    const joined = await this.joins.join(connection, joining);
    if (joined === undefined) throw conversationGone(opened.conversationId);
    const { member, ...state } = joined;
    const answer = { ...targetOf(member), ...state };
    connection.emit('chat-joined', answer);
    const { session } = opened;
    if (session?.status === 'ended') {
      connection.emit('session-ended', { ...targetOf(member), reason: session.endReason ?? 'ended' });
    }
    return answer;
  }
}
