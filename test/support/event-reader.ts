import { textOf } from './transcript';

/** One server-sent event, its data parsed. */
export interface TurnEvent {
  id: number;
  event: string;
  data: {
    turn_id: number;
    attempt: number;
    offset?: number;
    delta?: string;
    status?: string;
    user_message?: { id: number; content: string } | null;
    assistant_message?: { id: number; content: string; status: string } | null;
    usage?: { total_tokens: number | null; is_estimated: boolean } | null;
    error?: { code: string; detail: string };
    tool_call?: { id: string; type: string; status: string };
  };
}

/** Reads server-sent events as a plain client does: line by line, from the bytes. */
export class EventReader {
  readonly events: TurnEvent[] = [];
  /** When each event arrived, by the monotonic clock. */
  readonly arrivedAt: number[] = [];
  isEnded = false;
  /** What is no event: the body of an answer that is no stream. */
  remainder = '';
  private readonly abort = new AbortController();
  private waiting: { enough: () => boolean; resolve: () => void }[] = [];
  readonly ended: Promise<void>;

  private constructor(readonly response: Response) {
    this.ended = this.read().finally(() => {
      this.isEnded = true;
      this.wake();
    });
  }

  static async open(url: string, init: RequestInit & { headers?: Record<string, string> } = {}): Promise<EventReader> {
    const abort = new AbortController();
    const response = await fetch(url, {
      ...init,
      headers: { accept: 'text/event-stream', ...init.headers },
      signal: AbortSignal.any([abort.signal, ...(init.signal ? [init.signal] : [])]),
    });
    const reader = new EventReader(response);
    reader.abort.signal.addEventListener('abort', () => abort.abort());
    return reader;
  }

  get last(): TurnEvent | undefined {
    return this.events.at(-1);
  }

  /** The text as a client shows it: deltas at their places, thrown away by a reset. */
  get text(): string {
    return textOf(this.events);
  }

  /** The connection goes away, as that of a phone in a tunnel. */
  disconnect(): void {
    this.abort.abort();
  }

  /** Waits until so many events match, or the stream has ended. */
  async until(matches: (event: TurnEvent) => boolean, count = 1): Promise<void> {
    const enough = (): boolean => this.isEnded || this.events.filter(matches).length >= count;
    if (enough()) return;
    await new Promise<void>((resolve) => this.waiting.push({ enough, resolve }));
  }

  private async read(): Promise<void> {
    const decoder = new TextDecoder();
    let rest = '';
    try {
      for await (const chunk of this.response.body as unknown as AsyncIterable<Uint8Array>) {
        rest += decoder.decode(chunk, { stream: true });
        const blocks = rest.split('\n\n');
        rest = blocks.pop()!;
        for (const block of blocks) this.take(block);
        this.wake();
      }
      this.remainder = rest;
    } catch {
      // A broken connection ends the stream; the test sees what arrived.
    }
  }

  private take(block: string): void {
    const fields = new Map<string, string>();
    for (const line of block.split('\n')) {
      const colon = line.indexOf(':');
      if (colon > 0) fields.set(line.slice(0, colon), line.slice(colon + 1).trimStart());
    }
    if (!fields.has('data')) return;
    this.arrivedAt.push(performance.now());
    this.events.push({
      id: Number(fields.get('id')),
      event: fields.get('event') ?? 'message',
      data: JSON.parse(fields.get('data')!) as TurnEvent['data'],
    });
  }

  private wake(): void {
    this.waiting = this.waiting.filter(({ enough, resolve }) => {
      if (!enough()) return true;
      resolve();
      return false;
    });
  }
}
