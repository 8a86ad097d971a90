import type { Credentials } from './credentials.js';
import { ParleyError } from './parley-error.js';
import { backoffMs, pause } from './waiting.js';

/** Methods that do the same however often they come (RFC 9110, section 9.2.2). */
const REPEATABLE = new Set(['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS']);
/** The answers after which the same request may go well: too many, and what proxies say when nobody is behind them. */
const PASSING = new Set([429, 502, 503, 504]);

/** The routes of the support chat, which a workspace's public key opens. */
const SUPPORT_CHAT = '/api/v1/chat/';

export interface HttpOptions {
  fetch: (request: Request) => Promise<Response>;
  /** How often a request is made in all. */
  maxTries: number;
  /** A longer `Retry-After` is not waited for: the error comes at once, with `retryAfter`. */
  maxWaitMs: number;
}

/** Requests with credentials, and tries again where that is safe. */
export class Http {
  constructor(
    readonly options: HttpOptions,
    private readonly credentials: Credentials | undefined,
  ) {}

  /** @throws ParleyError for every answer that is no success, or the reason of the request's signal */
  async fetch(request: Request): Promise<Response> {
    const isRepeatable = REPEATABLE.has(request.method) || request.headers.has('idempotency-key');
    for (let tries = 1; ; tries += 1) {
      const error = await this.withLogin(request.clone()).catch((failure: unknown) => {
        if (failure instanceof ParleyError) return failure;
        throw failure;
      });
      if (error instanceof Response) return error;
      const isPassing = error.code === 'CLIENT.UNREACHABLE' || PASSING.has(error.status);
      const waitMs = error.retryAfter === undefined ? backoffMs(tries) : error.retryAfter * 1000;
      if (!isPassing || !isRepeatable || tries >= this.options.maxTries || waitMs > this.options.maxWaitMs) throw error;
      await pause(waitMs, request.signal);
    }
  }

  /** One request, and a second one when the token was refused and there is a newer one. */
  private async withLogin(request: Request): Promise<Response> {
    const { credentials } = this;
    if (credentials === undefined) return this.once(request);
    // Only where it counts: on a page of another site every header of ours has to be allowed first.
    if (credentials.publicKey !== undefined && request.url.includes(SUPPORT_CHAT)) {
      request.headers.set('x-parley-key', credentials.publicKey);
    }
    if (request.headers.has('authorization')) return this.once(request);
    const token = await credentials.token();
    if (token === undefined) return this.once(request);
    const again = credentials.canRenew ? request.clone() : undefined;
    request.headers.set('authorization', `Bearer ${token.value}`);
    try {
      return await this.once(request);
    } catch (error) {
      if (again === undefined || !(error instanceof ParleyError) || error.status !== 401) throw error;
      const newer = await credentials.renewed(token.value);
      again.headers.set('authorization', `Bearer ${newer.value}`);
      return this.once(again);
    }
  }

  private async once(request: Request): Promise<Response> {
    let response: Response;
    try {
      response = await this.options.fetch(request);
    } catch (error) {
      request.signal.throwIfAborted();
      throw ParleyError.unreachable(new URL(request.url).origin, error);
    }
    if (!response.ok) throw await ParleyError.from(response);
    return response;
  }
}
