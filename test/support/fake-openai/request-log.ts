import { EventEmitter } from 'node:events';
import type { ContextMessage } from './conversations';

/** How a request ended. `aborted`: the client hung up before the end. */
export type Outcome = 'open' | 'completed' | 'refused' | 'failed' | 'cut' | 'aborted';

/** One request the fake received. Times are epoch milliseconds. */
export interface LoggedRequest {
  number: number;
  method: string;
  path: string;
  api: 'responses' | 'chat' | 'models' | 'conversations' | 'other';
  headers: Record<string, string>;
  /** The bearer token. */
  apiKey: string | null;
  /** The parsed JSON body. */
  body: Record<string, unknown>;
  model: string | null;
  isStream: boolean;
  lastUserMessage: string | null;
  /** What the model sees of the conversation: what it holds at the upstream, then the input of this request. */
  context: ContextMessage[];
  /** The type of the scenario that answered it. */
  scenario: string;
  /** The id of the answer that was begun; null when it was refused or left alone. */
  answerId: string | null;
  receivedAt: number;
  firstTokenAt: number | null;
  endedAt: number | null;
  status: number | null;
  outcome: Outcome;
  /** Pieces of text sent. */
  pieces: number;
  /** The text that was sent, refusals included. */
  sent: string;
  /** Usage as it was sent; null when none was. */
  usage: { input: number; output: number; total: number } | null;
}

/** Everything received since the start or the last reset; in memory only. */
export class RequestLog {
  readonly entries: LoggedRequest[] = [];
  private readonly changes = new EventEmitter().setMaxListeners(0);
  private next = 1;

  add(entry: Omit<LoggedRequest, 'number'>): LoggedRequest {
    const logged = { number: this.next++, ...entry };
    this.entries.push(logged);
    this.changes.emit('change');
    return logged;
  }

  update(entry: LoggedRequest, change: Partial<LoggedRequest>): void {
    Object.assign(entry, change);
    this.changes.emit('change');
  }

  /** The first outcome counts: a socket that closes after the end changes nothing. */
  end(entry: LoggedRequest, outcome: Exclude<Outcome, 'open'>): void {
    if (entry.outcome === 'open') this.update(entry, { outcome, endedAt: Date.now() });
  }

  clear(): void {
    this.entries.length = 0;
  }

  /** Resolves as soon as `condition` holds for the log. @throws Error after `timeoutMs`. */
  waitFor(condition: (entries: readonly LoggedRequest[]) => boolean, timeoutMs = 30_000): Promise<void> {
    return new Promise((resolve, reject) => {
      const stop = (): void => {
        clearTimeout(timer);
        this.changes.off('change', look);
      };
      const look = (): void => {
        if (!condition(this.entries)) return;
        stop();
        resolve();
      };
      const timer = setTimeout(() => {
        stop();
        reject(
          new Error(`The fake OpenAI server waited ${timeoutMs} ms in vain; it has ${this.entries.length} requests.`),
        );
      }, timeoutMs);
      this.changes.on('change', look);
      look();
    });
  }
}
