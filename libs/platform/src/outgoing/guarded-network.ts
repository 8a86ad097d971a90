import { lookup as lookupName } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { Agent, buildConnector, type Dispatcher } from 'undici';
import { NetworkFailure, networkFailureOf } from './network-failure';
import { isPublicAddress } from './public-address';

/** Time for a connection including its TLS, in milliseconds; undici's own default. */
const CONNECT_TIMEOUT_MS = 10_000;

export interface GuardedNetworkOptions {
  /** Which IP addresses may be connected to; without it those of the public internet. */
  permits?: (address: string) => boolean;
  /** Connections to one origin at a time; without it as many as there are requests. */
  connections?: number;
}

export interface GuardedRequest {
  method?: Dispatcher.HttpMethod;
  headers?: Record<string, string>;
  body?: string | Buffer;
  /** For all of it, from the name's lookup to the last byte of the answer, in milliseconds. */
  deadlineMs: number;
  /** Whatever ends it early besides. */
  signal?: AbortSignal;
  /** An answer whose body is longer, in bytes, is not taken. */
  maxBytes: number;
}

export interface GuardedAnswer {
  status: number;
  /** Names in lower case; several of one name are joined with `, `. */
  headers: Record<string, string>;
  body: Buffer;
}

/** The host of an address as `node:net` knows it: without the brackets of IPv6. */
const hostOf = (hostname: string): string => hostname.replace(/^\[|\]$/g, '');

/**
 * HTTP to servers that others named. The very address that is connected to is checked, so neither a name that changes between a check and a use nor
 * a notation gets around it; redirects are answers like others; bodies and time are bounded.
 */
export class GuardedNetwork {
  private readonly permits: (address: string) => boolean;
  private readonly agent: Agent;

  constructor({ permits = isPublicAddress, connections }: GuardedNetworkOptions = {}) {
    this.permits = permits;
    const connect = buildConnector({ lookup: this.lookup, timeout: CONNECT_TIMEOUT_MS, allowH2: false });
    this.agent = new Agent({
      ...(connections === undefined ? {} : { connections }),
      connect: (options, callback) => {
        // An address in place of a name is connected to without a lookup.
        if (this.permitsHost(options.hostname)) connect(options, callback);
        else callback(NetworkFailure.refused(), null);
      },
    });
  }

  /** For connections that do not go through `request`, such as WebSockets; `problemOf` has to be asked before, as addresses are not looked up. */
  readonly lookup: LookupFunction = (hostname, options, callback) => {
    lookupName(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return callback(error, '', 0);
      const usable = addresses.filter(({ address }) => this.permits(address));
      const first = usable[0];
      if (first === undefined) return callback(NetworkFailure.refused(), '', 0);
      return options.all === true ? callback(null, usable) : callback(null, first.address, first.family);
    });
  };

  /** What is wrong with an address, as far as that can be told without asking for its name; null when nothing is. */
  problemOf(url: string): string | null {
    const target = URL.canParse(url) ? new URL(url) : null;
    if (target === null || !/^(?:https?|wss?):$/.test(target.protocol)) return 'must be an http or https URL';
    if (target.username !== '' || target.password !== '') return 'must not contain a user or password';
    return this.permitsHost(target.hostname) ? null : 'must be a server on the public internet';
  }

  /** @throws NetworkFailure when there is no answer, or none that is taken; whatever its status, an answer is an answer */
  async request(url: string | URL, request: GuardedRequest): Promise<GuardedAnswer> {
    const problem = this.problemOf(String(url));
    if (problem !== null) throw new NetworkFailure('refused', problem, false);
    const deadline = AbortSignal.timeout(request.deadlineMs);
    const signal = request.signal === undefined ? deadline : AbortSignal.any([deadline, request.signal]);
    try {
      const answer = await this.agent.request({
        origin: new URL(url).origin,
        path: `${new URL(url).pathname}${new URL(url).search}`,
        method: request.method ?? 'GET',
        headers: { 'user-agent': 'Parley', ...request.headers },
        body: request.body ?? null,
        signal,
        // The one deadline above counts.
        headersTimeout: 0,
        bodyTimeout: 0,
      });
      const headers = joined(answer.headers);
      return { status: answer.statusCode, headers, body: await bounded(answer, headers, request.maxBytes) };
    } catch (error) {
      throw networkFailureOf(error, deadline.aborted ? request.deadlineMs : null);
    }
  }

  /** Ends the connections that are kept open. */
  async close(): Promise<void> {
    await this.agent.destroy();
  }

  private permitsHost(hostname: string): boolean {
    const host = hostOf(hostname);
    return isIP(host) === 0 || this.permits(host);
  }
}

function joined(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  const pairs = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), [value ?? ''].flat().join(', ')]);
  return Object.fromEntries(pairs) as Record<string, string>;
}

async function bounded(
  answer: Dispatcher.ResponseData,
  headers: Record<string, string>,
  maxBytes: number,
): Promise<Buffer> {
  const tooLarge = (): NetworkFailure => new NetworkFailure('too-large', `its answer is longer than ${maxBytes} bytes`);
  if (Number(headers['content-length'] ?? 0) > maxBytes) {
    // Ending it early is an error to the stream.
    answer.body.on('error', () => undefined).destroy();
    throw tooLarge();
  }
  const chunks: Buffer[] = [];
  let bytes = 0;
  // Leaving the loop with an error ends the connection.
  for await (const chunk of answer.body as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
