import type {
  ConversationSignalEvent,
  ParleyEvent,
  ServerToClientEvents,
  SessionEnded,
  TerminalTurnStatus,
} from '@app/contracts';
import type { FollowedConversations, FollowedState, TurnFeeds } from '@app/conversations';
import type { SessionStatus } from '@app/sessions';
import type { SeldomLog } from '@app/platform';
import { FollowedTurn, type TurnEnd } from './followed-turn';
import type { FollowedConversation, Member } from '../connections/connection';
import { targetOf } from './member';
import { OwnMessages } from './own-messages';
import { toSocketMessage } from './socket-message';

/** Ends of turns that were told: an event and the turn's own feed may both tell of one. */
const REMEMBERED_ENDS = 16;

export interface FeedTools {
  conversations: FollowedConversations;
  turnFeeds: TurnFeeds;
  trouble: SeldomLog;
  /** Text was held back from a slow client. */
  held(): void;
  /** After every event to a socket: it may not read what it is sent. */
  sent(member: Member): void;
  /** The conversation is not there any more. */
  gone(feed: ConversationFeed): void;
}

/**
 * One conversation as the sockets of this process follow it. On an event it reads once what is new and tells everybody, in the order of `seq`;
 * a seq is handed out under the conversation's row lock, so what a read shows is all there is up to its last one.
 */
export class ConversationFeed implements FollowedConversation {
  readonly members: Member[] = [];
  readonly own = new OwnMessages();
  /** The process is told of changes until then, by the monotonic clock. */
  watchedUntilMs = 0;
  private turn: FollowedTurn | undefined;
  private isReading = false;
  private isOutdated = false;
  /** The newest that was read. */
  private seenSeq = 0;
  private readonly toldEnds: number[] = [];

  constructor(
    readonly conversationId: number,
    readonly workspaceId: number,
    /** Null: no session. */
    public status: SessionStatus | null,
    private readonly tools: FeedTools,
  ) {}

  /** The last message that everybody here was told of. */
  get toldSeq(): number {
    return this.members.reduce((least, { toldSeq }) => Math.min(least, toldSeq), 2_147_483_647);
  }

  /** Who joins knows the conversation as `state` shows it, or better. */
  add(member: Member, state: FollowedState): void {
    member.toldSeq = Math.max(member.toldSeq, state.lastSeq);
    this.members.push(member);
    this.follow(state.openTurnId);
    // First it gets the answer to its joining.
    setImmediate(() => {
      if (this.members.includes(member)) this.turn?.deliverTo(member);
    });
    // Something was stored since `state` was read, and perhaps told to others already.
    if (this.isOutdated || this.seenSeq > member.toldSeq) this.refresh();
  }

  remove(member: Member): void {
    const index = this.members.indexOf(member);
    if (index >= 0) this.members.splice(index, 1);
    if (this.members.length > 0) return;
    this.turn?.close();
    // Whoever comes next, also the same socket that joins again, follows it anew.
    this.turn = undefined;
  }

  /** Something may be new. */
  refresh(): void {
    this.isOutdated = true;
    if (!this.isReading) void this.catchUp();
  }

  onEvent(event: ParleyEvent): void {
    if (event.type === 'conversation.signal') return this.onSignal(event.signal);
    // The turn that is followed tells of its end itself.
    if (event.type === 'turn.finished' && event.turnId !== this.turn?.turnId) {
      this.tellEnd(event.turnId, event.status, event.mergedIntoId ?? null);
    }
    this.refresh();
  }

  sessionIs(status: SessionStatus | null, reason: SessionEnded['reason'] | null): void {
    if (status === this.status) return;
    this.status = status;
    if (reason !== null) {
      for (const member of [...this.members]) this.emit(member, 'session-ended', { ...targetOf(member), reason });
    }
  }

  /** To all but one. */
  broadcast(exceptSocketId: string, emit: (member: Member) => void): void {
    for (const member of [...this.members]) if (member.connection.id !== exceptSocketId) emit(member);
  }

  emit<E extends keyof ServerToClientEvents>(
    { connection }: Member,
    event: E,
    payload: Parameters<ServerToClientEvents[E]>[0],
  ): void {
    (connection.emit as (name: string, data: unknown) => void).call(connection, event, payload);
  }

  private async catchUp(): Promise<void> {
    this.isReading = true;
    try {
      while (this.isOutdated && this.members.length > 0) {
        this.isOutdated = false;
        const { conversationId, toldSeq: afterSeq } = this;
        const state = await this.tools.conversations.read({ conversationId, afterSeq });
        if (state === undefined) return this.tools.gone(this);
        await this.own.settled();
        this.tell(state);
      }
    } catch (error) {
      // The sweep looks again in a few seconds.
      this.tools.trouble.warn(error);
    } finally {
      this.isReading = false;
    }
  }

  private tell({ messages, hasMore, lastSeq, openTurnId }: FollowedState): void {
    this.seenSeq = Math.max(this.seenSeq, lastSeq);
    for (const message of messages) {
      if (message.turn_id !== null && message.turn_id === this.turn?.turnId) this.turn.silence();
      const sender = this.own.senderOf(message.id);
      for (const member of [...this.members]) {
        if (member.toldSeq >= message.seq) continue;
        member.toldSeq = message.seq;
        if (sender === member.connection.id) continue;
        this.emit(member, 'message-received', toSocketMessage(message, targetOf(member)));
        this.tools.sent(member);
      }
    }
    if (hasMore) this.isOutdated = true;
    // Deleted messages never come.
    else for (const member of this.members) member.toldSeq = Math.max(member.toldSeq, lastSeq);
    this.follow(openTurnId);
  }

  private follow(turnId: number | null): void {
    if (this.turn?.turnId === turnId) return;
    // Its outcome is on its way, and told when it comes.
    this.turn?.silence();
    this.turn = undefined;
    if (turnId === null || this.members.length === 0) return;
    const turn = new FollowedTurn(turnId, {
      members: this.members,
      turnFeeds: this.tools.turnFeeds,
      trouble: this.tools.trouble,
      held: () => this.tools.held(),
      ended: (view) => this.turnEnded(view),
      lost: () => {
        // Its end is told by its event, and with the next news its text is looked for again.
        if (this.turn === turn) this.turn = undefined;
      },
    });
    this.turn = turn;
  }

  private turnEnded({ turn }: TurnEnd): void {
    if (turn.status === 'pending' || turn.status === 'running') return;
    this.tellEnd(turn.id, turn.status, turn.merged_into_id);
    this.refresh();
  }

  private tellEnd(turnId: number, status: TerminalTurnStatus, mergedIntoId: number | null): void {
    if (this.toldEnds.includes(turnId)) return;
    this.toldEnds.push(turnId);
    if (this.toldEnds.length > REMEMBERED_ENDS) this.toldEnds.shift();
    for (const member of [...this.members]) {
      const ended = { ...targetOf(member), turnId };
      if (status === 'cancelled') this.emit(member, 'turn-cancelled', ended);
      if (status === 'merged' && mergedIntoId !== null) this.emit(member, 'turn-merged', { ...ended, mergedIntoId });
    }
  }

  private onSignal(signal: ConversationSignalEvent['signal']): void {
    switch (signal.kind) {
      case 'typing':
        return this.broadcast(signal.socketId, (member) =>
          this.emit(member, 'typing', { ...targetOf(member), from: signal.from, isTyping: signal.isTyping }),
        );
      case 'read':
        return this.broadcast(signal.socketId, (member) =>
          this.emit(member, 'read', { ...targetOf(member), by: signal.by, seq: signal.seq }),
        );
      case 'session-ended':
        return this.sessionIs('ended', signal.reason);
    }
  }
}
