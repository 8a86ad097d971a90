import { setTimeout as pause } from 'node:timers/promises';
import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { AppConfig } from '../config';

/**
 * Between "I am ending" and closing the port: `/health/ready` already says 503, answers already close their connections, and requests are still
 * taken. A load balancer that looks at it in this time sends nothing any more, so nothing runs into a closed port.
 */
@Injectable()
export class DrainPause implements BeforeApplicationShutdown {
  constructor(private readonly config: AppConfig) {}

  async beforeApplicationShutdown(): Promise<void> {
    await pause(this.config.http.drainMs);
  }
}
