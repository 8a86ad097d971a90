import type { HeardPost } from './heard-posts.service';

/** Posts that wait while earlier ones are taken in. A post has about 2 KB. */
const MAX_WAITING = 1000;

/** What is heard, for whoever takes it in, one after the other. */
export class PostQueue {
  private waiting: HeardPost[] = [];
  private isClosed = false;
  private isOverfull = false;
  private wake: (() => void) | undefined;

  push(heard: HeardPost): void {
    if (this.isOverfull) return;
    this.waiting.push(heard);
    if (this.waiting.length > MAX_WAITING) {
      this.isOverfull = true;
      this.waiting = [];
    }
    this.wake?.();
  }

  close(): void {
    this.isClosed = true;
    this.wake?.();
  }

  /**
   * Everything that waits, as soon as there is something.
   * @returns `look`: it took `patienceMs`, or too much came at once, so that what there is has to be looked up; `closed` when no more comes
   */
  async next(patienceMs: number): Promise<HeardPost[] | 'look' | 'closed'> {
    if (this.waiting.length === 0 && !this.isClosed && !this.isOverfull) await this.change(patienceMs);
    if (this.isOverfull) {
      this.isOverfull = false;
      return 'look';
    }
    if (this.waiting.length > 0) return this.waiting.splice(0);
    return this.isClosed ? 'closed' : 'look';
  }

  private change(patienceMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, patienceMs);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
