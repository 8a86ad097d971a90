/** What a transport tells its user. */
export interface TransportListener {
  /** A payload came from some process, perhaps this one. */
  receive(payload: string): void;
  /** The way in is open again after a break: events may have been missed. */
  reconnected(): void;
}

/** Carries payloads between processes, best effort. There is one per backend of the queue. */
export interface EventTransport {
  /** Shortest time between two sends, in milliseconds; events that come meanwhile travel together. */
  readonly batchMs: number;
  /** Longest payload in bytes. */
  readonly maxPayloadBytes: number;
  start(listener: TransportListener): Promise<void>;
  /** Rejects when the payload did not leave; the caller keeps it and tries again. */
  send(payload: string): Promise<void>;
  /** This process ends: from now on a lost connection is no news. */
  expectEnd(): void;
  stop(): Promise<void>;
}

export const EVENT_TRANSPORT = Symbol('EventTransport');
