import { AsyncLocalStorage } from 'node:async_hooks';
import { Database } from '@app/platform';
import { Injectable } from '@nestjs/common';

/** Ids that are taken from the sequence at a time; what a process does not use is a gap that nobody sees. */
const BLOCK = 200;
const REFILL_BELOW = 50;

/**
 * Ids of messages before there are messages: an encrypted one is bound to its id, so it has to be known first. They come in blocks, so that
 * only the first one of a process costs a round trip. They do not grow with time then; nothing relies on that, `seq` says the order.
 */
@Injectable()
export class MessageIds {
  private free: number[] = [];
  private isRefilling = false;
  /** Whoever happens to ask may be in a transaction that is over before the next block is there. */
  private readonly outside = AsyncLocalStorage.snapshot();

  constructor(private readonly database: Database) {}

  async next(): Promise<number> {
    let id = this.free.pop();
    while (id === undefined) {
      // On the caller's own connection: waiting for a second one inside a transaction could wait for ever.
      this.free.push(...(await this.block()));
      id = this.free.pop();
    }
    if (this.free.length < REFILL_BELOW) this.refill();
    return id;
  }

  private refill(): void {
    if (this.isRefilling) return;
    this.isRefilling = true;
    this.outside(() => this.block())
      .then((ids) => this.free.unshift(...ids))
      // Whoever finds none asks for himself.
      .catch(() => undefined)
      .finally(() => (this.isRefilling = false));
  }

  private async block(): Promise<number[]> {
    const rows = await this.database.query<{ id: number }>(
      `SELECT nextval('messages_id_seq') AS id FROM generate_series(1, ${BLOCK})`,
    );
    return rows.map(({ id }) => id).reverse();
  }
}
