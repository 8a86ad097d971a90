import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { FakeAccount, FakeMedia } from './accounts';
import { CallLog, type GraphCall, type SentMessage } from './call-log';
import { errorBody, type GraphError, graphError } from './graph-errors';
import { FakeMeta } from './fake-meta';
import { whatsAppStatus } from './hook-bodies';
import { type HookAnswer, sendHook } from './hook-sender';
import { receive } from './requests';
import type { GraphScenario } from './scenario';

/**
 * A fake of Meta's Graph API: `graph.facebook.com` for WhatsApp and `graph.instagram.com` in one. It takes what Meta takes, refuses what Meta refuses
 * with Meta's own bodies, remembers every call, and misbehaves on demand. Scenarios are for messages only, unless they are said to be for others.
 */
export class FakeGraph {
  readonly log = new CallLog();
  /** After a message was taken these statuses are sent to each of `hookUrls`, in this order. */
  autoStatuses: string[] = [];
  hookUrls: string[] = [];
  /** Called with each message that was taken. */
  onTaken: (message: SentMessage) => void = () => undefined;
  private server: Server | null = null;
  private readonly meta = new FakeMeta(this.log, (message) => {
    this.onTaken(message);
    void this.sendAutoStatuses(message);
  });
  private queue: GraphScenario[] = [];
  private standing: { isMeant: (call: GraphCall) => boolean; scenario: GraphScenario } | null = null;
  private held: (() => void)[] = [];

  /** Listens on 127.0.0.1; port 0 is any free one. @returns what GRAPH_BASE_URL is to be */
  async start(port = 0): Promise<string> {
    const server = createServer((request, response) => {
      this.handle(request, response).catch((error: unknown) => {
        if (!response.headersSent) response.writeHead(500, { 'content-type': 'text/plain' });
        response.end(String(error));
      });
    });
    server.keepAliveTimeout = 65_000;
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    this.server = server;
    return this.baseUrl;
  }

  async stop(): Promise<void> {
    const server = this.server;
    this.server = null;
    if (!server) return;
    this.release();
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  }

  get baseUrl(): string {
    if (!this.server) throw new Error('The fake Graph API is not started.');
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** At least so many milliseconds between two messages of one number to one person, else 131056; 0: no limit. Meta: about 6,000, with bursts. */
  set pairRateMs(pairRateMs: number) {
    this.meta.pairRateMs = pairRateMs;
  }

  /** A number that it knows from now on. */
  addWhatsApp(change: Partial<FakeAccount> = {}): FakeAccount {
    return this.meta.addWhatsApp(change);
  }

  addInstagram(change: Partial<FakeAccount> = {}): FakeAccount {
    return this.meta.addInstagram(change);
  }

  /** A file that somebody has sent: its `id` for WhatsApp, `url` for Instagram. */
  addMedia(content: Buffer, contentType: string): FakeMedia & { url: string } {
    const media = this.meta.addMedia(content, contentType);
    return { ...media, url: `${this.baseUrl}/media-host/public/${media.id}` };
  }

  /** What becomes of the next messages, one scenario each. */
  next(...scenarios: GraphScenario[]): this {
    this.queue.push(...scenarios);
    return this;
  }

  /** The next messages are refused with these codes. */
  refuse(...codes: number[]): this {
    return this.next(...codes.map((code): GraphScenario => ({ type: 'error', error: graphError(code) })));
  }

  /** What becomes of every call that is meant, from now on; null: the usual. */
  always(
    scenario: GraphScenario | null,
    isMeant: (call: GraphCall) => boolean = ({ kind }) => kind === 'message',
  ): this {
    this.standing = scenario === null ? null : { isMeant, scenario };
    return this;
  }

  /** Lets go what is held. */
  release(): void {
    for (const go of this.held.splice(0)) go();
  }

  reset(): void {
    this.queue = [];
    this.standing = null;
    this.meta.reset();
    this.autoStatuses = [];
    this.release();
    this.log.clear();
  }

  get calls(): readonly GraphCall[] {
    return this.log.calls;
  }

  /** What people have got, oldest first. */
  get messages(): readonly SentMessage[] {
    return this.log.messages.filter(({ isDropped }) => !isDropped);
  }

  messagesTo(person: string): SentMessage[] {
    return this.messages.filter(({ to }) => to === person);
  }

  waitForMessages(count: number, timeoutMs?: number): Promise<void> {
    return this.log.waitFor(() => this.messages.length >= count, timeoutMs);
  }

  waitFor(condition: (fake: this) => boolean, timeoutMs?: number): Promise<void> {
    return this.log.waitFor(() => condition(this), timeoutMs);
  }

  /** Tells one URL what became of a message of WhatsApp, signed. */
  sendStatus(url: string, message: SentMessage, status: string, errorCode?: number): Promise<HookAnswer> {
    const secret = this.meta.secretOf(message.accountId);
    return sendHook(url, whatsAppStatus(message, status, errorCode), { secret });
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const call = this.log.add(await receive(request));
    response.once('close', () => {
      call.endedAt = Date.now();
      this.log.changed();
    });
    const scenario = this.scenarioFor(call);
    if (scenario?.type === 'cut') return void request.socket.destroy();
    if (scenario?.type === 'silent') return;
    if (scenario?.type === 'error') return this.refuseCall(call, response, scenario.error);
    if (scenario?.type === 'html') {
      call.status = scenario.status;
      response.writeHead(scenario.status, { 'content-type': 'text/html' });
      return void response.end('<!doctype html><title>Sorry, something went wrong.</title>');
    }
    if (scenario?.type === 'delay') await pause(scenario.delayMs);
    const answer = this.meta.answer(call, this.baseUrl);
    if (scenario?.type === 'taken-but-cut') return void request.socket.destroy();
    if (scenario?.type === 'taken-but-silent') return;
    if (scenario?.type === 'held') await new Promise<void>((resolve) => this.held.push(resolve));
    if ('code' in answer) return this.refuseCall(call, response, answer);
    call.status = 200;
    response.writeHead(200, { 'content-type': answer.contentType });
    response.end(answer.content);
  }

  private scenarioFor(call: GraphCall): GraphScenario | null {
    if (call.kind === 'message' && this.queue.length > 0) return this.queue.shift() ?? null;
    return this.standing?.isMeant(call) === true ? this.standing.scenario : null;
  }

  private refuseCall(call: GraphCall, response: ServerResponse, error: GraphError): void {
    call.status = error.status;
    call.errorCode = error.code;
    response.writeHead(error.status, {
      'content-type': 'application/json',
      'www-authenticate': `OAuth "Facebook Platform" "invalid_request"`,
      ...(error.retryAfter === undefined ? {} : { 'retry-after': String(error.retryAfter) }),
    });
    response.end(JSON.stringify(errorBody(error)));
  }

  private async sendAutoStatuses(message: SentMessage): Promise<void> {
    for (const status of [...this.autoStatuses]) {
      for (const url of this.hookUrls) await this.sendStatus(url, message, status).catch(() => undefined);
    }
  }
}
