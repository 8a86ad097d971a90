import { Injectable } from '@nestjs/common';
import { type FollowedPlace, FollowedRepository, type FollowedState } from './persistence/followed.repository';

/** Reads of one process that are on their way at the same time; each holds a connection of the pool. */
const MAX_READS = 2;
/** Conversations of one statement: with the longest pages it still answers in a few milliseconds. */
const MAX_PLACES = 50;

interface Waiting {
  place: FollowedPlace;
  resolve: (state: FollowedState | undefined) => void;
  reject: (error: unknown) => void;
}

/** Reads conversations for those who follow them. What is asked for while a read is on its way goes with the next one. */
@Injectable()
export class FollowedConversations {
  private waiting: Waiting[] = [];
  private reads = 0;

  constructor(private readonly followed: FollowedRepository) {}

  /**
   * The conversation now: what came after a place, at most 200 messages, or its newest 50. Undefined when it is not there (any more).
   * The caller has made sure that it may be read.
   */
  read(place: FollowedPlace): Promise<FollowedState | undefined> {
    const { promise, resolve, reject } = Promise.withResolvers<FollowedState | undefined>();
    this.waiting.push({ place, resolve, reject });
    // Not in the same tick: what is asked for together is read together.
    if (this.waiting.length === 1) setImmediate(() => this.next());
    return promise;
  }

  private next(): void {
    while (this.reads < MAX_READS && this.waiting.length > 0) {
      const asked = this.waiting.splice(0, MAX_PLACES);
      this.reads += 1;
      void this.answer(asked).finally(() => {
        this.reads -= 1;
        this.next();
      });
    }
  }

  private async answer(asked: readonly Waiting[]): Promise<void> {
    try {
      const states = await this.followed.read(asked.map(({ place }) => place));
      asked.forEach(({ resolve }, index) => resolve(states[index]));
    } catch (error) {
      for (const { reject } of asked) reject(error);
    }
  }
}
