import { setTimeout as pause } from 'node:timers/promises';
import { EventReader, type TurnEvent } from '../../support/event-reader';
import { STATUS_OF_END } from '../../support/transcript';
import type { RawAnswer } from './http';
import type { LoadReport } from './load-report';

export interface WatcherOptions {
  /** Where a connection may go; asked anew for each. */
  url: () => string;
  authorization: () => Record<string, string>;
  report: LoadReport;
  /** A connection that is older is given up and resumed, in milliseconds. */
  timeoutMs: number;
}

const RETRY_MS = 200;
const PASSING = new Set([0, 429, 503]);

/** One client that reads a turn along, over as many connections as it takes: each goes on after the last event that it has. */
export class Watcher {
  readonly events: TurnEvent[] = [];
  private reader: EventReader | undefined;
  private hasLeft = false;

  constructor(private readonly options: WatcherOptions) {}

  /** Known from the first event on. */
  get turnId(): number | undefined {
    return this.known[0]?.data.turn_id;
  }

  get first(): TurnEvent | undefined {
    return this.known[0];
  }

  get isOver(): boolean {
    return (this.known.at(-1)?.event ?? '') in STATUS_OF_END;
  }

  /** The last event, when the turn is over. */
  get end(): TurnEvent | undefined {
    return this.isOver ? this.known.at(-1) : undefined;
  }

  /** A request that makes a turn and is answered with its events. `status` 200: they are coming. */
  async ask(method: string, path: string, body: unknown, headers: Record<string, string>): Promise<RawAnswer> {
    return this.connect(path, {
      method,
      headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  }

  /** Reads along from the beginning, or goes on after the last event. */
  async watch(turnId: number): Promise<RawAnswer> {
    await this.absorb();
    const last = this.events.at(-1);
    if (last !== undefined) this.options.report.resumed += 1;
    return this.connect(`/chat/turns/${turnId}/events`, {
      headers: last === undefined ? {} : { 'last-event-id': String(last.id) },
    });
  }

  /** Waits for the first event, which says which turn it is. False when the connection ended before. */
  async hasStarted(): Promise<boolean> {
    await this.reader?.until(() => true);
    return this.turnId !== undefined;
  }

  /** Waits until there are words to look at, or the connection has ended. */
  async hasText(): Promise<void> {
    await this.reader?.until(({ event }) => event === 'message.delta');
  }

  /** The connection goes away, as that of a phone in a tunnel. */
  disconnect(): void {
    this.reader?.disconnect();
  }

  /** Closes the app: nothing more is read. What was told so far goes into the report. */
  async leave(): Promise<void> {
    this.hasLeft = true;
    this.disconnect();
    await this.absorb();
    this.file();
  }

  /**
   * Reads on over new connections until the turn is over or `deadline` is aborted, and files the transcript.
   * @param logIn called when the login has run out
   */
  async follow(turnId: number, deadline: AbortSignal, logIn?: () => Promise<void>): Promise<void> {
    while (!deadline.aborted && !this.hasLeft) {
      await this.absorb();
      if (this.isOver) break;
      const answer = await this.watch(turnId);
      this.options.report.count(answer);
      if (answer.status === 200) continue;
      if (answer.status === 401 && logIn !== undefined) {
        await logIn();
        continue;
      }
      if (!PASSING.has(answer.status)) {
        this.options.report.wrongAnswers.push(
          `resuming turn ${turnId} after event ${this.events.at(-1)?.id} answered ${answer.status}: ${answer.text.slice(0, 300)}`,
        );
        break;
      }
      await pause(RETRY_MS, undefined, { signal: deadline }).catch(() => undefined);
    }
    if (!this.hasLeft) this.file();
  }

  private get known(): TurnEvent[] {
    return [...this.events, ...(this.reader?.events ?? [])];
  }

  private file(): void {
    if (this.events.length === 0) return;
    const turnId = this.events[0]!.data.turn_id;
    this.options.report.transcripts.push({ turnId, events: this.events, isWhole: !this.hasLeft });
  }

  private async absorb(): Promise<void> {
    const { reader } = this;
    if (reader === undefined) return;
    await reader.ended;
    if (this.reader !== reader) return;
    this.events.push(...reader.events);
    this.reader = undefined;
  }

  private async connect(path: string, init: RequestInit & { headers: Record<string, string> }): Promise<RawAnswer> {
    const { url, authorization, timeoutMs } = this.options;
    try {
      const reader = await EventReader.open(`${url()}${path}`, {
        ...init,
        headers: { ...authorization(), ...init.headers },
        signal: AbortSignal.timeout(timeoutMs),
      });
      const { status, headers } = reader.response;
      if (headers.get('content-type')?.startsWith('text/event-stream') === true) {
        this.reader = reader;
        return { status, headers, text: '', failure: null };
      }
      await reader.ended;
      return { status, headers, text: reader.remainder, failure: null };
    } catch (error) {
      return { status: 0, headers: new Headers(), text: '', failure: (error as Error).name };
    }
  }
}
