import { Global, Module, type OnModuleInit } from '@nestjs/common';
import { EventsBus } from '../events/events-bus';
import { EventsModule } from '../events/events.module';
import { JobQueue } from './job-queue';
import { JobWorker } from './job-worker';
import { QueueBoard } from './queue-board';
import { QueueProbe } from './queue-probe';

/** Puts jobs in; for every process. */
@Global()
@Module({
  imports: [EventsModule],
  providers: [JobQueue, QueueBoard, QueueProbe],
  exports: [JobQueue, QueueBoard, QueueProbe],
})
export class QueueModule {}

/** Takes jobs out; for processes that work. */
@Global()
@Module({ imports: [QueueModule, EventsModule], providers: [JobWorker], exports: [JobWorker] })
export class QueueWorkerModule implements OnModuleInit {
  constructor(
    private readonly worker: JobWorker,
    private readonly events: EventsBus,
  ) {}

  onModuleInit(): void {
    this.worker.register('queue.probe', ({ probeId }) => {
      this.events.publish({ type: 'queue.probe-answered', probeId });
      return Promise.resolve();
    });
  }
}
