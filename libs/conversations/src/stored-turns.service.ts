import { Injectable } from '@nestjs/common';
import {
  type StoredTurn,
  type StoredTurnPlace,
  type StoredTurnsFilter,
  StoredTurnsRepository,
} from './persistence/stored-turns.repository';

/** So many at a time: a few milliseconds of the database, and of this process. */
const BATCH = 1000;
const BEGINNING: StoredTurnPlace = { conversationId: 0, seq: 0, turnId: 0 };

/** What was said before, for those who ask what would have become of it. */
@Injectable()
export class StoredTurns {
  constructor(private readonly repository: StoredTurnsRepository) {}

  /** All of them from a place on, in the order of their conversations. The caller makes sure that the reader is an owner of the workspace. */
  async *read(filter: StoredTurnsFilter, from?: StoredTurnPlace): AsyncGenerator<StoredTurn, void> {
    let place = from ?? BEGINNING;
    let next = this.batch(filter, place);
    for (;;) {
      const turns = await next;
      const last = turns.at(-1);
      if (last === undefined) return;
      place = last;
      const isLast = turns.length < BATCH;
      // The database reads on while these are looked at.
      if (!isLast) next = this.batch(filter, place);
      yield* turns;
      if (isLast) return;
    }
  }

  private batch(filter: StoredTurnsFilter, place: StoredTurnPlace): Promise<StoredTurn[]> {
    const batch = this.repository.after(filter, place, BATCH);
    // Whoever reads may stop before it is there.
    batch.catch(() => undefined);
    return batch;
  }
}
