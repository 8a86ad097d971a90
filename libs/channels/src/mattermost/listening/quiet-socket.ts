import type { LookupFunction } from 'node:net';
import { WebSocket as Socket } from 'ws';

/** A post has 16,383 characters and files; what is larger than this, in bytes, is no event that matters here. */
const MAX_PAYLOAD_BYTES = 4 * 1024 * 1024;
const HANDSHAKE_TIMEOUT_MS = 10_000;

/**
 * The official client tells what it does on `console.log`, addresses and errors included, which has no place among the lines of the log. It does so only
 * while one of its functions runs, and none of them waits for anything.
 */
export function quietly<T>(run: () => T): T {
  const { console } = globalThis;
  const log = Object.getOwnPropertyDescriptor(console, 'log')!;
  Object.defineProperty(console, 'log', { ...log, value: () => undefined });
  try {
    return run();
  } finally {
    Object.defineProperty(console, 'log', log);
  }
}

interface Handlers {
  onopen: (() => void) | null;
  onmessage: ((event: { data: string }) => void) | null;
  onclose: ((event: { code: number }) => void) | null;
  onerror: ((event: unknown) => void) | null;
}

/** What the official client takes for a browser's WebSocket: connects only where it may, and nothing that the server sends ends the process. */
export class QuietSocket implements Handlers {
  onopen: Handlers['onopen'] = null;
  onmessage: Handlers['onmessage'] = null;
  onclose: Handlers['onclose'] = null;
  onerror: Handlers['onerror'] = null;
  private readonly socket: Socket;
  private isReadable = true;

  /** @param over is told once; `isReadable` says whether all that came was understood */
  constructor(url: string, lookup: LookupFunction, over: (isReadable: boolean) => void) {
    // Redirects are not followed; compression costs memory for each connection.
    const options = { lookup, maxPayload: MAX_PAYLOAD_BYTES, handshakeTimeout: HANDSHAKE_TIMEOUT_MS };
    this.socket = new Socket(url, { ...options, perMessageDeflate: false });
    this.socket.on('open', () => this.tell(() => this.onopen?.()));
    this.socket.on('message', (data: Buffer) => this.tell(() => this.onmessage?.({ data: data.toString('utf8') })));
    // What went wrong is told by the end that follows; the client would only print it.
    this.socket.on('error', () => undefined);
    this.socket.on('close', (code) => {
      quietly(() => this.onclose?.({ code }));
      over(this.isReadable);
    });
  }

  get readyState(): number {
    return this.socket.readyState;
  }

  send(text: string): void {
    this.socket.send(text, () => undefined);
  }

  /** At once: a server that is gone would not answer a farewell. */
  close(): void {
    // Told of it, the client would want to connect again.
    this.onclose = null;
    this.socket.terminate();
  }

  private tell(handle: () => void): void {
    try {
      quietly(handle);
    } catch {
      this.isReadable = false;
      this.socket.terminate();
    }
  }
}
