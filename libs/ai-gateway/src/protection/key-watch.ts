import { hideFromLogs, readKeyFile } from '@app/platform';
import type { PinoLogger } from 'nestjs-pino';
import type { ApiKeys } from '../provider';

/** A mounted secret is replaced by renaming a directory, which file events miss; a look costs nothing. */
const LOOK_EVERY_MS = 2000;

/** Brings the keys of a file into use when it changes. A file that is gone or broken changes nothing. */
export class KeyWatch {
  private timer: NodeJS.Timeout | undefined;
  private lastProblem: string | null = null;

  constructor(
    private readonly path: string,
    private readonly keys: ApiKeys,
    private readonly logger: PinoLogger,
    private current: readonly string[],
  ) {}

  start(): void {
    this.timer = setInterval(() => this.look(), LOOK_EVERY_MS);
    this.timer.unref();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  /** @returns whether there are other keys than before */
  look(): boolean {
    const read = readKeyFile(this.path);
    if (!Array.isArray(read)) {
      this.complain(read.problem);
      return false;
    }
    this.lastProblem = null;
    if (read.length === this.current.length && read.every((key, index) => key === this.current[index])) return false;
    this.current = read;
    read.forEach(hideFromLogs);
    this.keys.replace(read);
    this.logger.info({ keys: read.length }, 'OPENAI_API_KEY_FILE has changed: its keys are in use from now on');
    return true;
  }

  private complain(problem: string): void {
    if (problem === this.lastProblem) return;
    this.lastProblem = problem;
    this.logger.error(`OPENAI_API_KEY_FILE ${problem}; the keys that were read before stay in use`);
  }
}
