import { Agent as HttpAgent, type ClientRequest, type IncomingMessage, request as requestHttp } from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import { parseJson, objectOf } from './untyped-json';

/** Connections are kept for the next attempt; how many there are at once is what the worker's concurrency allows. */
const AGENT_OPTIONS = {
  keepAlive: true,
  maxFreeSockets: 64,
  // As for fetch: NODE_USE_ENV_PROXY=1 makes HTTP_PROXY, HTTPS_PROXY and NO_PROXY count.
  ...(process.env.NODE_USE_ENV_PROXY === '1' ? { proxyEnv: process.env } : {}),
};
const agents = { http: new HttpAgent(AGENT_OPTIONS), https: new HttpsAgent(AGENT_OPTIONS) };

/** Where an upstream complains at greater length, nobody reads on. */
const MAX_COMPLAINT_BYTES = 100_000;

const bodies = new WeakMap<Response, IncomingMessage>();

/**
 * `fetch` for the official client, on Node's own HTTP: the built-in fetch takes three times the CPU for a streamed answer. The body of a good
 * answer is not in the `Response` but in `bodyOf(response)`. Redirects are not followed: the key is for the configured host only.
 */
export async function streamingFetch(url: string | URL | Request, init: RequestInit = {}): Promise<Response> {
  const message = await send(new URL(url instanceof Request ? url.url : url), init);
  const status = message.statusCode ?? 0;
  const headers = headersOf(message);
  if (status < 200 || status > 299) return complaintOf(message, status, headers);
  const response = new Response(null, { status, headers });
  bodies.set(response, message);
  return response;
}

/** The bytes of an answer that `streamingFetch` got. */
export function bodyOf(response: Response): IncomingMessage {
  const body = bodies.get(response);
  if (body === undefined) throw new Error('This answer did not come from streamingFetch.');
  return body;
}

async function send(url: URL, init: RequestInit): Promise<IncomingMessage> {
  const isSecure = url.protocol === 'https:';
  const headers = Object.fromEntries(new Headers(init.headers));
  const payload = typeof init.body === 'string' ? init.body : undefined;
  // Compressed, an event would arrive when the next ones have filled the compressor's window.
  headers['accept-encoding'] = 'identity';
  if (payload !== undefined) headers['content-length'] = String(Buffer.byteLength(payload));
  const request = (isSecure ? requestHttps : requestHttp)(url, {
    method: init.method,
    headers,
    agent: isSecure ? agents.https : agents.http,
    signal: init.signal ?? undefined,
  });
  request.setNoDelay(true);
  const message = await answerTo(request, payload).catch((cause: unknown) => {
    // As fetch reports it: the client keeps the cause of an error, but not its code.
    throw new TypeError('fetch failed', { cause });
  });
  message.on('error', () => undefined);
  return message;
}

function answerTo(request: ClientRequest, payload: string | undefined): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  request.once('response', resolve);
  // Stays for as long as the request: a later failure, when it is over, has nobody to tell.
  request.on('error', reject);
  // Some answers (101, for one) end a request without a response and without an error.
  request.once('close', () => reject(new Error('the connection was closed without an answer')));
  request.end(payload);
  return promise;
}

function headersOf(message: IncomingMessage): Headers {
  const headers = new Headers();
  for (const [name, values] of Object.entries(message.headersDistinct)) {
    for (const value of values ?? []) headers.append(name, value);
  }
  return headers;
}

/**
 * The client keeps only `error` of a failed answer. Other servers put their reason elsewhere (`detail`, `message`, a bare
 * string), so it is moved to where the client looks.
 */
async function complaintOf(message: IncomingMessage, status: number, headers: Headers): Promise<Response> {
  // When the body cannot be read to its end, the status alone must do.
  const text = await readText(message).catch(() => '');
  const body = parseJson(text);
  const reason = objectOf(body) ?? { message: redirection(status, headers) ?? text.slice(0, 500) };
  const wrapped = objectOf(reason.error)
    ? reason
    : { error: typeof reason.error === 'string' ? { message: reason.error } : reason };
  headers.delete('content-encoding');
  headers.delete('content-length');
  return new Response(JSON.stringify(wrapped), { status: isAllowed(status) ? status : 502, headers });
}

/** What the constructor of `Response` takes together with a body. */
const isAllowed = (status: number): boolean => status >= 300 && status <= 599 && status !== 304;

function redirection(status: number, headers: Headers): string | undefined {
  const location = headers.get('location');
  if (status > 399 || location === null) return undefined;
  return `redirects to ${location.split('?')[0]}; OPENAI_BASE_URL must name the address that answers itself`;
}

/** A body as text; what is longer than the limit is cut, and the connection with it. */
export async function readText(message: IncomingMessage, maxBytes = MAX_COMPLAINT_BYTES): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > maxBytes) break;
  }
  return Buffer.concat(chunks).subarray(0, maxBytes).toString();
}
