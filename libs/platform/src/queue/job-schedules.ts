import type { JobName } from '@app/contracts';
import type { Queue } from 'bullmq';

/** A queue that was emptied has lost its schedules too; this is how soon that is noticed. */
const RENEW_MS = 300_000;
const RETRY_MS = 10_000;

interface Schedule {
  name: JobName;
  data: object;
  everyMs: number;
}

/** Jobs that come by the clock. They are put in again when the queue has lost them, or was away when they were first asked for. */
export class JobSchedules {
  private readonly schedules = new Map<JobName, Schedule>();
  private timer: NodeJS.Timeout | undefined;
  private isClosed = false;

  constructor(
    private readonly queue: Queue,
    private readonly onTrouble: (error: unknown) => void,
    private readonly renewMs = RENEW_MS,
  ) {}

  /** A schedule of the same name takes the place of the former. */
  add(schedule: Schedule): void {
    this.schedules.set(schedule.name, schedule);
    this.renewIn(0);
  }

  close(): void {
    this.isClosed = true;
    clearTimeout(this.timer);
  }

  private renewIn(delayMs: number): void {
    clearTimeout(this.timer);
    if (this.isClosed) return;
    this.timer = setTimeout(() => {
      this.renew().then(
        () => this.renewIn(this.renewMs),
        (error: unknown) => {
          if (!this.isClosed) this.onTrouble(error);
          this.renewIn(RETRY_MS);
        },
      );
    }, delayMs);
    this.timer.unref();
  }

  private async renew(): Promise<void> {
    for (const { name, data, everyMs } of this.schedules.values()) {
      // Only when it is missing: putting it in again would begin its interval anew.
      const existing = await this.queue.getJobScheduler(name);
      if (existing?.every === everyMs) continue;
      const opts = { removeOnComplete: true, removeOnFail: { count: 10 } };
      await this.queue.upsertJobScheduler(name, { every: everyMs }, { name, data, opts });
    }
  }
}
