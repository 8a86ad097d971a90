import type { components } from './generated/rest.js';
import { Credentials, type CredentialOptions } from './http/credentials.js';
import { Http } from './http/http.js';
import { newId } from './http/ids.js';
import { Realtime, type RealtimeOptions } from './realtime/realtime.js';
import { createRest, type Rest } from './rest/rest.js';
import { TurnStream } from './stream/turn-stream.js';

export interface ParleyOptions extends CredentialOptions {
  /** Where the backend is, such as `https://chat.example.com`; a path is kept. In browsers the page's own origin by default. */
  baseUrl?: string;
  /** Instead of the global one, for proxies, logs and tests. */
  fetch?: typeof fetch;
  /** How often a request is made in all when it may be repeated; 6 by default. */
  maxTries?: number;
  /** The longest `Retry-After` that is waited for, in milliseconds; 30,000 by default. */
  maxWaitMs?: number;
}

export interface SendOptions {
  /** Stops reading. The reply is written all the same; `cancel()` of the stream stops that. */
  signal?: AbortSignal;
  /** False: only the last event comes, with the whole reply. */
  stream?: boolean;
  images?: components['schemas']['SendMessageDto']['images'];
  /** Made by the client unless you bring one, to send the same message again after your program was restarted. */
  idempotencyKey?: string;
}

export interface Parley {
  /** Every route, typed. */
  readonly rest: Rest;
  /** Says something and reads the reply along, whatever happens to the connections. Nothing is sent before it is read. */
  send(conversationId: number, content: string, options?: SendOptions): TurnStream;
  /** Reads any turn along, from its beginning: one that waits, is being written, or is over. */
  watch(turnId: number, options?: { signal?: AbortSignal }): TurnStream;
  /** A connection for real time; it connects when something is joined, and lasts until `close()`. */
  realtime(options?: RealtimeOptions): Realtime;
}

const JSON_AND_KEY = (key: string): Record<string, string> => ({
  'content-type': 'application/json',
  'idempotency-key': key,
});

/** A client of one backend for one person. */
export function createParley(options: ParleyOptions = {}): Parley {
  const page = (globalThis as { location?: { origin: string } }).location;
  const baseUrl = (options.baseUrl ?? page?.origin ?? '').replace(/\/+$/, '');
  const httpOptions = {
    fetch: options.fetch ?? ((request: Request) => globalThis.fetch(request)),
    maxTries: options.maxTries ?? 6,
    maxWaitMs: options.maxWaitMs ?? 30_000,
  };
  // Tokens are exchanged without a login: the one that there was has ended.
  const open = createRest(baseUrl, new Http(httpOptions, undefined));
  const credentials = new Credentials(options, async (refreshToken) => {
    const { data } = await open.POST('/auth/refresh', { body: { refresh_token: refreshToken } });
    return { token: data.access_token, refreshToken: data.refresh_token, expiresInMs: data.expires_in * 1000 };
  });
  const http = new Http(httpOptions, credentials);
  const rest = createRest(baseUrl, http);
  const source = {
    events: (turnId: number, after: number, signal: AbortSignal) =>
      http.fetch(
        new Request(`${baseUrl}/chat/turns/${turnId}/events`, {
          headers: { accept: 'text/event-stream', ...(after === 0 ? {} : { 'last-event-id': String(after) }) },
          signal,
        }),
      ),
    cancel: async (turnId: number) => {
      await rest.POST('/chat/turns/{turn_id}/cancel', { params: { path: { turn_id: turnId } } });
    },
  };
  return {
    rest,
    send(conversationId, content, { signal, stream = true, images, idempotencyKey = newId() } = {}) {
      const send = (connection: AbortSignal): Promise<Response> =>
        http.fetch(
          new Request(`${baseUrl}/chat/conversations/${conversationId}/send`, {
            method: 'POST',
            headers: { accept: 'text/event-stream', ...JSON_AND_KEY(idempotencyKey) },
            body: JSON.stringify({ content, ...(images === undefined ? {} : { images }) }),
            signal: connection,
          }),
        );
      return new TurnStream({ ...source, send }, { signal, onlyEnd: !stream });
    },
    watch: (turnId, { signal } = {}) => new TurnStream({ ...source, send: undefined }, { signal, turnId }),
    realtime: (realtimeOptions) => new Realtime(baseUrl, credentials, realtimeOptions),
  };
}
