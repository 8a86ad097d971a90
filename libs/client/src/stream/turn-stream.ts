import { ParleyError } from '../http/parley-error.js';
import { backoffMs, pause } from '../http/waiting.js';
import { serverSentEvents, type ServerSentEvent } from './server-sent-events.js';
import { isEnd, type TurnEnd, type TurnEvent } from './turn-events.js';
import { TurnText } from './turn-text.js';

/** Connections in a row that brought nothing new, until the stream gives up. */
const MAX_FRUITLESS = 10;

/** Where the events come from. */
export interface TurnSource {
  /** Sends the message, or undefined when the turn is there already. Called again with the same key until it was answered. */
  send: ((signal: AbortSignal) => Promise<Response>) | undefined;
  /** Connects to the events of a turn after the event `after`. */
  events: (turnId: number, after: number, signal: AbortSignal) => Promise<Response>;
  /** Stops the turn. */
  cancel: (turnId: number) => Promise<void>;
}

/**
 * The events of one turn, in order, each once, over as many connections as it takes. Read it with `for await`, or wait for `result()`.
 * Ending the loop early closes the connection; the reply is written all the same, unless `cancel()` stops it.
 */
export class TurnStream implements AsyncIterable<TurnEvent> {
  /** The number of the turn, as soon as it is known. */
  turnId: number | undefined;
  /** Number of the last event that has come; 0 for none. */
  lastEventId = 0;
  /** The last event, once it has come. */
  end: TurnEnd | undefined;
  private readonly written = new TurnText();
  private readonly events: AsyncGenerator<TurnEvent, void>;
  private hasStarted = false;

  constructor(
    private readonly source: TurnSource,
    private readonly options: { signal?: AbortSignal | undefined; turnId?: number; onlyEnd?: boolean },
  ) {
    this.turnId = options.turnId;
    this.events = this.read();
  }

  /** The text so far; when it is over, the whole of the reply. */
  get text(): string {
    return this.end?.data.assistant_message?.content ?? this.written.text;
  }

  [Symbol.asyncIterator](): AsyncGenerator<TurnEvent, void> {
    return this.events;
  }

  /** Reads to the end and returns the last event: the reply, or why there is none. */
  async result(): Promise<TurnEnd> {
    for await (const _event of this.events);
    if (this.end === undefined) {
      throw new ParleyError({ code: 'CLIENT.NOT_READ', detail: 'The stream was left before its end.' });
    }
    return this.end;
  }

  /** Stops the reply that is being written; the stream then ends with `turn.cancelled`. */
  async cancel(): Promise<void> {
    if (this.turnId === undefined) {
      throw new ParleyError({ code: 'CLIENT.NOT_STARTED', detail: 'Nothing has been sent yet.' });
    }
    await this.source.cancel(this.turnId);
  }

  private async *read(): AsyncGenerator<TurnEvent, void> {
    let fruitless = 0;
    while (this.end === undefined) {
      const abort = new AbortController();
      const before = this.lastEventId;
      try {
        const signal =
          this.options.signal === undefined ? abort.signal : AbortSignal.any([abort.signal, this.options.signal]);
        yield* this.connection(await this.connect(signal));
      } catch (error) {
        this.options.signal?.throwIfAborted();
        if (this.startsAnew(error)) continue;
        if (!this.isPassing(error) || fruitless >= MAX_FRUITLESS) throw error;
      } finally {
        abort.abort();
      }
      if (this.end !== undefined) return;
      fruitless = this.lastEventId > before ? 1 : fruitless + 1;
      if (fruitless > MAX_FRUITLESS) {
        throw new ParleyError({
          code: 'CLIENT.STREAM_LOST',
          detail: 'The events of this turn cannot be read. GET /chat/turns/{id} tells its state.',
        });
      }
      await pause(backoffMs(fruitless), this.options.signal);
    }
  }

  private async connect(signal: AbortSignal): Promise<Response> {
    if (this.turnId !== undefined) return this.source.events(this.turnId, this.lastEventId, signal);
    const response = await this.source.send!(signal);
    const location = /\/chat\/turns\/(\d+)$/.exec(response.headers.get('location') ?? '');
    if (location !== null) this.turnId = Number(location[1]);
    // Stored, but there was no room for another stream just then.
    if (response.status === 202) this.turnId = ((await response.json()) as { id: number }).id;
    return response;
  }

  private async *connection(response: Response): AsyncGenerator<TurnEvent, void> {
    if (response.status === 202 || response.body === null) return;
    for await (const sent of serverSentEvents(response.body)) {
      const event = this.take(sent);
      if (event === 'gap') return;
      if (event === undefined) continue;
      if (isEnd(event)) this.end = event;
      if (this.end !== undefined || this.options.onlyEnd !== true) yield event;
      if (this.end !== undefined) return;
    }
  }

  /** The event as it is passed on; undefined when it was there before. */
  private take(sent: ServerSentEvent): TurnEvent | 'gap' | undefined {
    const id = Number(sent.id);
    if (!(id > this.lastEventId)) return undefined;
    const event = { id, event: sent.event, data: JSON.parse(sent.data) as unknown } as TurnEvent;
    this.turnId ??= event.data.turn_id;
    if (event.event === 'message.delta') {
      const { attempt, offset, delta } = event.data;
      if (this.written.misses(attempt, offset)) return 'gap';
      const fresh = this.written.add(attempt, offset, delta);
      this.lastEventId = id;
      return fresh === undefined ? undefined : { ...event, data: { ...event.data, ...fresh } };
    }
    this.lastEventId = id;
    if (event.event === 'message.reset') this.written.reset();
    if (event.event === 'turn.started') {
      if (this.hasStarted) return undefined;
      this.hasStarted = true;
    }
    return event;
  }

  /** The backend lost events that it had told (its database was set back): the turn is read again from its beginning. */
  private startsAnew(error: unknown): boolean {
    if (!(error instanceof ParleyError) || error.status !== 422 || this.lastEventId === 0) return false;
    this.lastEventId = 0;
    return true;
  }
  /** A connection that broke off, or a backend that is away. What was tried again already while sending is final. */
  private isPassing(error: unknown): boolean {
    if (!(error instanceof ParleyError)) return true;
    return this.turnId !== undefined && (error.status === 0 || error.status >= 500);
  }
}
