import type { AnsweredBy, SocketMessage, Presence } from '@app/contracts';
import { FollowedConversations, type FollowedState } from '@app/conversations';
import type { Session } from '@app/sessions';
import { Injectable } from '@nestjs/common';
import type { Connection, Member } from '../connections/connection';
import { AgentPresence } from '../presence/agent-presence.service';
import { RealtimeMetrics } from '../realtime.metrics';
import { conversationGone } from '../socket-errors';
import type { ConversationFeed } from './conversation-feed';
import { ConversationFeeds } from './conversation-feeds.service';
import { answeredBy, targetOf } from './member';
import { toSocketMessage } from './socket-message';

/** A conversation that a socket may follow, and as whom. */
export interface Joining extends Pick<Member, 'sessionId' | 'escalationId' | 'principal'> {
  conversationId: number;
  workspaceId: number;
  session: Session | undefined;
  /** How the socket follows it already. Joining again is how a client catches up. */
  before: Member | undefined;
  /** Seq of the last message that the client has. */
  lastSeq: number | undefined;
  /** Asked when the conversation is read already; missing: it may be followed. */
  mayFollow?: () => Promise<boolean>;
}

/** What a socket is told when it has joined. */
export interface Joined {
  member: Member;
  messages: SocketMessage[];
  hasMore: boolean;
  openTurnId: number | null;
  readSeq: number;
  answeredBy: AnsweredBy['answeredBy'];
  isPersonAwaited: boolean;
  presence: Presence;
}

/** Has sockets follow conversations, and follow them no more. */
@Injectable()
export class Joins {
  constructor(
    private readonly feeds: ConversationFeeds,
    private readonly conversations: FollowedConversations,
    private readonly presence: AgentPresence,
    private readonly metrics: RealtimeMetrics,
  ) {}

  /** Undefined when the conversation is not there, or may not be followed (any more). */
  async join(connection: Connection, joining: Joining): Promise<Joined | undefined> {
    const { conversationId, workspaceId, session, before, sessionId, escalationId, principal } = joining;
    const make = (feed: ConversationFeed): Member | undefined => {
      if (!connection.connected) return undefined;
      const { toldSeq = 0, isTyping = false } = before ?? {};
      if (before !== undefined) {
        before.isTyping = false;
        this.leave(before);
      }
      const place = { toldSeq, turnId: 0, turnAfter: 0, isTyping };
      const member: Member = { connection, feed, sessionId, escalationId, principal, ...place };
      connection.data.members = [...connection.data.members, member];
      return member;
    };
    const joinable = { conversationId, workspaceId, status: session?.status ?? null };
    const mayFollow = joining.mayFollow ?? (() => Promise.resolve(true));
    const joined = await this.feeds.join(joinable, joining.lastSeq ?? null, mayFollow, make);
    if (joined === undefined) return undefined;
    this.metrics.joins.inc();
    const { member, state } = joined;
    return { member, ...this.shown(joining, state, targetOf(member)) };
  }

  /** The same of what is over, up to its last message; nothing is followed. @throws 404 CONVERSATION.NOT_FOUND */
  async lookBack(
    past: Pick<Joining, 'conversationId' | 'workspaceId' | 'session' | 'lastSeq'> & { escalationId: number },
    endedSeq: number,
  ): Promise<Omit<Joined, 'member'>> {
    const { escalationId, conversationId, lastSeq: afterSeq = null } = past;
    const state = await this.conversations.read({ conversationId, afterSeq, throughSeq: endedSeq });
    if (state === undefined) throw conversationGone(conversationId);
    const shown = this.shown(past, state, { escalationId, conversationId });
    return { ...shown, openTurnId: null, isPersonAwaited: false, readSeq: Math.min(shown.readSeq, endedSeq) };
  }

  leave(member: Member): void {
    const { data } = member.connection;
    data.members = data.members.filter((other) => other !== member);
    this.feeds.leave(member);
  }

  private shown(
    { workspaceId, session }: Pick<Joining, 'workspaceId' | 'session'>,
    state: FollowedState,
    target: ReturnType<typeof targetOf>,
  ): Omit<Joined, 'member'> {
    return {
      messages: state.messages.map((message) => toSocketMessage(message, target)),
      hasMore: state.hasMore,
      openTurnId: state.openTurnId,
      readSeq: session?.readSeq ?? 0,
      answeredBy: answeredBy(state),
      isPersonAwaited: state.isPersonAwaited,
      presence: { agentsOnline: this.presence.online(workspaceId) },
    };
  }
}
