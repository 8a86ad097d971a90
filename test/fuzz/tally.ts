import { type FuzzRequest, nameOf } from './fuzz-request';
import type { Reply } from './wire';

/** What was asked and answered: shows whether the fuzzer still reaches every operation. */
export class Tally {
  requests = 0;
  slowestMs = 0;
  private readonly statuses = new Map<string, Map<number, number>>();

  count(request: FuzzRequest, reply: Reply | null, ms: number): void {
    this.requests += 1;
    this.slowestMs = Math.max(this.slowestMs, ms);
    const name = request.documented === null ? 'no such operation' : nameOf(request.documented);
    const counts = this.statuses.get(name) ?? new Map<number, number>();
    this.statuses.set(name, counts);
    const status = reply?.status ?? 0;
    counts.set(status, (counts.get(status) ?? 0) + 1);
  }

  /** Operations that never answered with a status of this hundred. */
  without(hundred: 2 | 4, operations: string[]): string[] {
    return operations.filter((name) => {
      const statuses = [...(this.statuses.get(name)?.keys() ?? [])];
      return !statuses.some((status) => Math.floor(status / 100) === hundred);
    });
  }

  /** A line per operation: how often which status. `cut` stands for exchanges without an answer, because the client went away. */
  toString(): string {
    const lines = [...this.statuses].sort().map(([name, counts]) => {
      const parts = [...counts]
        .sort(([a], [b]) => a - b)
        .map(([status, count]) => `${status === 0 ? 'cut' : status}×${count}`);
      return `  ${name.padEnd(58)} ${parts.join(' ')}`;
    });
    return `${this.requests} requests, the slowest answered after ${Math.round(this.slowestMs)} ms\n${lines.join('\n')}`;
  }
}
