import { Agent, request as httpRequest } from 'node:http';
import { parley, type ParleyContender } from './contenders';
import type { BenchDatabase } from './database';
import { quantile } from './load';
import { residentMiB } from './processes';

const MINUTE_MS = 60_000;
const STAMP = /@(\d+\.\d{3}) /g;
const agent = new Agent({ keepAlive: true, maxSockets: 4096 });

/** How late text is at the reader, in milliseconds after the model sent it. */
interface Lateness {
  /** The first piece of each reply. */
  first: number[];
  /** Every piece. */
  all: number[];
}

interface Target {
  url: string;
  body: unknown;
  headers: Record<string, string>;
}

/** Streams of replies, side by side: straight from the model, and through Parley. */
export async function benchStreams(
  database: BenchDatabase,
  redisUrl: string | undefined,
  upstream: string,
  forMs: number,
  say: (text: string) => void,
): Promise<void> {
  const model = `${upstream}/stamped/v1`;
  const direct: Target = {
    url: `${model}/responses`,
    body: { model: 'gpt-6-luna', input: [{ role: 'user', content: 'Hello' }], stream: true },
    headers: {},
  };
  for (const backend of redisUrl === undefined ? ['PostgreSQL'] : ['PostgreSQL', 'Redis']) {
    const url = await database.create(`streams_${backend.toLowerCase()}`, true);
    const subject = await parley(url, backend === 'Redis' ? redisUrl! : url, model, 200);
    try {
      say(`### Streams, ${backend} queue: 25 tokens a second each; how late text is at the reader\n`);
      say(
        '| streams | | first p50 | first p99 | all p50 | all p99 | all max | memory |\n|---|---|---|---|---|---|---|---|',
      );
      await run(() => subject.target(0), 10, 5_000);
      for (const count of [50, 200]) {
        say(row(count, 'direct', await run(() => direct, count, Math.min(forMs, 20_000))));
        const isLong = count === 200 && forMs >= MINUTE_MS;
        const watched = isLong ? watchMemory(subject, say) : undefined;
        say(row(count, 'parley', await run((worker) => subject.target(worker), count, forMs), subject));
        watched?.();
      }
      say('');
    } finally {
      await subject.stop();
    }
  }
}

function row(count: number, name: string, { first, all }: Lateness, subject?: ParleyContender): string {
  const ms = (values: number[], share: number): string => `${quantile(values, share).toFixed(1)} ms`;
  const memory = subject === undefined ? '–' : `${residentMiB(subject.processes).toFixed(0)} MiB`;
  return `| ${count} | ${name} | ${ms(first, 0.5)} | ${ms(first, 0.99)} | ${ms(all, 0.5)} | ${ms(all, 0.99)} | ${ms(all, 1)} | ${memory} |`;
}

function watchMemory(subject: ParleyContender, say: (text: string) => void): () => void {
  const perMinute: string[] = [];
  const timer = setInterval(
    () => perMinute.push(subject.processes.map((each) => residentMiB([each]).toFixed(0)).join(' + ')),
    MINUTE_MS,
  );
  return () => {
    clearInterval(timer);
    say(`\nMemory of api + worker, minute by minute, in MiB: ${perMinute.join(', ')}`);
  };
}

/** Keeps `count` replies streaming until the time is over. */
async function run(targetOf: (worker: number) => Target, count: number, forMs: number): Promise<Lateness> {
  const lateness: Lateness = { first: [], all: [] };
  const end = performance.now() + forMs;
  await Promise.all(
    Array.from({ length: count }, async (_, worker) => {
      // Readers do not come all at the same moment.
      await new Promise((next) => setTimeout(next, (worker / count) * 2_000));
      while (performance.now() < end) await readOne(targetOf(worker), lateness);
    }),
  );
  return lateness;
}

function readOne({ url, body, headers }: Target, lateness: Lateness): Promise<void> {
  const payload = JSON.stringify(body);
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const request = httpRequest(url, {
    method: 'POST',
    agent,
    headers: {
      accept: 'text/event-stream',
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(payload),
      ...headers,
    },
  });
  request.once('error', reject);
  request.once('response', (response) => {
    if (response.statusCode !== 200) reject(new Error(`${url} answered ${response.statusCode}`));
    let isFirst = true;
    let rest = '';
    let isOver = false;
    response.setEncoding('utf8');
    response.on('data', (chunk: string) => {
      // The last event repeats the whole reply.
      if (isOver) return;
      const now = performance.timeOrigin + performance.now();
      let text = rest + chunk;
      const ending = text.search(/event: (?:message\.completed|response\.(?:output_text\.done|completed))/);
      if (ending >= 0) {
        isOver = true;
        text = text.slice(0, ending);
      }
      let taken = 0;
      for (const match of text.matchAll(STAMP)) {
        const late = now - Number(match[1]);
        lateness.all.push(late);
        if (isFirst) lateness.first.push(late);
        isFirst = false;
        taken = match.index + match[0].length;
      }
      rest = text.slice(Math.max(taken, text.length - 40));
    });
    response.once('end', resolve).once('error', reject);
  });
  request.end(payload);
  return promise;
}
