import { uploadReadsBusy } from './uploads.errors';

/** Pictures that one process has in memory at the same time because somebody reads them: at most 200 MB with the default UPLOAD_MAX_BYTES. */
const MAX_AT_ONCE = 20;
/** Of them, for one user: a page with many pictures must not keep others from theirs. Browsers open six connections. */
const MAX_PER_USER = 6;
/** Whoever waits holds no picture yet. */
const MAX_WAITING = 200;
const MAX_WAIT_MS = 10_000;
/** A picture that is not read in this time is not held any longer. */
export const MAX_READ_MS = 60_000;

interface Waiter {
  userId: number;
  enter(): void;
}

/** Bounds how many pictures are in memory because people read them. Others wait for their turn, for a while. */
export class UploadReads {
  private readonly perUser = new Map<number, number>();
  private waiting: Waiter[] = [];
  private held = 0;

  constructor(private readonly maxWaitMs = MAX_WAIT_MS) {}

  /**
   * @param signal aborted when the reader has gone
   * @returns gives the place back; calling it twice does no harm
   * @throws 503 UPLOAD.BUSY when there is no place in time
   */
  async enter(userId: number, signal?: AbortSignal): Promise<() => void> {
    if (this.hasRoomFor(userId)) this.take(userId);
    else if (this.waiting.length >= MAX_WAITING) throw uploadReadsBusy();
    else await this.wait(userId, signal);
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      this.giveBack(userId);
    };
  }

  private wait(userId: number, signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        this.waiting = this.waiting.filter((other) => other !== waiter);
        clearTimeout(timer);
        signal?.removeEventListener('abort', giveUp);
      };
      const giveUp = (): void => {
        leave();
        reject(uploadReadsBusy());
      };
      const waiter = { userId, enter: () => (leave(), this.take(userId), resolve()) };
      const timer = setTimeout(giveUp, this.maxWaitMs);
      signal?.addEventListener('abort', giveUp, { once: true });
      this.waiting.push(waiter);
    });
  }

  private hasRoomFor(userId: number): boolean {
    return this.held < MAX_AT_ONCE && (this.perUser.get(userId) ?? 0) < MAX_PER_USER;
  }

  private take(userId: number): void {
    this.held += 1;
    this.perUser.set(userId, (this.perUser.get(userId) ?? 0) + 1);
  }

  private giveBack(userId: number): void {
    this.held -= 1;
    const left = (this.perUser.get(userId) ?? 1) - 1;
    if (left > 0) this.perUser.set(userId, left);
    else this.perUser.delete(userId);
    this.waiting.find((waiter) => this.hasRoomFor(waiter.userId))?.enter();
  }
}
