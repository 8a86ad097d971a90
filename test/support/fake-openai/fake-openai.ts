import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerControl } from './control';
import { FakeConversations } from './conversations';
import { directiveIn, parseDirective } from './directive';
import { ModelLimits } from './model-limits';
import { FakeModels } from './models';
import { Player } from './player';
import { RequestLog, type LoggedRequest } from './request-log';
import type { Scenario, ScenarioLike } from './scenario';
import { refusalOf } from './validation';

/**
 * A fake OpenAI server that speaks the real protocol, validates requests as OpenAI does, and misbehaves on demand.
 * Which scenario answers a request, in this order: a directive in its last user message, the queue filled by `next`, the
 * one set by `always`, the echo `You said: …`.
 */
export class FakeOpenAI {
  readonly log = new RequestLog();
  readonly conversations = new FakeConversations();
  /** What each model allows; without a limit there is plenty. */
  readonly limits = new ModelLimits();
  /** What `GET /v1/models` shows. */
  readonly models = new FakeModels();
  private server: Server | null = null;
  private queue: Scenario[] = [];
  private standing: Scenario | null = null;
  private special: { isMeant: (request: LoggedRequest) => boolean; scenario: Scenario } | null = null;
  private standingForConversations: Scenario | null = null;
  private readonly directiveUses = new Map<string, number>();
  private acceptedKeys: Set<string> | null;
  private readonly numbersAnswers: boolean;

  /**
   * @param options.keys the API keys it takes; default: any
   * @param options.numbersAnswers the echo says the request's number, so that two replies to the same words differ
   */
  constructor(options: { keys?: string[]; numbersAnswers?: boolean } = {}) {
    this.numbersAnswers = options.numbersAnswers ?? false;
    this.acceptedKeys = options.keys ? new Set(options.keys) : null;
  }

  /** From now on only these API keys are taken. */
  acceptKeys(...keys: string[]): this {
    this.acceptedKeys = new Set(keys);
    return this;
  }

  /** Listens on 127.0.0.1; port 0 (the default) is any free one. Returns the base URL for clients. */
  async start(port = 0): Promise<string> {
    const server = createServer((request, response) => {
      this.handle(request, response).catch((error: unknown) => {
        if (!response.headersSent) response.writeHead(500, { 'content-type': 'text/plain' });
        response.end(String(error));
      });
    });
    server.keepAliveTimeout = 65_000;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', resolve);
    });
    this.server = server;
    return this.baseUrl;
  }

  /** Closes every connection, hanging ones included. */
  async stop(): Promise<void> {
    const server = this.server;
    this.server = null;
    if (!server) return;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeAllConnections();
    await closed;
  }

  get origin(): string {
    if (!this.server) throw new Error('The fake OpenAI server is not started.');
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** For OPENAI_BASE_URL. */
  get baseUrl(): string {
    return `${this.origin}/v1`;
  }

  /** The completion requests received, oldest first (not those for `/models` and `/conversations`). */
  get requests(): readonly LoggedRequest[] {
    return this.log.entries.filter(({ api }) => api === 'responses' || api === 'chat');
  }

  /** Answers the next requests, one scenario each, in this order; then the standing scenario is back. */
  next(...scenarios: ScenarioLike[]): this {
    this.queue.push(...scenarios.map(asScenario));
    return this;
  }

  /** Answers every request from now on that the queue does not answer; null restores the echo. */
  always(scenario: ScenarioLike | null): this {
    this.standing = scenario === null ? null : asScenario(scenario);
    return this;
  }

  /** Answers every request from now on that is meant, whatever else was said. */
  alwaysFor(isMeant: (request: LoggedRequest) => boolean, scenario: ScenarioLike): this {
    this.special = { isMeant, scenario: asScenario(scenario) };
    return this;
  }

  /** The requests for `/conversations…`, oldest first. */
  get conversationRequests(): readonly LoggedRequest[] {
    return this.log.entries.filter(({ api }) => api === 'conversations');
  }

  /** Answers every request for `/conversations…` from now on; null restores the conversations. */
  alwaysConversations(scenario: ScenarioLike | null): this {
    this.standingForConversations = scenario === null ? null : asScenario(scenario);
    return this;
  }

  /** Forgets scenarios, conversations and log. */
  reset(): void {
    this.special = null;
    this.queue = [];
    this.standing = null;
    this.standingForConversations = null;
    this.conversations.clear();
    this.directiveUses.clear();
    this.limits.clear();
    this.models.reset();
    this.log.clear();
  }

  /** Resolves when `count` completion requests have come, whatever became of them. */
  waitForRequests(count: number, timeoutMs?: number): Promise<void> {
    return this.log.waitFor(() => this.requests.length >= count, timeoutMs);
  }

  /** Resolves when every request has an outcome. */
  waitUntilIdle(timeoutMs?: number): Promise<void> {
    return this.log.waitFor((entries) => entries.every(({ outcome }) => outcome !== 'open'), timeoutMs);
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? '/').split('?')[0] ?? '/';
    const body = parse(await read(request));
    if (path.startsWith('/__control/')) {
      answerControl(this, request.method ?? 'GET', path.slice('/__control/'.length), body, response);
      return;
    }
    const entry = this.log.add(received(request, path, body));
    this.log.update(entry, { context: this.conversations.contextOf(body) });
    const rate = this.limits.take(entry.model ?? '', entry.receivedAt);
    const scenario = rate.refusal ?? this.scenarioFor(entry, body);
    const isAnswer =
      (entry.api === 'responses' || entry.api === 'chat') && scenario !== 'own' && scenario.type !== 'error';
    const player = new Player(
      entry,
      response,
      this.log,
      rate.headers,
      isAnswer ? this.conversations.begin(body) : undefined,
      this.numbersAnswers,
    );
    if (entry.api === 'conversations' && scenario === 'own') {
      const query = new URL(request.url ?? '/', 'http://fake').searchParams;
      const answer = this.conversations.answer(entry.method, path.slice('/v1'.length), query, body);
      if (!('body' in answer)) return player.play(answer);
      this.log.update(entry, { status: 200, scenario: 'conversations' });
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(answer.body));
      return;
    }
    if (scenario === 'own') {
      this.log.update(entry, { status: 200, scenario: 'models' });
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(this.models.list()));
      this.log.end(entry, 'completed');
      return;
    }
    this.log.update(entry, { scenario: scenario.type });
    await player.play(scenario);
  }

  private scenarioFor(entry: LoggedRequest, body: Record<string, unknown> | null): Scenario | 'own' {
    if (!entry.apiKey) {
      return { type: 'error', status: 401, code: null, message: "You didn't provide an API key." };
    }
    if (this.acceptedKeys && !this.acceptedKeys.has(entry.apiKey)) return { type: 'error', status: 401 };
    const { api } = entry;
    if (api === 'models') {
      // A standing refusal, such as a bad key or an outage, concerns every path.
      if (this.standing?.type === 'error' || this.standing?.type === 'hang') return this.standing;
      return this.models.list() === null
        ? { type: 'error', status: 404, code: null, message: 'Invalid URL (GET /v1/models)' }
        : 'own';
    }
    if (api === 'conversations') {
      if (this.standingForConversations !== null) return this.standingForConversations;
      return this.standing?.type === 'error' || this.standing?.type === 'hang' ? this.standing : 'own';
    }
    if (api === 'other') {
      return { type: 'error', status: 404, code: null, message: `Invalid URL (${entry.method} ${entry.path})` };
    }
    const refusal = refusalOf(api, body) ?? (api === 'responses' ? this.conversations.refusalOf(body) : null);
    if (refusal) return refusal;
    if (this.special?.isMeant(entry) === true) return this.special.scenario;
    return this.directed(entry.lastUserMessage ?? '') ?? this.queue.shift() ?? this.standing ?? { type: 'reply' };
  }

  private directed(message: string): Scenario | null {
    const directive = directiveIn(message);
    if (!directive) return null;
    const used = this.directiveUses.get(message) ?? 0;
    this.directiveUses.set(message, used + 1);
    return used < directive.times ? directive.scenario : null;
  }
}

function asScenario(scenario: ScenarioLike): Scenario {
  return typeof scenario === 'string' ? parseDirective(scenario).scenario : scenario;
}

function received(
  request: IncomingMessage,
  path: string,
  body: Record<string, unknown> | null,
): Omit<LoggedRequest, 'number'> {
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
  return {
    method: request.method ?? '',
    path,
    api: apiOf(request.method ?? '', path),
    headers,
    apiKey: /^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1] ?? null,
    body: body ?? {},
    model: typeof body?.model === 'string' ? body.model : null,
    isStream: body?.stream === true,
    lastUserMessage: lastUserMessage(body),
    context: [],
    scenario: 'none',
    answerId: null,
    receivedAt: Date.now(),
    firstTokenAt: null,
    endedAt: null,
    status: null,
    outcome: 'open',
    pieces: 0,
    sent: '',
    usage: null,
  };
}

function apiOf(method: string, path: string): LoggedRequest['api'] {
  if (/^\/v1\/conversations(\/|$)/.test(path)) return 'conversations';
  const paths = { '/v1/responses': 'responses', '/v1/chat/completions': 'chat', '/v1/models': 'models' } as const;
  const expected = path === '/v1/models' ? 'GET' : 'POST';
  return method === expected && path in paths ? paths[path as keyof typeof paths] : 'other';
}

function lastUserMessage(body: Record<string, unknown> | null): string | null {
  const list = body?.input ?? body?.messages;
  if (typeof list === 'string') return list;
  if (!Array.isArray(list)) return null;
  const last = (list as { role?: string; content?: unknown }[]).filter(({ role }) => role === 'user').at(-1);
  if (typeof last?.content === 'string') return last.content;
  return Array.isArray(last?.content)
    ? (last.content as { text?: string }[]).map(({ text }) => text ?? '').join('')
    : null;
}

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

function parse(text: string): Record<string, unknown> | null {
  try {
    const value = JSON.parse(text) as unknown;
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
