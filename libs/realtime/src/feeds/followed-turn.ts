import type { FeedEvent, OpenFeed, TurnFeeds } from '@app/conversations';
import type { SeldomLog } from '@app/platform';
import { waitingBytes } from '../connections/raw-connection';
import type { Member } from '../connections/connection';
import { targetOf } from './member';

/** A client that is behind by more gets no text until it has read on; then what it missed comes in one piece. */
const MAX_WAITING_BYTES = 16 * 1024;

export type TurnEnd = Extract<FeedEvent, { type: 'end' }>['view'];

interface Hooks {
  members: readonly Member[];
  turnFeeds: TurnFeeds;
  trouble: SeldomLog;
  /** Text was held back from a slow client. */
  held(): void;
  /** The turn has its outcome; called once. */
  ended(view: TurnEnd): void;
  /** The turn could not be read, so nothing will be told of it. */
  lost(): void;
}

/** The reply that is being written in a followed conversation, told to all who follow it. */
export class FollowedTurn {
  private open: OpenFeed | undefined;
  private isClosed = false;
  /** Its outcome was told already, so its text is told no more. */
  private isSilent = false;

  constructor(
    readonly turnId: number,
    private readonly hooks: Hooks,
  ) {
    this.start().catch((error: unknown) => {
      hooks.trouble.warn(error);
      hooks.lost();
    });
  }

  /** For one that has just come: what there is of the text. */
  deliverTo(member: Member): void {
    if (this.open === undefined || this.isSilent) return;
    if (member.turnId !== this.turnId) Object.assign(member, { turnId: this.turnId, turnAfter: 0 });
    for (;;) {
      const event = this.open.feed.next(member.turnAfter);
      if (event === undefined || event.type === 'end') return;
      if (waitingBytes(member.connection) > MAX_WAITING_BYTES) return this.hooks.held();
      member.turnAfter = event.n;
      this.tell(member, event);
    }
  }

  /** No more text: the reply itself is told now. The turn's outcome will still be. */
  silence(): void {
    if (this.isSilent) return;
    this.isSilent = true;
    for (const member of this.hooks.members) {
      if (member.turnId === this.turnId && member.turnAfter > 0) this.tellTyping(member, false);
    }
  }

  close(): void {
    this.isClosed = true;
    this.open?.close();
    this.open = undefined;
  }

  private async start(): Promise<void> {
    const open = await this.hooks.turnFeeds.open(this.turnId);
    if (this.isClosed) return open?.close();
    this.open = open;
    open?.onChange(() => this.changed());
    this.changed();
  }

  private changed(): void {
    if (this.open === undefined) return;
    for (const member of this.hooks.members) this.deliverTo(member);
    const end = this.open.feed.isEnded ? this.open.feed.next(this.open.feed.lastNumber - 1) : undefined;
    if (end?.type !== 'end') return;
    this.silence();
    this.close();
    this.hooks.ended(end.view);
  }

  private tell(member: Member, event: Exclude<FeedEvent, { type: 'end' }>): void {
    const turn = { ...targetOf(member), turnId: this.turnId };
    switch (event.type) {
      case 'turn.started':
        this.tellTyping(member, true);
        break;
      case 'message.reset':
        member.connection.emit('message-reset', turn);
        break;
      case 'message.delta':
        member.connection.emit('message-delta', {
          ...turn,
          attempt: event.attempt,
          offset: event.offset,
          delta: event.delta,
        });
        break;
      case 'message.tool_call':
    }
  }

  private tellTyping(member: Member, isTyping: boolean): void {
    member.connection.emit('typing', { ...targetOf(member), from: 'assistant', isTyping });
  }
}
