import { EventEmitter } from 'node:events';

/** What a request was for. */
export type GraphCallKind = 'message' | 'read' | 'action' | 'media' | 'download' | 'account' | 'subscription' | 'other';

/** One request that the fake received. Times are epoch milliseconds. */
export interface GraphCall {
  number: number;
  kind: GraphCallKind;
  method: string;
  /** Without the query. */
  path: string;
  query: Record<string, string>;
  version: string | null;
  /** The number or account in the path, or the token's own. */
  accountId: string | null;
  token: string | null;
  body: Record<string, unknown>;
  receivedAt: number;
  endedAt: number | null;
  /** Of the answer; null: none was given (yet). */
  status: number | null;
  errorCode: number | null;
}

/** A message that the fake took: the person has it, unless `isDropped`. */
export interface SentMessage {
  /** `wamid.…`, or Instagram's mid. */
  id: string;
  channel: 'whatsapp' | 'instagram';
  /** The number or account that it was sent from. */
  accountId: string;
  /** Phone or scoped id of the person. */
  to: string;
  type: string;
  /** The text; of a template its name. */
  text: string;
  /** `biz_opaque_callback_data`, as given. */
  callbackData: string | null;
  /** Meta says 200 and delivers nothing, as for a business-scoped id in `to`. */
  isDropped: boolean;
  at: number;
  body: Record<string, unknown>;
}

/** Everything since the start or the last reset. */
export class CallLog {
  readonly calls: GraphCall[] = [];
  readonly messages: SentMessage[] = [];
  private readonly changes = new EventEmitter().setMaxListeners(0);
  private next = 1;

  add(call: Omit<GraphCall, 'number' | 'receivedAt' | 'endedAt' | 'status' | 'errorCode'>): GraphCall {
    const logged: GraphCall = {
      number: this.next++,
      ...call,
      receivedAt: Date.now(),
      endedAt: null,
      status: null,
      errorCode: null,
    };
    this.calls.push(logged);
    this.changed();
    return logged;
  }

  take(message: SentMessage): void {
    this.messages.push(message);
    this.changed();
  }

  changed(): void {
    this.changes.emit('change');
  }

  clear(): void {
    this.calls.length = 0;
    this.messages.length = 0;
  }

  /** Resolves as soon as `condition` holds. @throws Error after `timeoutMs` */
  waitFor(condition: () => boolean, timeoutMs = 45_000): Promise<void> {
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
        const found = `${this.calls.length} calls and ${this.messages.length} messages`;
        reject(new Error(`The fake Graph API waited ${timeoutMs} ms in vain; it has ${found}.`));
      }, timeoutMs);
      this.changes.on('change', look);
      look();
    });
  }
}
