import { EventsBus, SeldomLog } from '@app/platform';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import { SealedTexts } from '../persistence/sealed-texts';
import { type StreamChunk, StreamChunksRepository } from '../persistence/stream-chunks.repository';
import type { BegunTurn } from '../persistence/turn-work';
import {
  deltaIntervalMs,
  type EarlierEntries,
  MAX_DELTA_UNITS,
  MAX_ENCRYPTED_DELTA_UNITS,
  OutgoingStream,
  UNSTORED_NUMBERS,
} from './outgoing-stream';

/** How often what was told is written down, one statement for all turns of the process. */
const STORE_EVERY_MS = 250;
/** At 25 a second, eleven hours. */
const MOST_NUMBERS_OF_AN_ATTEMPT = 1_000_000;

/** The replies that this process is writing, as their watchers see them. */
@Injectable()
export class OutgoingStreams implements OnApplicationShutdown {
  private readonly streams = new Map<OutgoingStream, () => void>();
  /** Those of encrypted conversations. */
  private readonly encrypted = new WeakSet<OutgoingStream>();
  /** Ended, with entries that are not stored yet. */
  private readonly leftovers = new Set<OutgoingStream>();
  private watched = 0;
  private timer: NodeJS.Timeout | undefined;
  private storing: Promise<void> | undefined;
  private readonly unstored: SeldomLog;

  constructor(
    private readonly chunks: StreamChunksRepository,
    private readonly texts: SealedTexts,
    private readonly events: EventsBus,
    logger: PinoLogger,
  ) {
    this.unstored = new SeldomLog(logger, 'what watchers of replies were told was not stored; trying again');
  }

  /** @param onCancel called when the turn is asked to stop */
  async open(turn: BegunTurn, onCancel: () => void): Promise<OutgoingStream> {
    const maxUnits = turn.isEncrypted ? MAX_ENCRYPTED_DELTA_UNITS : MAX_DELTA_UNITS;
    const stream = new OutgoingStream(
      turn.turnId,
      turn.attempt,
      {
        emit: (entries) => {
          this.schedule();
          // One by one: each fits a notification, together they may not.
          for (const entry of entries) {
            this.events.publish({
              type: 'turn.progress',
              turnId: turn.turnId,
              attempt: stream.attempt,
              ...(turn.isEncrypted
                ? { entries: [], sealed: this.texts.progress(turn.turnId, [entry]) }
                : { entries: [entry] }),
            });
          }
        },
        intervalMs: () => deltaIntervalMs(this.watched),
      },
      maxUnits,
    );
    if (turn.isEncrypted) this.encrypted.add(stream);
    // Before anything is waited for: an order that comes meanwhile must be heard.
    const unsubscribe = this.events.subscribe(`turn-orders:${turn.turnId}`, (event) => {
      if (event.type === 'turn.cancel-requested') onCancel();
      else void this.watch(stream, turn).catch((error: unknown) => this.unstored.warn(error));
    });
    this.streams.set(stream, unsubscribe);
    if (turn.isWatched) await this.watch(stream, turn);
    return stream;
  }

  /** Ends the stream; its last text is on its way when this returns, and stored when the promise is awaited. */
  async close(stream: OutgoingStream): Promise<void> {
    this.streams.get(stream)?.();
    if (this.streams.delete(stream) && stream.isBeingWatched) this.watched -= 1;
    stream.end();
    if (stream.unstored.length === 0) return;
    this.leftovers.add(stream);
    await this.store();
  }

  /** Forgets what ended long ago; a stream is read from the turn's row then. */
  async removeOlderThan(ageMs: number): Promise<void> {
    await this.chunks.removeOlderThan(ageMs);
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.store();
  }

  private async watch(stream: OutgoingStream, turn: BegunTurn): Promise<void> {
    const earlier = turn.attempt === 1 ? undefined : await this.earlierEntries(turn);
    if (stream.isBeingWatched || !this.streams.has(stream)) return;
    this.watched += 1;
    stream.watch(earlier);
  }

  /** Readers know the numbers of earlier attempts, so this one goes on after them. */
  private async earlierEntries(turn: BegunTurn): Promise<EarlierEntries> {
    const entries = (await this.chunks.after(turn.turnId, 0)).flatMap((chunk) => chunk.entries);
    const last = entries.at(-1);
    // Nobody watched, or what was told was not stored: higher than any number that can have been told.
    if (last === undefined) return { lastNumber: (turn.attempt - 1) * MOST_NUMBERS_OF_AN_ATTEMPT, showedText: true };
    return {
      // A worker that died may have told a little more than it stored.
      lastNumber: last.n + (turn.isTakeover ? UNSTORED_NUMBERS : 0),
      showedText: turn.isTakeover || entries.some((entry) => entry.kind === 'delta'),
    };
  }

  private schedule(): void {
    this.timer ??= setInterval(() => void this.store(), STORE_EVERY_MS);
  }

  private async store(): Promise<void> {
    // What came while a statement was on its way goes with the next.
    if (this.storing !== undefined) await this.storing;
    this.storing ??= this.storeNow().finally(() => (this.storing = undefined));
    await this.storing;
  }

  private async storeNow(): Promise<void> {
    const streams = [...this.streams.keys(), ...this.leftovers].filter((stream) => stream.unstored.length > 0);
    if (streams.length === 0) {
      clearInterval(this.timer);
      this.timer = undefined;
      return;
    }
    const chunks = streams.map((stream): StreamChunk => ({
      turnId: stream.turnId,
      attempt: stream.attempt,
      entries: [...stream.unstored],
      isEncrypted: this.encrypted.has(stream),
    }));
    try {
      await this.chunks.add(chunks);
    } catch (error) {
      this.unstored.warn(error);
      return;
    }
    streams.forEach((stream, index) => {
      stream.unstored = stream.unstored.slice(chunks[index]!.entries.length);
      if (stream.unstored.length === 0) this.leftovers.delete(stream);
    });
  }
}
