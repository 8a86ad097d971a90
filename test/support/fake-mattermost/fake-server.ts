import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { AppError, errorBody, sessionExpired } from './app-error';
import { CallLog, type MattermostCall } from './call-log';
import { Faults, type Fault, RATE_LIMIT_HEADERS } from './faults';
import { newId } from './ids';
import { Publisher } from './publisher';
import type { FakeUser } from './records';
import { receive, type ReceivedRequest, withoutSecrets } from './requests';
import { findRoute, type Reply, type Route } from './router';
import { botRoutes } from './routes/bots';
import { channelRoutes } from './routes/channels';
import { integrationRoutes } from './routes/integrations';
import { postRoutes } from './routes/posts';
import { serverRoutes } from './routes/server';
import { teamRoutes } from './routes/teams';
import { userRoutes } from './routes/users';
import { type CommandInput, type CommandRun, runCommand, takeReply } from './slash-commands';
import { Sockets } from './sockets';
import { World } from './world';

const ROUTES: readonly Route[] = [
  ...botRoutes,
  ...channelRoutes,
  ...integrationRoutes,
  ...postRoutes,
  ...serverRoutes,
  ...teamRoutes,
  ...userRoutes,
];

const NOBODY: FakeUser = {
  ...{ id: '', username: '', isBot: false, roles: [], password: '', mfaCode: '', deleteAt: 0, createAt: 0 },
  ...{ displayName: '', description: '', ownerId: '' },
};

/** The HTTP side: routes, faults, the log of calls. */
export class FakeServer {
  readonly world = new World();
  readonly log = new CallLog();
  readonly faults = new Faults();
  readonly sockets = new Sockets(this.world, () => this.log.changed());
  readonly publisher = new Publisher(this.world, this.sockets, () => this.log.changed());
  /** Breaks every connection, as a network that is away. */
  isOffline = false;
  /** What `response_url` begins with; null: where the fake listens. */
  siteUrl: string | null = null;
  private server: Server | null = null;

  private readonly subPath: string;

  /** @param subPath below which it lives, without a slash at the end; empty: the root */
  constructor(subPath: string) {
    this.subPath = subPath;
  }

  async start(port: number): Promise<string> {
    const server = createServer((request, response) => {
      this.handle(request, response).catch((error: unknown) => {
        if (!response.headersSent) response.writeHead(500, { 'content-type': 'text/plain' });
        response.end(String(error));
      });
    });
    server.on('upgrade', (request, socket, head) => {
      if (this.isOffline || !request.url?.startsWith(`${this.subPath}/api/v4/websocket`)) return void socket.destroy();
      this.sockets.upgrade(request, socket, head);
    });
    server.keepAliveTimeout = 65_000;
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    this.server = server;
    return this.url;
  }

  async stop(): Promise<void> {
    const server = this.server;
    this.server = null;
    if (!server) return;
    this.sockets.drop();
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  }

  get url(): string {
    if (!this.server) throw new Error('The fake Mattermost is not started.');
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}${this.subPath}`;
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (this.isOffline) return void request.socket.destroy();
    const received = await receive(request, this.subPath);
    const caller = received.token === null ? undefined : this.world.ownerOf(received.token);
    const call = this.log.add({
      method: received.method,
      path: received.path,
      query: Object.fromEntries(received.query),
      headers: withoutSecrets(received.headers),
      body: received.body,
      userId: caller?.id ?? null,
    });
    response.once('close', () => {
      call.endedAt = Date.now();
      this.log.changed();
    });
    const { fault, delayMs } = this.faults.take(call.method, call.path);
    if (delayMs > 0) await pause(delayMs);
    if (fault?.status === 'reset') return void request.socket.destroy();
    if (fault?.status === 'hang') return;
    const reply = faultReply(fault) ?? (await this.answer(received, caller));
    if (fault?.status === 'lost-answer') return void request.socket.destroy();
    send(call, response, reply);
  }

  /** Somebody enters a slash command: `/trigger text`. @throws AppError */
  async runCommand(input: CommandInput): Promise<CommandRun> {
    const run = await runCommand(this.world, this.publisher, input, this.siteUrl ?? this.url);
    this.log.changed();
    return run;
  }

  private async answer(received: ReceivedRequest, caller: FakeUser | undefined): Promise<Reply> {
    try {
      return await this.route(received, caller);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      return { status: error.status, body: errorBody(error.status, error.errorId, error.message, newId()) };
    }
  }

  private route(received: ReceivedRequest, caller: FakeUser | undefined): Reply | Promise<Reply> {
    const body = (received.body ?? {}) as Record<string, unknown>;
    const hook = /^\/hooks\/commands\/([^/]+)$/.exec(received.path);
    if (hook && received.method === 'POST') {
      takeReply(this.world, this.publisher, hook[1] ?? '', body);
      return { status: 200, body: Buffer.from('ok'), headers: { 'content-type': 'text/plain' } };
    }
    const below = /^\/api\/v4(\/.*)$/.exec(received.path)?.[1];
    if (below === undefined) throw new AppError(404, 'api.context.404.app_error', 'Sorry, we could not find the page.');
    const { route, params } = findRoute(ROUTES, received.method, below);
    if (!caller && route.isPublic !== true) throw sessionExpired();
    return route.run({
      world: this.world,
      events: this.publisher,
      runCommand: (input) => this.runCommand(input),
      params,
      query: received.query,
      body,
      raw: received.raw,
      headers: received.headers,
      caller: caller ?? NOBODY,
      token: received.token ?? '',
    });
  }
}

/** What a fault answers instead; null: it is answered as usual. */
function faultReply(fault: Fault | null): Reply | null {
  if (!fault || fault.status === 'lost-answer') return null;
  if (fault.status === 'html') {
    const page = Buffer.from('<!doctype html><title>502 Bad Gateway</title>');
    return { status: 502, body: page, headers: { 'content-type': 'text/html', ...fault.headers } };
  }
  const status = Number(fault.status);
  // The rate limiter in front of Mattermost speaks plain text.
  const usual =
    status === 429
      ? Buffer.from('limit exceeded')
      : errorBody(status, 'fake.injected.app_error', 'The fake Mattermost was told to refuse that.', newId());
  return {
    status,
    body: fault.body ?? usual,
    headers: { ...(status === 429 ? { ...RATE_LIMIT_HEADERS, 'content-type': 'text/plain' } : {}), ...fault.headers },
  };
}

function send(call: MattermostCall, response: ServerResponse, reply: Reply): void {
  call.status = reply.status;
  response.writeHead(reply.status, {
    'content-type': 'application/json',
    'x-version-id': '11.9.0.11.9.0.fake.false',
    'x-request-id': newId(),
    ...reply.headers,
  });
  response.end(Buffer.isBuffer(reply.body) ? reply.body : JSON.stringify(reply.body));
}
