import { io } from 'socket.io-client';
import type { SocketHandshake } from '../generated/socket-events.js';
import type { Credentials } from '../http/credentials.js';
import { ParleyError } from '../http/parley-error.js';
import { backoffMs } from '../http/waiting.js';
import { Emitter } from './emitter.js';
import { ask, type EventName, type PayloadOf, type ResultOf, socketError, type TypedSocket } from './link.js';
import { Renewal } from './renewal.js';

/** Refusals in a row that are taken for something that passes. */
const MAX_REFUSALS = 5;
/** The backend's clock counts, and it tells a minute ahead. */
const TOKEN_EXPIRING = 'AUTH.TOKEN_EXPIRING';
/** A connection that lasted for so long was none of them. */
const GOOD_AFTER_MS = 10_000;

export interface RealtimeOptions {
  /** `['websocket']` by default: with several api processes behind one address, polling needs a balancer that keeps a client at its process. */
  transports?: ('websocket' | 'polling')[];
  /** How long an acknowledgement may take, in milliseconds; 10,000 by default. */
  ackTimeoutMs?: number;
}

interface ConnectionEvents {
  /** The backend says something that is no answer to an event. */
  told: ParleyError;
  up: undefined;
  down: { reason: string };
  /** Nothing is tried any more. */
  failed: ParleyError;
}

/** A socket that stays connected: over broken networks, restarts of the backend and the ends of its tokens. */
export class Connection extends Emitter<ConnectionEvents> {
  readonly socket: TypedSocket;
  private readonly ackTimeoutMs: number;
  private readonly renewal: Renewal;
  private refusals = 0;
  private connectedAt = 0;
  private token: string | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  /** Why the backend is about to end the connection, or has refused it. */
  private refusal: ParleyError | undefined;

  constructor(
    baseUrl: string,
    private readonly credentials: Credentials,
    { transports = ['websocket'], ackTimeoutMs = 10_000 }: RealtimeOptions,
  ) {
    super();
    this.ackTimeoutMs = ackTimeoutMs;
    const { origin, pathname } = new URL(baseUrl);
    this.socket = io(origin, {
      path: `${pathname.replace(/\/$/, '')}/socket.io`,
      transports,
      autoConnect: false,
      forceNew: true,
      reconnectionDelay: 500,
      reconnectionDelayMax: 5_000,
      auth: (give) => void this.handshake().then(give, (error: unknown) => this.noHandshake(error)),
    });
    this.renewal = new Renewal(credentials, async (token) => {
      await this.ask('authenticate', { token });
      this.token = token;
    });
    this.listen();
  }

  get isUp(): boolean {
    return this.socket.connected;
  }

  /** @throws ParleyError the refusal, or `CLIENT.NO_ANSWER` */
  ask<E extends EventName>(event: E, payload: PayloadOf<E>): Promise<ResultOf<E>> {
    return ask(this.socket, event, payload, this.ackTimeoutMs);
  }

  open(): void {
    if (!this.socket.active) this.socket.connect();
  }

  close(): void {
    clearTimeout(this.timer);
    this.renewal.stop();
    this.socket.disconnect();
  }

  private async handshake(): Promise<SocketHandshake> {
    const token = await this.credentials.token();
    this.token = token?.value;
    const { sessionId } = this.credentials;
    return {
      ...(token === undefined ? {} : { token: token.value }),
      ...(sessionId === undefined ? {} : { sessionId }),
    };
  }

  private noHandshake(error: unknown): void {
    this.socket.disconnect();
    const isPassing =
      error instanceof ParleyError && (error.status === 0 || error.status === 429 || error.status >= 500);
    if (isPassing) this.openIn(backoffMs((this.refusals += 1)));
    else this.fail(error);
  }

  private listen(): void {
    const { socket } = this;
    socket.on('connect', () => {
      this.connectedAt = Date.now();
      this.refusal = undefined;
      this.renewal.plan(this.token);
      this.emit('up', undefined);
    });
    socket.on('disconnect', (reason) => {
      this.renewal.stop();
      if (Date.now() - this.connectedAt > GOOD_AFTER_MS) this.refusals = 0;
      this.emit('down', { reason });
      // Otherwise socket.io-client comes back by itself.
      if (reason === 'io server disconnect') void this.comeBack(false);
    });
    socket.on('connect_error', (error) => {
      // Nobody is there: socket.io-client tries again by itself.
      if (socket.active) return;
      const { data } = error as Error & { data?: { code: string; detail: string; retryAfter?: number } };
      this.refusal = new ParleyError({ code: 'CLIENT.REFUSED', detail: error.message, ...data });
      void this.comeBack(true);
    });
    socket.on('chat-error', (error) => {
      // What was asked for was answered already.
      if (error.event !== undefined) return;
      this.refusal = socketError(error);
      if (error.code === TOKEN_EXPIRING && this.credentials.canRenew) this.renewal.now(this.token);
      else this.emit('told', this.refusal);
    });
  }

  /** After a refused handshake, and after the backend has ended the connection. */
  private async comeBack(isRefused: boolean): Promise<void> {
    const { refusal } = this;
    this.refusal = undefined;
    this.refusals += 1;
    const isLogin = refusal?.code.startsWith('AUTH.') === true;
    // Whoever was let in once may try again: should it be over, the handshake says so.
    const isFinal = isRefused && refusal?.retryAfter === undefined && !(isLogin && this.credentials.canRenew);
    if (isFinal || this.refusals > MAX_REFUSALS) {
      const error = { code: 'CLIENT.REFUSED', detail: 'The backend ends every connection.' };
      return this.fail(refusal ?? new ParleyError(error));
    }
    try {
      if (isLogin) await this.credentials.renewed(this.token);
    } catch (error) {
      return this.noHandshake(error);
    }
    this.openIn(refusal?.retryAfter === undefined ? backoffMs(this.refusals) : refusal.retryAfter * 1000);
  }

  private openIn(ms: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.open(), ms);
  }

  private fail(error: unknown): void {
    this.refusals = 0;
    const failure =
      error instanceof ParleyError
        ? error
        : new ParleyError({ code: 'CLIENT.NO_TOKEN', detail: 'There is no token to connect with.', cause: error });
    this.emit('failed', failure);
  }
}
