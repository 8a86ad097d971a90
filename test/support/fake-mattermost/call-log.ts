import { EventEmitter } from 'node:events';

/** One request that the fake received over HTTP. Times are epoch milliseconds. */
export interface MattermostCall {
  number: number;
  method: string;
  /** Without the query and the sub-path. */
  path: string;
  query: Record<string, string>;
  /** Lower case; of `authorization` and `cookie` only the scheme. */
  headers: Record<string, string>;
  body: unknown;
  /** Whose token it was; null: nobody's. */
  userId: string | null;
  at: number;
  endedAt: number | null;
  /** Of the answer; null: none was given (yet). */
  status: number | null;
}

/** Everything since the start or the last reset. */
export class CallLog {
  readonly calls: MattermostCall[] = [];
  private readonly changes = new EventEmitter().setMaxListeners(0);
  private next = 1;

  add(call: Omit<MattermostCall, 'number' | 'at' | 'endedAt' | 'status'>): MattermostCall {
    const logged: MattermostCall = { number: this.next++, ...call, at: Date.now(), endedAt: null, status: null };
    this.calls.push(logged);
    this.changed();
    return logged;
  }

  changed(): void {
    this.changes.emit('change');
  }

  clear(): void {
    this.calls.length = 0;
  }

  /** Resolves as soon as `condition` holds. @throws Error after `timeoutMs` */
  waitFor(condition: () => boolean, timeoutMs = 30_000): Promise<void> {
    return new Promise((resolve, reject) => {
      const stop = (): void => {
        clearTimeout(timer);
        this.changes.off('change', look);
      };
      const look = (): void => {
        if (!condition()) return;
        stop();
        resolve();
      };
      const timer = setTimeout(() => {
        stop();
        const last = this.calls.slice(-10).map(({ method, path, status }) => `${method} ${path} ${status}`);
        reject(new Error(`The fake Mattermost waited ${timeoutMs} ms in vain. Last calls: ${last.join(', ')}`));
      }, timeoutMs);
      this.changes.on('change', look);
      look();
    });
  }
}
