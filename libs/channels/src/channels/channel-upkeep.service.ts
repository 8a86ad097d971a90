import { JobWorker } from '@app/platform';
import { Injectable, type OnModuleInit } from '@nestjs/common';

/** The job `channels.upkeep`: parts of the library say at the start what they want done. It comes about every two seconds, also at several workers at once. */
@Injectable()
export class ChannelUpkeep implements OnModuleInit {
  private readonly tasks = new Map<string, () => Promise<void>>();

  constructor(private readonly worker: JobWorker) {}

  onModuleInit(): void {
    this.worker.register('channels.upkeep', () => this.run());
  }

  /** @param name for people, in errors. @param task safe to run twice and in parallel, and bounded */
  register(name: string, task: () => Promise<void>): void {
    if (this.tasks.has(name)) throw new Error(`Two tasks of channels are called ${name}.`);
    this.tasks.set(name, task);
  }

  /** One that fails does not keep the others from their work. */
  private async run(): Promise<void> {
    const failures: unknown[] = [];
    const names: string[] = [];
    for (const [name, task] of this.tasks) {
      try {
        await task();
      } catch (error) {
        failures.push(error);
        names.push(name);
      }
    }
    if (failures.length > 0) throw new AggregateError(failures, `Upkeep of channels failed: ${names.join(', ')}.`);
  }
}
