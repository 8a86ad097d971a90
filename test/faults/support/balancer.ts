import { setTimeout as pause } from 'node:timers/promises';
import { eventually } from '../../support/process';
import { ask } from './http';

const LOOK_EVERY_MS = 100;
const ANSWER_WITHIN_MS = 2000;

/** Knows which apis are ready, as a load balancer does: by asking them all the time. */
export class Balancer {
  private ready: string[] = [];
  private readonly stopping = new AbortController();
  private watching: Promise<void> = Promise.resolve();

  private constructor(private readonly all: () => string[]) {}

  static async start(all: () => string[]): Promise<Balancer> {
    const balancer = new Balancer(all);
    await balancer.look();
    balancer.watching = balancer.watch();
    return balancer;
  }

  /** Where a request may go now; everywhere when nobody is ready. */
  urls(): string[] {
    return this.ready.length > 0 ? this.ready : this.all();
  }

  /** Resolves when all of these are ready in its eyes. */
  async sees(urls: string[]): Promise<void> {
    const look = (): true | undefined => (urls.every((url) => this.ready.includes(url)) ? true : undefined);
    await eventually(look, 'the balancer sees everybody');
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.watching;
  }

  private async watch(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      await pause(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined);
      await this.look();
    }
  }

  private async look(): Promise<void> {
    const urls = this.all();
    const answers = await Promise.all(
      urls.map((url) => ask('GET', `${url}/health/ready`, { timeoutMs: ANSWER_WITHIN_MS })),
    );
    this.ready = urls.filter((_, index) => answers[index]?.status === 200);
  }
}
