/** What a process of clients is told to do. Times are in milliseconds. */
export type Command =
  /** Opens a socket for each of these sessions. */
  | { type: 'connect'; url: string; sessionIds: string[]; inFlight: number }
  /** All sockets join their sessions. */
  | { type: 'join'; inFlight: number }
  /** The network of the first `count` sockets breaks; all of them come back at once, join and sync. */
  | { type: 'storm'; count: number }
  /** Closes the sockets. */
  | { type: 'close' };

/** What came of it. */
export interface Outcome {
  /** How long each took, from the connection on. */
  connectMs: number[];
  joinMs: number[];
  /** Each `sync` from its emission to its answer. */
  syncMs: number[];
  /** From the break until the socket had everything again. */
  backMs: number[];
  /** Messages that the syncs returned, by session. */
  synced: Record<string, number>;
  failures: string[];
}
