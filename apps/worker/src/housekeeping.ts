import { LoginsRepository } from '@app/auth';
import { JobQueue, JobWorker } from '@app/platform';
import { Injectable, type OnApplicationBootstrap, type OnModuleInit } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';

const HOUR_MS = 3_600_000;

/** Work that comes by the clock. */
@Injectable()
export class Housekeeping implements OnModuleInit, OnApplicationBootstrap {
  constructor(
    private readonly worker: JobWorker,
    private readonly queue: JobQueue,
    private readonly logins: LoginsRepository,
    private readonly logger: PinoLogger,
  ) {}

  onModuleInit(): void {
    this.worker.register('logins.clean-up', async () => {
      await this.logins.deleteExpired();
    });
  }

  onApplicationBootstrap(): void {
    this.queue.schedule('logins.clean-up', {}, HOUR_MS).catch((error: unknown) => {
      this.logger.warn({ err: error }, 'the clean-up of logins was not scheduled; the next start tries again');
    });
  }
}
