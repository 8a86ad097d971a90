import { badInput } from '@app/kernel';
import { AppConfig, type Principal } from '@app/platform';
import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { tooManyStreams, turnForbidden, turnNotFound } from '../conversations.errors';
import type { ShowEvent } from './turn-events';
import { TurnEventStream } from './event-stream';
import { UNSTORED_NUMBERS } from './outgoing-stream';
import { type OpenFeed, TurnFeeds } from './turn-feeds';

/** Streams of turns for people, with what they may see and how many at once. */
@Injectable()
export class TurnEventsService implements BeforeApplicationShutdown {
  private readonly openByUser = new Map<number, number>();
  private readonly streams = new Set<TurnEventStream>();
  private isClosing = false;

  constructor(
    private readonly feeds: TurnFeeds,
    private readonly config: AppConfig,
  ) {}

  /** @throws 429 when this user has too many streams open; call it before a message is accepted that is to be streamed */
  refuseTooMany(principal: Principal): void {
    if (!this.hasRoom(principal)) throw tooManyStreams(this.config.limits.streamsPerUser);
  }

  hasRoom(principal: Principal): boolean {
    return (this.openByUser.get(principal.userId) ?? 0) < this.config.limits.streamsPerUser;
  }

  /**
   * @param after number of the last event that the reader knows, 0 for none
   * @param field where the number came from, for the error
   * @param show what the reader is sent for an event
   */
  async open(
    principal: Principal,
    turnId: number,
    after: number,
    field: string,
    show?: ShowEvent,
  ): Promise<TurnEventStream> {
    this.refuseTooMany(principal);
    // Counted before anything is waited for: many requests at once are many.
    this.count(principal.userId, 1);
    const release = (): void => this.count(principal.userId, -1);
    const open = await this.openFeed(principal, turnId, after, field).catch((error: unknown) => {
      release();
      throw error;
    });
    const stream = new TurnEventStream(open, after, show);
    this.streams.add(stream);
    stream.once('close', () => {
      release();
      this.streams.delete(stream);
    });
    if (this.isClosing) stream.endEarly();
    return stream;
  }

  /** Before the server closes, readers are sent to another process. */
  beforeApplicationShutdown(): void {
    this.isClosing = true;
    for (const stream of this.streams) stream.endEarly();
  }

  private async openFeed(principal: Principal, turnId: number, after: number, field: string): Promise<OpenFeed> {
    const open = await this.feeds.open(turnId);
    if (open === undefined) throw turnNotFound(turnId);
    const refusal =
      open.view.turn.user_id !== principal.userId
        ? turnForbidden(turnId)
        : !open.feed.knows(after, UNSTORED_NUMBERS)
          ? badInput(field, `turn ${turnId} has had no event ${after}. Leave it out to get everything from the start.`)
          : undefined;
    if (refusal === undefined) return open;
    open.close();
    throw refusal;
  }

  private count(userId: number, change: number): void {
    const open = (this.openByUser.get(userId) ?? 0) + change;
    if (open > 0) this.openByUser.set(userId, open);
    else this.openByUser.delete(userId);
  }
}
