import { EventsBus, SeldomLog } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import { SealedTexts } from '../persistence/sealed-texts';
import { StreamChunksRepository } from '../persistence/stream-chunks.repository';
import { TurnsRepository, type TurnViewRow } from '../persistence/turns.repository';
import { TurnWaiter } from '../turn-waiter';
import { TurnFeed } from './turn-feed';

/** A missing entry is looked for in the database after this; workers store every 250 ms. */
const REPAIR_MS = 150;
/** While nothing comes of an open turn, its worker is asked again: the first request may have been lost. */
const ASK_AGAIN_MS = 2_000;
/** The turn's end is told by an event; whatever is missed, `TurnWaiter` looks into the database every second. */
const LONGEST_WAIT_MS = 2 ** 31 - 1;

/** A feed in use, and how to let go of it. */
export interface OpenFeed {
  feed: TurnFeed;
  /** The turn as it was when this process began to follow it. */
  view: TurnViewRow;
  /** Called after every change. */
  onChange(listener: () => void): void;
  close(): void;
}

/** Follows turns for the readers of this process: one feed per turn, however many read it. */
@Injectable()
export class TurnFeeds {
  private readonly followed = new Map<number, FollowedTurn>();
  private readonly trouble: SeldomLog;

  constructor(
    private readonly events: EventsBus,
    private readonly chunks: StreamChunksRepository,
    private readonly turns: TurnsRepository,
    private readonly texts: SealedTexts,
    private readonly waiter: TurnWaiter,
    logger: PinoLogger,
  ) {
    this.trouble = new SeldomLog(logger, 'a turn that is watched could not be read; trying again');
  }

  /** Everything that is known of the turn is in the feed when this resolves; undefined when there is no such turn. Whose it is, the caller checks. */
  async open(turnId: number): Promise<OpenFeed | undefined> {
    const followed = this.followed.get(turnId) ?? this.follow(turnId);
    followed.users += 1;
    let own: (() => void) | undefined;
    const close = (): void => {
      if (own !== undefined) followed.listeners.delete(own);
      if ((followed.users -= 1) > 0) return;
      followed.stop();
      this.followed.delete(turnId);
    };
    let view: TurnViewRow | undefined;
    try {
      view = await followed.ready;
    } finally {
      if (view === undefined) close();
    }
    if (view === undefined) return undefined;
    const onChange = (listener: () => void): void => {
      own = listener;
      followed.listeners.add(listener);
    };
    return { feed: followed.feed, view, onChange, close };
  }

  private follow(turnId: number): FollowedTurn {
    const followed = new FollowedTurn(
      turnId,
      this.events,
      this.chunks,
      this.turns,
      this.texts,
      this.waiter,
      this.trouble,
    );
    this.followed.set(turnId, followed);
    followed.ready = followed.start();
    return followed;
  }
}

class FollowedTurn {
  readonly feed = new TurnFeed();
  readonly listeners = new Set<() => void>();
  users = 0;
  ready: Promise<TurnViewRow | undefined> = Promise.resolve(undefined);
  private heardAt = performance.now();
  private repairing: NodeJS.Timeout | undefined;
  private lastView: TurnViewRow | undefined;
  private readonly asking: NodeJS.Timeout;
  private readonly stopped = new AbortController();
  private readonly unsubscribe: () => void;

  constructor(
    private readonly turnId: number,
    private readonly events: EventsBus,
    private readonly chunks: StreamChunksRepository,
    private readonly turns: TurnsRepository,
    private readonly texts: SealedTexts,
    private readonly waiter: TurnWaiter,
    private readonly trouble: SeldomLog,
  ) {
    this.unsubscribe = events.subscribe(`turn-progress:${turnId}`, (event) => {
      if (event.type !== 'turn.progress') return;
      this.heardAt = performance.now();
      const entries = event.sealed === undefined ? event.entries : this.texts.openedProgress(this.turnId, event.sealed);
      this.feed.take(event.attempt, entries);
      this.repairLater();
      this.changed();
    });
    this.asking = setInterval(() => {
      if (performance.now() - this.heardAt >= ASK_AGAIN_MS) this.ask();
    }, ASK_AGAIN_MS);
  }

  async start(): Promise<TurnViewRow | undefined> {
    // Listens before it looks: the end may come in between.
    void this.waitForEnd();
    const view = await this.turns.view(this.turnId);
    if (view === undefined) return undefined;
    this.lastView = view;
    if (view.turn.finished_at === null && !view.turn.is_watched) {
      await this.turns.markWatched(this.turnId);
      this.ask();
    }
    await this.readStored();
    if (view.turn.finished_at !== null) this.end(view);
    return view;
  }

  stop(): void {
    this.stopped.abort();
    this.unsubscribe();
    clearInterval(this.asking);
    clearTimeout(this.repairing);
  }

  private ask(): void {
    this.events.publish({ type: 'turn.watched', turnId: this.turnId });
  }

  private changed(): void {
    for (const listener of this.listeners) listener();
  }

  private async readStored(): Promise<void> {
    for (const { attempt, entries } of await this.chunks.after(this.turnId, this.feed.lastNumber)) {
      this.feed.take(attempt, entries);
    }
  }

  /** Asks the database for what did not come. */
  private repairLater(): void {
    if (this.repairing !== undefined || this.stopped.signal.aborted || !this.feed.hasGap || this.feed.isEnded) return;
    this.repairing = setTimeout(() => {
      this.readStored()
        .catch((error: unknown) => this.trouble.warn(error))
        .finally(() => {
          this.repairing = undefined;
          this.changed();
          this.repairLater();
        });
    }, REPAIR_MS);
  }

  private async waitForEnd(): Promise<void> {
    while (await this.waiter.waitFor(this.turnId, LONGEST_WAIT_MS, this.stopped.signal)) {
      try {
        const view = (await this.turns.view(this.turnId)) ?? erased(this.lastView);
        if (view === undefined || view.turn.finished_at !== null) return this.end(view);
      } catch (error) {
        this.trouble.warn(error);
      }
    }
  }

  private end(view: TurnViewRow | undefined): void {
    clearInterval(this.asking);
    if (view === undefined) return;
    this.feed.finish(view);
    this.changed();
  }
}

/** The conversation was erased while somebody watched. */
const erased = (view: TurnViewRow | undefined): TurnViewRow | undefined =>
  view && {
    ...view,
    turn: { ...view.turn, status: 'cancelled', finished_at: new Date() },
    user_message: null,
    assistant_message: null,
    hand_off_notice: null,
  };
