import { Injectable, type OnApplicationBootstrap, Optional } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import { AppConfig } from './config';
import { connectionBudget, connectionWarning, Database, readServerLimits } from './database';
import { JobWorker } from './queue';

/** Says at the start when PostgreSQL has too few connections for the processes that run: better than to find out under load. */
@Injectable()
export class ConnectionCheck implements OnApplicationBootstrap {
  constructor(
    private readonly config: AppConfig,
    private readonly database: Database,
    private readonly logger: PinoLogger,
    @Optional() private readonly worker?: JobWorker,
  ) {}

  onApplicationBootstrap(): void {
    // Advice only: nobody waits for it, and without an answer the start goes on.
    readServerLimits(this.database, this.worker !== undefined).then(
      (limits) => {
        const warning = connectionWarning(connectionBudget(this.config), limits);
        if (warning !== undefined) this.logger.warn(warning);
      },
      (error: unknown) => this.logger.debug({ err: error }, 'the connections of PostgreSQL were not counted'),
    );
  }
}
