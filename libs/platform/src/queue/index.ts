export { JobQueue, type AddOptions } from './job-queue';
export { JobWorker } from './job-worker';
export { type BoardAnswer, QueueBoard } from './queue-board';
export { QUEUE_SCHEMA } from './queue-options';
export { QueueProbe } from './queue-probe';
export { QueueModule, QueueWorkerModule } from './queue.module';
