import type { ChatJoined } from '@app/contracts';
import type { FollowedState } from '@app/conversations';
import { MAX_USER_ID_LENGTH, type Session } from '@app/sessions';
import { Injectable } from '@nestjs/common';
import { IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';
import { ConversationAccess } from '../access/conversation-access.service';
import type { Connection } from '../connections/connection';
import { ConversationFeeds } from '../feeds/conversation-feeds.service';
import type { ConversationFeed } from '../feeds/conversation-feed';
import type { Member } from '../connections/connection';
import { targetOf } from '../feeds/member';
import { toSocketMessage } from '../feeds/socket-message';
import { AgentPresence } from '../presence/agent-presence.service';
import { RealtimeMetrics } from '../realtime.metrics';
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
    private readonly feeds: ConversationFeeds,
    private readonly presence: AgentPresence,
    private readonly metrics: RealtimeMetrics,
  ) {}

  async handle(connection: Connection, payload: JoinChatDto): Promise<ChatJoined> {
    const sessionId =
      payload.sessionId ?? (payload.conversationId === undefined ? connection.data.sessionId : undefined);
    const opened = await this.access.open(connection, { ...payload, sessionId });
    const { conversationId, workspaceId, principal, session } = opened;
    // Joining again is how a client catches up.
    const before = connection.data.members.find(({ feed }) => feed.conversationId === conversationId);
    if (before === undefined && connection.data.members.length >= MAX_ROOMS) throw tooManyRooms(MAX_ROOMS);
    const status = session?.status ?? null;
    const make = (feed: ConversationFeed): Member | undefined => {
      if (!connection.connected) return undefined;
      this.leave(connection, before);
      const toldSeq = before?.toldSeq ?? 0;
      const member: Member = { connection, feed, sessionId, principal, toldSeq, turnId: 0, turnAfter: 0 };
      connection.data.members = [...connection.data.members, member];
      return member;
    };
    const afterSeq = payload.lastSeq ?? null;
    const joined = await this.feeds.join({ conversationId, workspaceId, status }, afterSeq, make);
    if (joined === undefined) throw conversationGone(conversationId);
    this.metrics.joins.inc();
    const answer = this.answer(joined, session);
    connection.emit('chat-joined', answer);
    if (session?.status === 'ended') {
      connection.emit('session-ended', { ...targetOf(joined.member), reason: session.endReason ?? 'ended' });
    }
    return answer;
  }

  private answer(
    { member, state }: { member: Member; state: FollowedState },
    session: Session | undefined,
  ): ChatJoined {
    const target = targetOf(member);
    return {
      ...target,
      messages: state.messages.map((message) => toSocketMessage(message, target)),
      hasMore: state.hasMore,
      openTurnId: state.openTurnId,
      readSeq: session?.readSeq ?? 0,
      presence: { agentsOnline: this.presence.online(member.feed.workspaceId) },
    };
  }

  private leave(connection: Connection, member: Member | undefined): void {
    if (member === undefined) return;
    connection.data.members = connection.data.members.filter((other) => other !== member);
    this.feeds.leave(member);
  }
}
