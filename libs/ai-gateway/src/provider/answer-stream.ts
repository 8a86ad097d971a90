import type { IncomingMessage } from 'node:http';
import { performance } from 'node:perf_hooks';
import type { AnswerReader } from './answer-reader';
import { ProviderError } from './provider.error';
import type { CompletionHooks } from './provider.port';
import { type SseEvent, SseParser } from './sse-parser';
import { bodyOf, readText } from './streaming-fetch';
import { parseJson } from './untyped-json';
import type { UpstreamWatch } from './upstream-watch';

/** After the terminal event the rest of the stream is read for this long, so that the connection can be used again. */
const DRAIN_TIMEOUT_MS = 1_000;

/** An answer larger than this is not one of a model. */
const MAX_WHOLE_ANSWER_BYTES = 16 * 1024 * 1024;

/** One request on its way: what is needed to read it, time it and explain its failure. */
export interface Exchange {
  watch: UpstreamWatch;
  reader: AnswerReader;
  hooks: CompletionHooks;
  /** By the monotonic clock. */
  startedAt: number;
  firstTokenMs: number | null;
  /** Response headers have arrived. */
  answered: boolean;
}

/** Marks an error of the caller's own hook, so that it is not taken for a fault of the upstream. */
export class HookFailure extends Error {
  constructor(readonly error: unknown) {
    super('The hook of the caller failed.');
  }
}

/**
 * Reads an answer up to its terminal event, or to the end of what the upstream sends, and hands its text over on the way.
 * Whether that was an answer is for `exchange.reader.close()` to say.
 */
export async function receiveAnswer(response: Response, exchange: Exchange): Promise<void> {
  const { reader } = exchange;
  const type = response.headers.get('content-type') ?? '';
  const body = bodyOf(response);
  const stop = (): void => void body.destroy();
  exchange.watch.signal.addEventListener('abort', stop, { once: true });
  try {
    if (/^\s*text\/html/i.test(type)) {
      throw new ProviderError('UPSTREAM.BAD_ANSWER', {
        httpStatus: response.status,
        logDetail: `answered with ${type}`,
      });
    }
    if (/^\s*application\/json/i.test(type)) {
      reader.acceptWhole(parseJson(await readText(body, MAX_WHOLE_ANSWER_BYTES)));
      reportTools(exchange);
      flush(exchange);
      return;
    }
    await receiveEvents(body, exchange);
  } catch (error) {
    body.destroy();
    // The answer was complete; only its usage, or its farewell, got lost.
    const isUpstreamFault = !(error instanceof ProviderError) && !(error instanceof HookFailure);
    if (isUpstreamFault && reader.isComplete && exchange.watch.reason !== 'cancelled') return;
    throw error;
  } finally {
    exchange.watch.signal.removeEventListener('abort', stop);
  }
}

async function receiveEvents(body: IncomingMessage, exchange: Exchange): Promise<void> {
  const { reader, watch } = exchange;
  const parser = new SseParser();
  const take = (events: readonly SseEvent[], isEnd: boolean): void => {
    for (const event of events) {
      // A cut stream may end inside an event: half an event says nothing.
      if (isEnd && event.data !== '[DONE]' && parseJson(event.data) === undefined) continue;
      if (reader.accept(event) !== 'none') watch.progress();
      reportTools(exchange);
      if (reader.isDone) break;
    }
    flush(exchange);
    watch.allowSilence(reader.tools.isOneRunning);
  };
  try {
    // Leaving the loop early must not cost the connection, which can be used again.
    for await (const chunk of body.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      take(parser.push(chunk), false);
      if (reader.isDone) return drain(body);
    }
    take(parser.finish(), true);
  } finally {
    // Also on a failure: what arrived before it counts as delivered.
    flush(exchange);
  }
}

/** Hands over the text of one network chunk at once: one delta per token would cost more than it shows. */
export function flush(exchange: Exchange): void {
  const delta = exchange.reader.takeDelta();
  if (!delta) return;
  exchange.firstTokenMs ??= elapsedMs(exchange);
  hear(() => exchange.hooks.onDelta(delta));
}

/** Tells what hosted tools do, after the text that came before it. */
function reportTools(exchange: Exchange): void {
  const changes = exchange.reader.tools.takeChanges();
  if (changes.length === 0) return;
  flush(exchange);
  for (const change of changes) hear(() => exchange.hooks.onToolCall?.(change));
}

function hear(hook: () => void): void {
  try {
    hook();
  } catch (error) {
    throw new HookFailure(error);
  }
}

/** Milliseconds since the request was sent. */
export function elapsedMs(exchange: Exchange): number {
  return Math.round(performance.now() - exchange.startedAt);
}

function drain(body: IncomingMessage): void {
  const timer = setTimeout(() => body.destroy(), DRAIN_TIMEOUT_MS);
  timer.unref();
  // The answer is complete; how the connection ends is of no interest.
  body.once('close', () => clearTimeout(timer)).resume();
}
