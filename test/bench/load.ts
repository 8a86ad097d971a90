import { Agent, request as httpRequest, type IncomingMessage } from 'node:http';

export interface LoadResult {
  perSecond: number;
  p50: number;
  p95: number;
  p99: number;
  count: number;
  /** In the order in which they were finished; milliseconds. */
  latencies: number[];
}

/** One request, read to its end; rejects on any status other than 200. */
export type Shot = (worker: number) => Promise<void>;

/** Keeps `inFlight` requests going until the time is over, or as long as it is told to; each finished one starts the next. */
export async function closedLoop(shot: Shot, inFlight: number, until: number | (() => boolean)): Promise<LoadResult> {
  const latencies: number[] = [];
  const startedAt = performance.now();
  const goesOn = typeof until === 'number' ? () => performance.now() < startedAt + until : until;
  await Promise.all(
    Array.from({ length: inFlight }, async (_, worker) => {
      while (goesOn()) {
        const sentAt = performance.now();
        await shot(worker);
        latencies.push(performance.now() - sentAt);
      }
    }),
  );
  return summary(latencies, performance.now() - startedAt);
}

/** A fixed number of requests, one after the other. */
export async function series(shot: Shot, count: number): Promise<LoadResult> {
  const latencies: number[] = [];
  const startedAt = performance.now();
  for (let index = 0; index < count; index++) {
    const sentAt = performance.now();
    await shot(0);
    latencies.push(performance.now() - sentAt);
  }
  return summary(latencies, performance.now() - startedAt);
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
}

function summary(latencies: number[], tookMs: number): LoadResult {
  return {
    perSecond: (latencies.length * 1000) / tookMs,
    p50: quantile(latencies, 0.5),
    p95: quantile(latencies, 0.95),
    p99: quantile(latencies, 0.99),
    count: latencies.length,
    latencies,
  };
}

/** Posts JSON over kept-alive connections. */
export class Poster {
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 1024 });

  async post(url: string, body: unknown, headers: Record<string, string> = {}): Promise<string> {
    const payload = JSON.stringify(body);
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
    const request = httpRequest(url, {
      method: 'POST',
      agent: this.agent,
      headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(payload), ...headers },
    });
    request.once('response', resolve).once('error', reject).end(payload);
    const response = await promise;
    const chunks: Buffer[] = [];
    for await (const chunk of response) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString();
    if (response.statusCode !== 200 && response.statusCode !== 201) {
      throw new Error(`${url} answered ${response.statusCode}: ${text.slice(0, 300)}`);
    }
    return text;
  }

  close(): void {
    this.agent.destroy();
  }
}
