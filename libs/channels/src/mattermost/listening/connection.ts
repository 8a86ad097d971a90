import type { GuardedNetwork } from '@app/platform';
import { WebSocketClient, type WebSocketMessages } from '@mattermost/client';
import { QuietSocket, quietly } from './quiet-socket';

/** From the first packet to the server's `hello`, in milliseconds. */
const HELLO_DEADLINE_MS = 15_000;
/** How often the server is asked whether it is there, in milliseconds: one that says nothing is noticed after two of these. The official client asks every 30 s. */
const PING_MS = 12_000;
/** The client's own pings and new attempts are not wanted: the longest time that a timer takes, in milliseconds. */
const NEVER_MS = 2 ** 31 - 1;

/** Why a connection is no more, for logs. */
export type EndReason = 'closed' | 'silent' | 'not-authenticated' | 'unreadable' | 'no-hello';

export interface ConnectionTarget {
  /** Of the server, with its sub-path, without a slash at the end: `https://chat.example.com`. */
  url: string;
  token: string;
}

/** The event `posted`, with what is told along with the post. */
export type PostedMessage = WebSocketMessages.Posted;

export interface ConnectionTimes {
  helloMs?: number;
  pingMs?: number;
}

/**
 * One connection to the WebSocket API of a server, spoken by the official client. It is never opened again: whoever holds it makes another, so that all that
 * was missed in between is looked for first.
 */
export class MattermostConnection {
  /** Resolves when it is over, whoever ended it. */
  readonly ended: Promise<EndReason>;
  private end!: (reason: EndReason) => void;
  private readonly hello: Promise<void>;
  private readonly client: WebSocketClient;
  private socket: QuietSocket | undefined;
  private timers: NodeJS.Timeout[] = [];
  private isWaitingForPong = false;
  private isOver = false;

  /** @param hear is told each `posted`, from the first on; it must not throw */
  constructor(
    network: GuardedNetwork,
    { url, token }: ConnectionTarget,
    hear: (message: PostedMessage) => void,
    { helloMs = HELLO_DEADLINE_MS, pingMs = PING_MS }: ConnectionTimes = {},
  ) {
    this.ended = new Promise((resolve) => (this.end = resolve));
    this.client = new WebSocketClient({
      clientPingInterval: NEVER_MS,
      minWebSocketRetryTime: NEVER_MS / 2,
      newWebSocketFn: (address) => {
        this.socket = new QuietSocket(address, network.lookup, (isReadable) => {
          this.finish(isReadable ? 'closed' : 'unreadable');
        });
        // As much of a browser's socket as the client uses.
        return this.socket as unknown as WebSocket;
      },
    });
    this.hello = new Promise((resolve) => {
      this.client.addMessageListener((message) => {
        if (this.isOver) return;
        // The client's names of events are gone after its compilation.
        const event: string = message.event;
        if (event === 'hello') resolve();
        else if (event === 'posted') hear(message as PostedMessage);
      });
    });
    const address = `${url.replace(/^http/, 'ws')}/api/v4/websocket`;
    const problem = network.problemOf(address);
    if (problem !== null) throw new Error(`The server cannot be listened to: its address ${problem}.`);
    this.after(helloMs, () => this.finish('no-hello'));
    quietly(() => this.client.initialize(address, token));
    void this.hello.then(() => this.watch(pingMs));
  }

  /** Whether the server has taken the token, and tells what happens from now on. */
  async isHeard(): Promise<boolean> {
    return Promise.race([this.hello.then(() => true), this.ended.then(() => false)]);
  }

  close(): void {
    this.finish('closed');
  }

  /** A connection that is half open, or whose session was ended by the server, looks like one in which nobody says anything. */
  private watch(pingMs: number): void {
    if (this.isOver) return;
    for (const timer of this.timers.splice(0)) clearTimeout(timer);
    this.ping();
    this.timers.push(
      setInterval(() => {
        if (this.isWaitingForPong) this.finish('silent');
        else this.ping();
      }, pingMs),
    );
  }

  private ping(): void {
    this.isWaitingForPong = true;
    quietly(() =>
      this.client.ping((reply: { error?: unknown }) => {
        this.isWaitingForPong = false;
        // The session was ended; the server would go on for ever without telling anything.
        if (reply.error !== undefined) this.finish('not-authenticated');
      }),
    );
  }

  private after(ms: number, run: () => void): void {
    this.timers.push(setTimeout(run, ms));
  }

  private finish(reason: EndReason): void {
    if (this.isOver) return;
    this.isOver = true;
    for (const timer of this.timers.splice(0)) clearTimeout(timer);
    this.socket?.close();
    quietly(() => this.client.close());
    this.end(reason);
  }
}
