import type {
  ConversationSignalEvent,
  EscalationChanged,
  EscalationChangedEvent,
  EscalationLeft,
  ParleyEvent,
  ServerToClientEvents,
  SessionEnded,
  TerminalTurnStatus,
} from '@app/contracts';
import type { FollowedConversations, FollowedState, TurnFeeds } from '@app/conversations';
import type { EscalationEnd, FollowedEscalations } from '@app/escalations';
import type { SessionStatus } from '@app/sessions';
import type { SeldomLog } from '@app/platform';
import { FollowedTurn, type TurnEnd } from './followed-turn';
import type { FollowedConversation, Member } from '../connections/connection';
import { answeredBy, targetOf } from './member';
import { OwnMessages } from './own-messages';
import { toSocketMessage } from './socket-message';

/** Ends of turns that were told: an event and the turn's own feed may both tell of one. */
const REMEMBERED_ENDS = 16;

export interface FeedTools {
  conversations: FollowedConversations;
  escalations: Pick<FollowedEscalations, 'endsAmong'>;
  turnFeeds: TurnFeeds;
  trouble: SeldomLog;
  /** Text was held back from a slow client. */
  held(): void;
  /** After every event to a socket: it may not read what it is sent. */
  sent(member: Member): void;
  /** A person of the team follows it no more. */
  dismiss(member: Member, reason: EscalationLeft['reason']): void;
  /** Something has happened to the escalation that this person of the team follows. */
  changed(member: Member): void;
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
  /** Later ones have higher numbers. */
  private toldEscalation = 0;
  /** As everybody here was told; undefined before anybody joined. */
  private owner: FollowedState['owner'] | undefined;
  /** Somebody here was told that people were asked to take over, and not that it is over. */
  private isPersonAwaited = false;

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
    this.owner ??= state.owner;
    const isKnown = this.owner === state.owner && (this.isPersonAwaited || !state.isPersonAwaited);
    this.isPersonAwaited ||= state.isPersonAwaited;
    // Something was stored since `state` was read, and perhaps told to others already.
    if (this.isOutdated || !isKnown || this.seenSeq > member.toldSeq) this.refresh();
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
    if (event.type === 'escalation.changed') return this.onEscalation(event);
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
        const asked = this.escalationIds();
        const ends = await this.tools.escalations.endsAmong([...asked]);
        await this.own.settled();
        // Whoever of the team has joined meanwhile is asked about first.
        if (!this.escalationIds().isSubsetOf(asked)) this.isOutdated = true;
        else this.tell(state, new Map(ends.map((end) => [end.id, end])));
      }
    } catch (error) {
      // The sweep looks again in a few seconds.
      this.tools.trouble.warn(error);
    } finally {
      this.isReading = false;
    }
  }

  private escalationIds(): Set<number> {
    return new Set(this.members.flatMap(({ escalationId }) => escalationId ?? []));
  }

  /** @param ends of the escalations that are over: what came after is not for those who follow them */
  private tell(state: FollowedState, ends: ReadonlyMap<number | undefined, EscalationEnd>): void {
    const { messages, hasMore, lastSeq, openTurnId } = state;
    this.seenSeq = Math.max(this.seenSeq, lastSeq);
    for (const message of messages) {
      if (message.turn_id !== null && message.turn_id === this.turn?.turnId) this.turn.silence();
      const sender = this.own.senderOf(message.id);
      for (const member of [...this.members]) {
        const shownUpTo = ends.get(member.escalationId)?.endedSeq ?? lastSeq;
        if (member.toldSeq >= message.seq || message.seq > shownUpTo) continue;
        member.toldSeq = message.seq;
        if (sender === member.connection.id && member.escalationId === undefined) continue;
        this.emit(member, 'message-received', toSocketMessage(message, targetOf(member)));
        this.tools.sent(member);
      }
    }
    if (hasMore) this.isOutdated = true;
    // Deleted messages never come.
    else for (const member of this.members) member.toldSeq = Math.max(member.toldSeq, lastSeq);
    this.tellOwner(state);
    const shownSeq = hasMore ? (messages.at(-1)?.seq ?? 0) : lastSeq;
    for (const member of [...this.members]) {
      const end = ends.get(member.escalationId);
      if (end !== undefined && end.endedSeq <= shownSeq) this.end(member, end);
    }
    this.follow(openTurnId);
  }

  private tellOwner(state: FollowedState): void {
    // With news on the way it may have been read before people were asked; but where a person answers, that was afterwards.
    const mayBeOlder = this.isOutdated && state.owner === 'ai';
    const isAwaited = state.isPersonAwaited || (this.isPersonAwaited && mayBeOlder);
    const isOver = this.isPersonAwaited && !isAwaited;
    this.isPersonAwaited = isAwaited;
    if (this.owner === state.owner && !isOver) return;
    this.owner = state.owner;
    for (const member of [...this.members]) {
      const { conversationId } = this;
      this.emit(member, 'answered-by', { ...targetOf(member), conversationId, answeredBy: answeredBy(state) });
    }
  }

  private end(member: Member, { id: escalationId, status, reason }: EscalationEnd): void {
    const { workspaceId, conversationId } = this;
    this.tellChanged(member, { workspaceId, escalationId, conversationId, status, reason });
    this.tools.dismiss(member, status);
  }

  private tellChanged(member: Member, changed: EscalationChanged): void {
    // Who is shown as present is told by the inbox.
    if (member.connection.data.presentIn.includes(changed.workspaceId)) return;
    this.emit(member, 'escalation-changed', changed);
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
      if (status === 'handed_off') this.emit(member, 'turn-handed-off', ended);
      if (status === 'cancelled') this.emit(member, 'turn-cancelled', ended);
      if (status === 'merged' && mergedIntoId !== null) this.emit(member, 'turn-merged', { ...ended, mergedIntoId });
    }
  }

  /** Of all that happens to it the customer is told of its beginning, of who answers, and, as messages, of what people say. */
  private onEscalation(changed: EscalationChangedEvent): void {
    const { escalationId, workspaceId, conversationId, status, reason } = changed;
    const isNew = status === 'open' && escalationId > this.toldEscalation;
    const isOver = status === 'resolved' || status === 'returned';
    if (isNew) {
      this.toldEscalation = escalationId;
      this.isPersonAwaited = true;
    }
    for (const member of [...this.members]) {
      if (member.escalationId === undefined) {
        if (isNew) this.emit(member, 'escalation-needed', { ...targetOf(member), escalationId, reason });
        continue;
      }
      // Its end is told behind the last message that belongs to it.
      if (member.escalationId !== escalationId || isOver) continue;
      this.tellChanged(member, { workspaceId, escalationId, conversationId, status, reason });
      this.tools.changed(member);
    }
    this.refresh();
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
