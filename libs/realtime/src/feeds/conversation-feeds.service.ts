import { FollowedConversations, type FollowedState, ConversationsService, TurnFeeds } from '@app/conversations';
import type { EscalationLeft } from '@app/contracts';
import { FollowedEscalations } from '@app/escalations';
import { EventsBus, SeldomLog } from '@app/platform';
import type { SessionStatus } from '@app/sessions';
import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import { Connections } from '../connections/connections.service';
import { RealtimeMetrics } from '../realtime.metrics';
import { ConversationFeed, type FeedTools } from './conversation-feed';
import type { Member } from '../connections/connection';
import { WatchedConversations } from './watched-conversations';

/** A conversation that somebody joins, as the caller has found that it may be joined. */
export interface Joinable {
  conversationId: number;
  workspaceId: number;
  /** Of its session; null when it belongs to none. */
  status: SessionStatus | null;
}

interface Followed {
  feed: ConversationFeed;
  /** Sockets that are about to join, too: the feed must not go away under them. */
  users: number;
  unsubscribe: () => void;
}

/** Which conversations the sockets of this process follow: one feed for each, however many sockets. */
@Injectable()
export class ConversationFeeds implements OnModuleInit, OnModuleDestroy {
  private readonly followed = new Map<number, Followed>();
  private readonly tools: FeedTools;
  private readonly watched: WatchedConversations;
  private stopReconnect: () => void = () => undefined;

  constructor(
    conversations: ConversationsService,
    private readonly reads: FollowedConversations,
    private readonly escalations: FollowedEscalations,
    turnFeeds: TurnFeeds,
    private readonly events: EventsBus,
    private readonly connections: Connections,
    metrics: RealtimeMetrics,
    logger: PinoLogger,
  ) {
    const trouble = new SeldomLog(logger, 'a conversation that sockets follow could not be read; trying again');
    this.watched = new WatchedConversations(conversations, trouble);
    this.tools = {
      conversations: reads,
      escalations,
      turnFeeds,
      trouble,
      held: () => metrics.deltasHeld.inc(),
      sent: (member) => this.connections.refuseSlow(member.connection),
      dismiss: (member, reason) => this.dismiss(member, reason),
      changed: (member) => void this.checkTyping(member),
      gone: (feed) => this.erase(feed),
    };
  }

  onModuleInit(): void {
    // Events may have been missed meanwhile.
    this.stopReconnect = this.events.onReconnect(() => {
      for (const { feed } of this.followed.values()) feed.refresh();
    });
  }

  onModuleDestroy(): void {
    this.stopReconnect();
    this.watched.stop();
  }

  /** All that are followed here. */
  *[Symbol.iterator](): Iterator<ConversationFeed> {
    for (const { feed } of this.followed.values()) yield feed;
  }

  get size(): number {
    return this.followed.size;
  }

  get(conversationId: number): ConversationFeed | undefined {
    return this.followed.get(conversationId)?.feed;
  }

  /**
   * Adds a socket. Whatever is said from here on it is told; what was said before is in the answer, from which on it has no gap.
   * @param afterSeq the last message that it has; null for none
   * @param mayFollow asked when the conversation is read already: what it says is true of all that was read
   * @param make the member, once the feed is known; undefined when the socket has gone meanwhile
   * @returns undefined when the socket has gone, or the conversation, or it may not be followed
   */
  async join(
    joinable: Joinable,
    afterSeq: number | null,
    mayFollow: () => Promise<boolean>,
    make: (feed: ConversationFeed) => Member | undefined,
  ): Promise<{ member: Member; state: FollowedState } | undefined> {
    const followed = this.hold(joinable);
    try {
      // Whoever adds to the conversation tells from now on; only then is it read.
      await this.watched.watch(followed.feed);
      const state = await this.reads.read({ conversationId: joinable.conversationId, afterSeq });
      if (state === undefined || !(await mayFollow())) return undefined;
      const member = make(followed.feed);
      if (member === undefined) return undefined;
      followed.feed.sessionIs(joinable.status, null);
      followed.users += 1;
      followed.feed.add(member, state);
      return { member, state };
    } finally {
      this.release(joinable.conversationId);
    }
  }

  leave(member: Member): void {
    const feed = this.get(member.feed.conversationId);
    if (feed?.members.includes(member) !== true) return;
    if (member.isTyping) this.showTyping(member, false);
    feed.remove(member);
    this.release(feed.conversationId);
  }

  /** Tells the others. Whoever is gone, or has nothing more to say, is not typing any more. */
  showTyping(member: Member, isTyping: boolean): void {
    const { connection, escalationId, feed } = member;
    member.isTyping = isTyping;
    const from = escalationId === undefined ? 'user' : 'agent';
    const signal = { kind: 'typing', from, isTyping, socketId: connection.id } as const;
    this.events.publish({ type: 'conversation.signal', conversationId: feed.conversationId, signal });
  }

  /** The conversation is erased: everybody is told, and follows it no more. */
  erase(feed: ConversationFeed): void {
    feed.sessionIs('ended', 'erased');
    for (const member of [...feed.members]) {
      this.leave(member);
      this.tellLeft(member, 'unavailable');
      this.connections.forget(member);
    }
  }

  /** A person of the team follows it no more, and is told why. */
  dismiss(member: Member, reason: EscalationLeft['reason']): void {
    const { data } = member.connection;
    if (!data.members.includes(member)) return;
    data.members = data.members.filter((other) => other !== member);
    this.leave(member);
    this.tellLeft(member, reason);
  }

  /** Whoever has handed it on cannot say that the typing is over. */
  private async checkTyping(member: Member): Promise<void> {
    const { escalationId, principal } = member;
    if (!member.isTyping || escalationId === undefined) return;
    await this.escalations.requireHolder(principal, escalationId).catch(() => {
      if (member.isTyping) this.showTyping(member, false);
    });
  }

  private tellLeft(
    { connection, escalationId, feed: { conversationId } }: Member,
    reason: EscalationLeft['reason'],
  ): void {
    if (escalationId !== undefined) connection.emit('escalation-left', { escalationId, conversationId, reason });
  }

  private hold({ conversationId, workspaceId, status }: Joinable): Followed {
    let followed = this.followed.get(conversationId);
    if (followed === undefined) {
      const feed = new ConversationFeed(conversationId, workspaceId, status, this.tools);
      const unsubscribe = this.events.subscribe(`conversation:${conversationId}`, (event) => feed.onEvent(event));
      followed = { feed, users: 0, unsubscribe };
      this.followed.set(conversationId, followed);
      this.watched.add(feed);
    }
    followed.users += 1;
    return followed;
  }

  private release(conversationId: number): void {
    const followed = this.followed.get(conversationId);
    if (followed === undefined || (followed.users -= 1) > 0) return;
    followed.unsubscribe();
    this.followed.delete(conversationId);
    this.watched.remove(followed.feed);
  }
}
